"""Two sentences with a gap each, held against each other: what the model expects in the one and not in the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.together import answer_together, hide
from lm_core.text.tokenization import Encoding, Tokenizer

_FILLINGS = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")  # {Texas|New York}


@dataclass(frozen=True)
class PieceContrast:
    """One piece of the vocabulary in both gaps; the first number of each pair belongs to the first sentence."""

    token: str
    token_id: int
    logits: tuple[float, float]  # what the masked-word head gave this piece
    log_sum_exps: tuple[float, float]  # the log of the sum of e^logit over the whole vocabulary
    ranks: tuple[int, int]  # of this piece among all, from 1

    @property
    def log_probs(self) -> tuple[float, float]:
        """ln p in each gap, in nats, 0 or less."""
        first, second = (logit - total for logit, total in zip(self.logits, self.log_sum_exps, strict=True))
        return first, second

    @property
    def log_ratio(self) -> float:
        """ln (p in the first / p in the second), in nats: above 0 where the first sentence expects the piece more."""
        first, second = self.log_probs
        return first - second


@dataclass(frozen=True, eq=False)
class Contrast:
    """The model's answers to both gaps."""

    encodings: tuple[Encoding, Encoding]
    logits: Tensor  # (2, vocab) float64, at the gap of each sentence

    @property
    def moved(self) -> float:
        """How much of the probability lies elsewhere in the second gap: half the sum of the differences over the whole
        vocabulary (total variation distance), between 0 and 1.
        """
        first, second = self.logits.softmax(dim=-1)
        return float((first - second).abs().sum()) / 2

    def pieces(self, token_ids: Sequence[int], tokenizer: Tokenizer) -> list[PieceContrast]:
        """Some pieces of the vocabulary in both gaps, in the order in which they are given."""
        own = self.logits[:, list(token_ids)]
        not_above = torch.searchsorted(self.logits.sort(dim=-1).values, own.contiguous(), right=True)
        ranks = 1 + self.logits.shape[-1] - not_above
        first_total, second_total = self.logits.logsumexp(dim=-1).tolist()
        return [
            PieceContrast(
                tokenizer.token(token_id), token_id, (first, second), (first_total, second_total), (one, other)
            )
            for token_id, first, second, one, other in zip(token_ids, *own.tolist(), *ranks.tolist(), strict=True)
        ]

    def top(self, top_k: int, tokenizer: Tokenizer) -> list[PieceContrast]:
        """The most probable pieces of either gap, the one that speaks most for the first sentence first.

        Args:
            top_k: how many of each sentence; those that are among the best of both count once.
            tokenizer: the one that encoded the sentences.
        """
        best = self.logits.topk(min(top_k, self.logits.shape[-1])).indices.flatten().tolist()
        pieces = self.pieces(list(dict.fromkeys(best)), tokenizer)
        return sorted(pieces, key=lambda piece: (-piece.log_ratio, piece.token_id))


def contrast(lm: LanguageModel, sentences: tuple[str, str]) -> Contrast:
    """Ask the model for the gap of each of two sentences, in one forward pass.

    Args:
        lm: who answers.
        sentences: each with one [MASK] in the part that the model reads.

    Raises:
        InputError: a sentence is blank, or has no gap, or several.
    """
    first, second = (_with_one_gap(lm, sentence) for sentence in sentences)
    variants = [hide(each, (), lm.tokenizer.mask_id, each.masked_positions) for each in (first, second)]
    one, other = answer_together(lm, variants)
    logits = torch.cat([one.prediction_logits, other.prediction_logits]).double()
    return Contrast((first, second), logits)


def both_fillings(template: str) -> tuple[str, str] | None:
    """Two sentences out of one: `In {Texas|New York} it [MASK].` with the left filling, and with the right one.

    Every pair of fillings is filled alike; None where the text has none.
    """
    if not _FILLINGS.search(template):
        return None
    return _FILLINGS.sub(r"\1", template), _FILLINGS.sub(r"\2", template)


def _with_one_gap(lm: LanguageModel, sentence: str) -> Encoding:
    """What the model reads of a sentence, with one gap in it."""
    encoding = lm.encode(sentence)
    if not encoding.masked_positions:
        raise InputError("Put [MASK] where a word is to be guessed: the model reads none in {text}.", text=sentence)
    if len(encoding.masked_positions) > 1:
        raise InputError(
            "One [MASK] in each sentence, please: there are {count} in {text}.",
            count=len(encoding.masked_positions),
            text=sentence,
        )
    return encoding
