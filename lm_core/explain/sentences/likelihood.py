"""How probable a masked language model finds a sentence: each piece hidden in turn, and all the others seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.together import answer_together, hide
from lm_core.text.tokenization import Encoding


@dataclass(frozen=True)
class PieceLikelihood:
    """One piece of a sentence, as the model answers where only this piece is hidden."""

    position: int  # in the model's input
    token: str
    token_id: int
    log_prob: float  # nats, 0 or less

    @property
    def bits(self) -> float:
        """How much the piece surprises: 0 is certainty, and each bit more halves the probability."""
        return -self.log_prob / math.log(2)


@dataclass(frozen=True)
class PseudoLikelihood:
    """A whole sentence; a pseudo-likelihood, since no chain of conditional probabilities makes this product."""

    encoding: Encoding
    pieces: tuple[PieceLikelihood, ...]  # of the sentence, [CLS] and [SEP] not among them

    @property
    def log_prob(self) -> float:
        """The pseudo-log-likelihood, in nats (Salazar et al. 2020, eq. 2)."""
        return math.fsum(piece.log_prob for piece in self.pieces)

    @property
    def bits(self) -> float:
        """The same as a surprise, in bits; added up over the pieces."""
        return -self.log_prob / math.log(2)

    @property
    def perplexity(self) -> float:
        """The pseudo-perplexity per piece: as unsure as an even choice between so many (Salazar et al. 2020, §4.3)."""
        return math.exp(-self.log_prob / len(self.pieces))


def pseudo_likelihoods(
    lm: LanguageModel, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
) -> list[PseudoLikelihood]:
    """Score whole sentences with a masked language model (Salazar et al. 2020, §2).

    Each piece is hidden once, alone, and the logarithms of the probabilities that the model gives to what stood
    there are added up. A text is read up to the model's last position; its encoding says where it was cut.

    Args:
        lm: who answers; a sentence of n pieces is asked n times, many at once.
        texts: the sentences.
        on_progress: as of `answer_together`.

    Raises:
        InputError: a text is blank, or says [MASK].
    """
    encodings = [lm.encode(text) for text in texts]
    if any(encoding.masked_positions for encoding in encodings):
        raise InputError("A sentence with [MASK] in it has no probability of its own: put a word there.")
    asked = [
        (number, position)
        for number, encoding in enumerate(encodings)
        for position in range(1, len(encoding.input_ids) - 1)
    ]
    variants = [hide(encodings[number], (position,), lm.tokenizer.mask_id, (position,)) for number, position in asked]
    pieces: list[list[PieceLikelihood]] = [[] for _ in encodings]
    for (number, position), answer in zip(asked, answer_together(lm, variants, on_progress), strict=True):
        token_id = encodings[number].input_ids[position]
        log_prob = float(answer.prediction_logits[0].double().log_softmax(dim=-1)[token_id])
        pieces[number].append(PieceLikelihood(position, lm.tokenizer.token(token_id), token_id, log_prob))
    return [PseudoLikelihood(encoding, tuple(each)) for encoding, each in zip(encodings, pieces, strict=True)]
