"""What the division by √d is for: how sure a head becomes as its width grows, with it and without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from lm_core.explain.heads.attention import entropy
from lm_core.transformer.attention import attention_map


@dataclass(frozen=True)
class EntropyAtWidth:
    """The mean entropy of the attention rows of random queries and keys of one width."""

    width: int
    scaled: float  # bits, with the division by √width
    unscaled: float  # bits, without


def entropy_by_width(widths: Sequence[int], *, positions: int, draws: int = 32, seed: int = 0) -> list[EntropyAtWidth]:
    """Measure how wide attention looks at each width (Vaswani et al. 2017, §3.2.1, footnote 4).

    Components of queries and keys are independent with mean 0 and variance 1; their dot products then have the
    variance d, so that without the division the softmax is the more saturated the wider the head.

    Args:
        widths: of the head.
        positions: queries, and keys.
        draws: sets of queries and keys, over which the mean is taken.
        seed: of the random numbers.
    """
    measured = []
    for width in widths:
        chance = torch.Generator().manual_seed(seed)
        query, key = (torch.randn(draws, 1, positions, width, generator=chance) for _ in range(2))
        scaled, unscaled = (
            float(entropy(attention_map(asked, key).probs).mean()) / math.log(2)
            for asked in (query, query * math.sqrt(width))
        )
        measured.append(EntropyAtWidth(width, scaled, unscaled))
    return measured
