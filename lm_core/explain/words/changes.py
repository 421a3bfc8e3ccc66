"""The answer at one position in two passes, held against each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from lm_core.explain.words.prediction import MaskAnswer, read_answer
from lm_core.text.tokenization import Tokenizer


@dataclass(frozen=True)
class PieceChange:
    """One piece's probability at a masked position, in two passes."""

    token: str
    token_id: int
    before: float  # 0 to 1, in the pass that is compared with
    after: float  # 0 to 1, in the other


@dataclass(frozen=True)
class AnswerChange:
    """The answer at one masked position, in two passes."""

    before: MaskAnswer  # in the pass that is compared with
    after: MaskAnswer  # in the other
    pieces: tuple[PieceChange, ...]  # the best answers of both passes and the target, those of before first
    target: PieceChange  # the piece that stood there; where the reader typed [MASK], the best answer of before
    loss: float  # bits by which the log-probability of the target fell; negative where it rose


def answer_change(
    before: Tensor, after: Tensor, position: int, original_id: int, tokenizer: Tokenizer, top_k: int
) -> AnswerChange:
    """Hold two answers at the same place of a text against each other.

    Args:
        before, after: (vocab,) logits of the two passes.
        position: of the place, as the text of the first pass counts.
        original_id: of the piece that stood there; that of [MASK] where nobody knows.
        tokenizer: the one that encoded the text.
        top_k: how many answers of each pass to give.
    """
    # On the processor and in double precision, so that small differences are not rounded away.
    log_probs = [logits.double().cpu().log_softmax(dim=-1) for logits in (before, after)]
    answers = [read_answer(each, position, original_id, tokenizer, top_k) for each in log_probs]
    target = answers[0].original or answers[0].predictions[0]
    best = [each for answer in answers for each in answer.predictions]
    ids = dict.fromkeys(each.token_id for each in (*best, target))

    def change(token_id: int) -> PieceChange:
        first, second = (float(log_prob[token_id].exp()) for log_prob in log_probs)
        return PieceChange(tokenizer.token(token_id), token_id, first, second)

    return AnswerChange(
        before=answers[0],
        after=answers[1],
        pieces=tuple(map(change, ids)),
        target=change(target.token_id),
        loss=float(log_probs[0][target.token_id] - log_probs[1][target.token_id]) / math.log(2),
    )
