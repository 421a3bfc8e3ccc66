"""Every head of a model on one sentence, in the few numbers that tell heads apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.explain.heads.attention import entropy, share_on, share_on_next, share_on_previous, special_positions
from lm_core.text.tokenization import Encoding


@dataclass(frozen=True)
class HeadStatistics:
    """One head on one sentence; each number is the mean over the queries that have it."""

    layer: int
    head: int
    entropy: float  # bits, between 0 (one position only) and most_entropy
    most_entropy: float  # bits, log2 of the number of positions: everywhere alike
    distance: float  # positions between the one that looks and those looked at, weighted by attention
    special: float  # share of the attention on [CLS] and [SEP], 0 to 1
    previous: float  # on the position just before
    next: float  # on the position just after
    same: float  # on the position itself and on others with the same token

    @property
    def breadth(self) -> float:
        """The entropy as a share of the largest possible, 0 to 1."""
        return self.entropy / self.most_entropy


def mean_distance(probs: Tensor) -> Tensor:
    """How far a head looks: positions between query and key, weighted by attention.

    Args:
        probs: (batch, head, query, key) attention probabilities; each row sums to 1.

    Returns:
        (batch, head) between 0 (each at itself) and the number of positions less 1.
    """
    position = torch.arange(probs.shape[-1], dtype=probs.dtype, device=probs.device)
    distance = (position[:, None] - position).abs()
    return (probs * distance).sum(dim=-1).mean(dim=-1)


def share_on_same(probs: Tensor, input_ids: Sequence[int]) -> Tensor:
    """How much of a head's attention rests on the same token: at the position itself, and wherever else it stands.

    Args:
        probs: (batch, head, query, key) attention probabilities; each row sums to 1.
        input_ids: of the positions, as the model read them.

    Returns:
        (batch, head) between 0 and 1, the mean over the queries.
    """
    ids = torch.tensor(input_ids, device=probs.device)
    return (probs * (ids[:, None] == ids)).sum(dim=-1).mean(dim=-1)


def head_statistics(attentions: Sequence[Tensor], encoding: Encoding) -> list[HeadStatistics]:
    """Measure every head on one sentence.

    Args:
        attentions: per layer (batch, head, query, key) probabilities; the first of the batch counts.
        encoding: of the sentence.

    Returns:
        A record for each head, layer by layer.
    """
    probs = torch.stack([layer[0] for layer in attentions])
    bits = entropy(probs).mean(dim=-1) / math.log(2)
    columns = (
        bits,
        mean_distance(probs),
        share_on(probs, special_positions(encoding)),
        share_on_previous(probs),
        share_on_next(probs),
        share_on_same(probs, encoding.input_ids),
    )
    table = torch.stack(columns, dim=-1).tolist()
    return [
        HeadStatistics(layer, head, bits, math.log2(probs.shape[-1]), distance, *shares)
        for layer, heads in enumerate(table)
        for head, (bits, distance, *shares) in enumerate(heads)
    ]
