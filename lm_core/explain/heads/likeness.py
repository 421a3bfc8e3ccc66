"""Which heads do alike: distances between their attentions, and an order that puts neighbours side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from lm_core.explain.heads.attention import entropy


def divergences(attentions: Sequence[Tensor]) -> Tensor:
    """How differently each two heads look: the Jensen-Shannon divergence of their rows (Clark et al. 2019, §6).

    It is H((p + q) / 2) - (H(p) + H(q)) / 2 in bits, and here the mean over the queries of one sentence.

    Args:
        attentions: per layer (batch, head, query, key) probabilities; the first of the batch counts.

    Returns:
        (layer · head, layer · head) between 0 (the same rows) and 1 (no position in common); symmetric.
    """
    probs = torch.cat([layer[0] for layer in attentions]).double()
    own = entropy(probs)
    result = probs.new_zeros(len(probs), len(probs))
    for head in range(len(probs) - 1):  # one row at a time: all pairs of 144 heads at once would fill the memory
        others = slice(head + 1, None)
        between = entropy((probs[head] + probs[others]) / 2) - (own[head] + own[others]) / 2
        result[head, others] = between.mean(dim=-1).clamp(min=0) / math.log(2)
    return result + result.T


def divergence_by_query(one: Tensor, other: Tensor) -> Tensor:
    """How differently two heads look, position by position: what `divergences` takes the mean of.

    Args:
        one, other: (query, key) probabilities of each head.

    Returns:
        (query,) bits, between 0 (the same row) and 1 (no position in common).
    """
    pair = torch.stack([one, other]).double()
    own, between = entropy(pair[None])[0], entropy(pair.mean(dim=0)[None, None])[0, 0]
    bits: Tensor = (between - own.mean(dim=0)).clamp(min=0) / math.log(2)
    return bits


def clustered_order(divergences: Tensor) -> list[int]:
    """An order in which like heads stand together: average linkage, its leaves ordered so that neighbours differ least
    (Bar-Joseph et al. 2001).

    Args:
        divergences: (head, head), symmetric, 0 on the diagonal.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(divergences) < 3:
        return list(range(len(divergences)))
    distances = squareform(divergences.numpy(), checks=False)
    return [int(leaf) for leaf in leaves_list(linkage(distances, method="average", optimal_ordering=True))]


def nearest_pair(divergences: Tensor) -> tuple[int, int] | None:
    """The two heads that differ least; None where there is one head only.

    Args:
        divergences: (head, head), symmetric.
    """
    if len(divergences) < 2:
        return None
    itself = torch.eye(len(divergences), dtype=torch.bool)
    one, other = divmod(int(divergences.masked_fill(itself, torch.inf).argmin()), len(divergences))
    return one, other
