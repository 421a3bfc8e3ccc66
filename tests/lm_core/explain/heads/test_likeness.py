"""How differently heads look is a distance between distributions, and like heads stand together."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core.explain.heads.likeness import clustered_order, divergences, nearest_pair


def random_attention(seed: int, heads: int, size: int) -> Tensor:
    return (3 * torch.randn(1, heads, size, size, generator=torch.Generator().manual_seed(seed))).softmax(dim=-1)


def test_the_same_rows_differ_by_nothing_and_rows_without_a_position_in_common_by_a_bit() -> None:
    one = torch.eye(4)
    table = divergences([torch.stack([one, one, one.flip(0)])[None]])
    assert table.flatten().tolist() == pytest.approx([0, 0, 1, 0, 0, 1, 1, 1, 0])


def test_half_of_two_positions_against_one_of_them_has_the_divergence_of_the_textbook() -> None:
    """p = (1, 0), q = (1/2, 1/2): H(3/4, 1/4) - 1/2."""
    heads = torch.tensor([[[1.0, 0.0]], [[0.5, 0.5]]])
    expected = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25)) - 0.5
    assert float(divergences([heads[None]])[0, 1]) == pytest.approx(expected)


@given(st.integers(0, 99), st.integers(1, 5), st.integers(2, 12))
def test_divergences_are_symmetric_and_between_nought_and_one_bit(seed: int, heads: int, size: int) -> None:
    table = divergences([random_attention(seed, heads, size), random_attention(seed + 1, heads, size)])
    assert table.shape == (2 * heads, 2 * heads)
    assert torch.equal(table, table.T)
    assert not table.diagonal().any()
    assert 0 <= float(table.min()) <= float(table.max()) <= 1


@given(st.integers(0, 99))
def test_every_entry_is_the_divergence_of_its_two_heads_by_definition(seed: int) -> None:
    attentions = [random_attention(seed, 2, 5), random_attention(seed + 1, 2, 5)]
    table, probs = divergences(attentions), torch.cat([layer[0] for layer in attentions]).double()
    for one, other in itertools.combinations(range(4), 2):
        middle = (probs[one] + probs[other]) / 2
        halves = [(rows * (rows / middle).log2()).sum(dim=-1) for rows in (probs[one], probs[other])]
        assert float(table[one, other]) == pytest.approx(float((halves[0] + halves[1]).mean()) / 2)


@given(st.permutations(range(6)))
def test_heads_of_two_kinds_are_sorted_into_two_blocks(places: list[int]) -> None:
    kinds = torch.tensor([place % 2 for place in places])
    table = (kinds[:, None] != kinds).double() * 0.9 + (1 - torch.eye(6, dtype=torch.float64)) * 0.05
    order = clustered_order(table)
    assert sorted(order) == list(range(6))
    sorted_kinds = kinds[order].tolist()
    assert sorted_kinds in (sorted(sorted_kinds), sorted(sorted_kinds, reverse=True))


@pytest.mark.parametrize("heads", [1, 2])
def test_too_few_heads_for_clusters_keep_their_order(heads: int) -> None:
    assert clustered_order(torch.zeros(heads, heads)) == list(range(heads))


def test_the_nearest_pair_is_the_smallest_entry_beside_the_diagonal() -> None:
    assert nearest_pair(torch.tensor([[0, 0.5, 0.4], [0.5, 0, 0.1], [0.4, 0.1, 0]])) == (1, 2)
    assert nearest_pair(torch.zeros(1, 1)) is None
