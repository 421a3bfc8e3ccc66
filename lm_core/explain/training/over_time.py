"""How attention and answers change from one moment of a training to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor

from lm_core.explain.heads.attention import entropy

Answer = TypeVar("Answer")


def heads_moved(before: Tensor, after: Tensor) -> Tensor:
    """How far each head has moved: the Jensen-Shannon divergence of its rows at two moments, mean over the queries.

    It is H((p + q) / 2) - (H(p) + H(q)) / 2 in bits (Lin 1991).

    Args:
        before, after: (…, head, query, key) probabilities of the same text; each row sums to 1.

    Returns:
        (…, head) between 0 (the same rows) and 1 (no position in common).
    """
    one, other = before.double(), after.double()
    between = entropy((one + other) / 2) - (entropy(one) + entropy(other)) / 2
    bits: Tensor = between.mean(dim=-1).clamp(min=0) / math.log(2)
    return bits


def moved_most(moved: Tensor, count: int) -> list[tuple[int, int]]:
    """The heads that have moved farthest, the farthest first; of equals the one that comes first in the model.

    Args:
        moved: (layer, head) bits, as of `heads_moved`.
        count: how many, at most.
    """
    order = torch.argsort(moved.flatten(), descending=True, stable=True)[:count]
    return [divmod(int(place), moved.shape[-1]) for place in order]


def mean_entropies(attentions: Tensor) -> Tensor:
    """How widely each head looks: the entropy of its rows in bits, mean over the queries.

    Args:
        attentions: (…, head, query, key) probabilities; each row sums to 1.

    Returns:
        (…, head) between 0 (one position only) and log2(key length) (everywhere alike).
    """
    bits: Tensor = entropy(attentions.double()).mean(dim=-1) / math.log(2)
    return bits


def settled(answers: Sequence[Answer]) -> int:
    """The moment from which the answer is what it is at the end, and stays it.

    Args:
        answers: the first answer at each moment; at least one.
    """
    others = [moment for moment, answer in enumerate(answers) if answer != answers[-1]]
    return others[-1] + 1 if others else 0
