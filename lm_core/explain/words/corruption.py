"""The game that a masked language model is trained by: words hidden at random, and the loss that is paid for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.explain.together import Variant, answer_together
from lm_core.explain.words.prediction import MaskAnswer, read_answer
from lm_core.text.masking import NOT_SCORED, corrupt
from lm_core.text.tokenization import Encoding, Tokenizer

Kind = Literal["masked", "random", "kept"]
KINDS: tuple[Kind, ...] = ("masked", "random", "kept")
_AT_ONCE = 8  # draws whose logits are in memory together


@dataclass(frozen=True)
class Draw:
    """One corruption of a text."""

    input_ids: tuple[int, ...]  # what the model sees
    labels: tuple[int, ...]  # the id that stood there, -100 where it is not asked for

    @property
    def scored_positions(self) -> tuple[int, ...]:
        """Where it is asked for."""
        return tuple(position for position, label in enumerate(self.labels) if label != NOT_SCORED)

    def kind(self, position: int, mask_id: int) -> Kind:
        """What the model sees at a scored position: [MASK], another piece, or what stood there."""
        if self.input_ids[position] == mask_id:
            return "masked"
        return "kept" if self.input_ids[position] == self.labels[position] else "random"


@dataclass(frozen=True)
class ScoredPiece:
    """What is paid for one piece."""

    kind: Kind
    answer: MaskAnswer  # with the piece that stood there as its original
    loss: float  # nats: −ln of the probability of what stood there

    @property
    def bits(self) -> float:
        """The same in bits: −log2 of the probability."""
        return self.loss / math.log(2)


@dataclass(frozen=True)
class RateLoss:
    """What is paid on average at one masking rate."""

    rate: float  # share of the pieces, or of the words, that is chosen
    loss: float  # nats a scored piece, the mean over all of them in all draws
    by_kind: tuple[float | None, ...]  # the same for each of KINDS; None where none was drawn
    scored: float  # pieces a draw, on average


def draw_corruptions(
    encoding: Encoding, tokenizer: Tokenizer, *, rate: float, seed: int, count: int = 1, whole_words: bool = False
) -> list[Draw]:
    """Corrupt a text as training does, with `lm_core.text.batching.corrupt`; the same seed draws the same.

    Args:
        encoding: of the text, with nothing hidden; a [MASK] that the reader typed is never asked for.
        tokenizer: the one that encoded it.
        rate: share of the pieces that is chosen, at least one; with whole words, of the words.
        seed: of the generator.
        count: draws.
        whole_words: whether all pieces of a word are chosen together; each of them is then corrupted by itself, as in
            google-research/bert's whole word masking.
    """
    generator = torch.Generator().manual_seed(seed)
    ids = torch.tensor([encoding.original_ids]).repeat(count, 1)
    ordinary = torch.zeros_like(ids, dtype=torch.bool)
    words = [word for word in encoding.words if tokenizer.mask_id not in _ids(encoding, word.positions)]
    for word in words:
        ordinary[:, list(word.positions)] = True
    if whole_words and words:
        ordinary = _pieces_of_chosen_words(
            [word.positions for word in words], like=ordinary, rate=rate, generator=generator
        )
        rate = 1.0
    seen, labels = corrupt(
        ids, ordinary, rate=rate, mask_id=tokenizer.mask_id, vocab_size=tokenizer.vocab_size, generator=generator
    )
    return [Draw(tuple(one), tuple(other)) for one, other in zip(seen.tolist(), labels.tolist(), strict=True)]


def read_draw(lm: LanguageModel, encoding: Encoding, draw: Draw, top_k: int = 5) -> tuple[ScoredPiece, ...]:
    """What the model answers where it is scored, and what it pays, in the order of the text."""
    (answer,) = answer_together(lm, [_variant(encoding, draw)])
    return tuple(
        ScoredPiece(
            draw.kind(position, lm.tokenizer.mask_id),
            read_answer(logits.double().log_softmax(dim=-1), position, draw.labels[position], lm.tokenizer, top_k),
            float(F.cross_entropy(logits.double(), torch.tensor(draw.labels[position]))),
        )
        for position, logits in zip(draw.scored_positions, answer.prediction_logits, strict=True)
    )


def loss_by_rate(
    lm: LanguageModel,
    encoding: Encoding,
    rates: Sequence[float],
    *,
    draws: int = 32,
    seed: int = 1,
    whole_words: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[RateLoss, ...]:
    """What is paid at each masking rate, over many draws of one text.

    Args:
        lm: who answers, many draws in one pass.
        encoding: of the text, with nothing hidden.
        rates: shares of the pieces, or of the words, that are chosen.
        draws: of each rate.
        seed: of the generator, the same for each rate.
        whole_words: as of `draw_corruptions`.
        on_progress: called now and then with how many draws have been answered, and of how many.
    """
    measured = []
    for number, rate in enumerate(rates):
        drawn = draw_corruptions(encoding, lm.tokenizer, rate=rate, seed=seed, count=draws, whole_words=whole_words)
        losses: list[Tensor] = []
        for first in range(0, draws, _AT_ONCE):
            part = drawn[first : first + _AT_ONCE]
            losses += _losses(lm, encoding, part)
            if on_progress is not None:
                on_progress(number * draws + first + len(part), len(rates) * draws)
        measured.append(_rate_loss(rate, drawn, losses, lm.tokenizer.mask_id))
    return tuple(measured)


def _losses(lm: LanguageModel, encoding: Encoding, drawn: Sequence[Draw]) -> list[Tensor]:
    """(scored piece,) nats, for each draw."""
    answers = answer_together(lm, [_variant(encoding, draw) for draw in drawn])
    return [
        F.cross_entropy(
            answer.prediction_logits,
            torch.tensor([draw.labels[position] for position in draw.scored_positions], dtype=torch.long),
            reduction="none",
        ).double()
        for draw, answer in zip(drawn, answers, strict=True)
    ]


def _rate_loss(rate: float, drawn: Sequence[Draw], losses: Sequence[Tensor], mask_id: int) -> RateLoss:
    """The means over all scored pieces of all draws."""
    everything = torch.cat(list(losses))
    kinds = [draw.kind(position, mask_id) for draw in drawn for position in draw.scored_positions]

    def mean(kind: Kind) -> float | None:
        of_kind = everything[[place for place, each in enumerate(kinds) if each == kind]]
        return float(of_kind.mean()) if len(of_kind) else None

    return RateLoss(rate, float(everything.mean()), tuple(map(mean, KINDS)), len(kinds) / len(drawn))


def _pieces_of_chosen_words(
    words_positions: Sequence[tuple[int, ...]], *, like: Tensor, rate: float, generator: torch.Generator
) -> Tensor:
    """(draw, position) True for every piece of the words that are chosen, by the same chance that chooses pieces."""
    numbers = torch.arange(len(words_positions)).repeat(len(like), 1)
    _, labels = corrupt(
        numbers,
        torch.ones_like(numbers, dtype=torch.bool),
        rate=rate,
        mask_id=-1,
        vocab_size=len(words_positions),
        generator=generator,
    )
    chosen = torch.zeros_like(like)
    for number, positions in enumerate(words_positions):
        chosen[:, list(positions)] = (labels[:, number] != NOT_SCORED)[:, None]
    return chosen


def _variant(encoding: Encoding, draw: Draw) -> Variant:
    return Variant(draw.input_ids, encoding.token_type_ids, draw.scored_positions)


def _ids(encoding: Encoding, positions: Sequence[int]) -> tuple[int, ...]:
    return tuple(encoding.original_ids[position] for position in positions)
