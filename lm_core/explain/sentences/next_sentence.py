"""Whether one text follows another, as the next-sentence head says it (Devlin et al. 2019, §3.1, task 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.errors import InputError


@dataclass(frozen=True)
class PairJudgement:
    """The way from the head's two logits to P(IsNext); all numbers in double precision."""

    is_next_logit: float  # what the head gave "B follows A"
    not_next_logit: float  # what it gave "B is from elsewhere"
    log_sum_exp: float  # the log of the sum of e to both
    probability: float  # e^(is_next_logit - log_sum_exp), between 0 and 1

    @property
    def log_odds(self) -> float:
        """How much more probable IsNext is than NotNext, in bits: 0 where both are 50 %, 1 where it is twice as."""
        return (self.is_next_logit - self.not_next_logit) / math.log(2)


def judge(seq_relationship_logits: Tensor) -> PairJudgement:
    """Write out the softmax over the two logits of the next-sentence head.

    Args:
        seq_relationship_logits: (2,) index 0: the second text follows the first.
    """
    logits = seq_relationship_logits.double()
    total = logits.logsumexp(dim=-1)
    return PairJudgement(float(logits[0]), float(logits[1]), float(total), float((logits[0] - total).exp()))


def require_next_sentence(lm: LanguageModel) -> None:
    """Stop where a model cannot be asked about pairs.

    Raises:
        InputError: its checkpoint has no next-sentence head.
    """
    if not lm.has_next_sentence:
        raise InputError("{name} was trained on masked words alone: it cannot judge pairs.", name=lm.name)
