"""Two sentences against each other: which tokens correspond, and what attention does differently there."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from torch import Tensor


def aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of two sequences that correspond: equal tokens, and as many tokens in the place of as many others.

    Returns:
        Pairs of positions in the first and in the second, ascending in both.
    """
    blocks = SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes()
    return [
        (start + step, other_start + step)
        for tag, start, end, other_start, other_end in blocks
        if tag == "equal" or (tag == "replace" and end - start == other_end - other_start)
        for step in range(end - start)
    ]


def attention_change(one: Tensor, other: Tensor, pairs: Sequence[tuple[int, int]]) -> Tensor:
    """How much more the second sentence's attention gives, where its tokens correspond to the first's.

    Args:
        one: (batch, head, query, key) probabilities of the first sentence; each row sums to 1.
        other: the same of the second, which may be of another length.
        pairs: positions that correspond, as of `aligned`.

    Returns:
        (batch, head, pair that looks, pair that is looked at) second less first, between -1 and 1.
    """
    places, other_places = [first for first, _ in pairs], [second for _, second in pairs]
    return other[..., other_places, :][..., other_places] - one[..., places, :][..., places]
