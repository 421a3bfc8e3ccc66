"""How one probability comes about: from a logit, through the sum over the whole vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from lm_core.checkpoints.pretrained import Trace


@dataclass(frozen=True)
class SoftmaxStep:
    """The way from one piece's logit to its probability; all numbers in double precision."""

    logit: float  # what the masked-word head gave this piece
    log_sum_exp: float  # the log of the sum of e^logit over the whole vocabulary
    probability: float  # e^(logit - log_sum_exp), between 0 and 1
    rank: int  # of this piece among all pieces, from 1
    vocab_size: int


def softmax_step(trace: Trace, position: int, token_id: int) -> SoftmaxStep:
    """Write out the softmax for one piece at one position: p = e^z / Σ e^z = e^(z - log Σ e^z).

    Args:
        trace: of any text.
        position: in its sequence of tokens.
        token_id: of the piece.
    """
    return softmax_of(trace.prediction_logits[0, position], token_id)


def softmax_of(prediction_logits: Tensor, token_id: int) -> SoftmaxStep:
    """The same for the logits of one position, (vocab,)."""
    logits = prediction_logits.double()
    logit, log_sum_exp = logits[token_id], logits.logsumexp(dim=-1)
    return SoftmaxStep(
        logit=float(logit),
        log_sum_exp=float(log_sum_exp),
        probability=float((logit - log_sum_exp).exp()),
        rank=1 + int((logits > logit).sum()),
        vocab_size=len(logits),
    )
