"""How far heads move between two moments is a distance between distributions, and answers settle once."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core.explain.heads.likeness import divergences
from lm_core.explain.training.over_time import heads_moved, mean_entropies, moved_most, settled


def random_attention(seed: int, *shape: int) -> Tensor:
    return (3 * torch.randn(*shape, generator=torch.Generator().manual_seed(seed))).softmax(dim=-1)


@given(st.integers(0, 99), st.integers(1, 4), st.integers(1, 4), st.integers(1, 9))
def test_a_head_moves_as_far_as_two_heads_that_look_like_it_before_and_after_are_apart(
    seed: int, layers: int, heads: int, size: int
) -> None:
    before, after = (random_attention(each, layers, heads, size, size) for each in (seed, seed + 1))
    moved = heads_moved(before, after)
    assert moved.shape == (layers, heads)
    for layer in range(layers):
        for head in range(heads):
            pair = torch.stack([before[layer, head], after[layer, head]])
            assert float(moved[layer, head]) == pytest.approx(float(divergences([pair[None]])[0, 1]), abs=1e-9)
    assert torch.equal(moved, heads_moved(after, before))
    assert not heads_moved(before, before).any()
    assert float(moved.max()) <= 1 + 1e-9


def test_rows_without_a_position_in_common_are_a_bit_apart() -> None:
    one = torch.eye(4)[None, None]
    assert heads_moved(one, one.flip(-1)).tolist() == [[pytest.approx(1.0)]]


def test_a_film_is_held_against_its_first_frame_in_one_go() -> None:
    film = random_attention(0, 5, 2, 3, 6, 6)
    together = heads_moved(film[:1], film)
    for frame in range(5):
        assert torch.equal(together[frame], heads_moved(film[0], film[frame]))


def test_the_farthest_come_first_and_of_equals_the_first() -> None:
    moved = torch.tensor([[0.1, 0.5, 0.1], [0.5, 0.9, 0.0]])
    assert moved_most(moved, 4) == [(1, 1), (0, 1), (1, 0), (0, 0)]
    assert len(moved_most(moved, 99)) == 6


@given(st.integers(1, 40))
def test_even_attention_has_the_entropy_of_the_number_of_positions_and_one_position_has_none(size: int) -> None:
    even = torch.full((2, 3, size, size), 1 / size)
    assert mean_entropies(even).flatten().tolist() == pytest.approx([math.log2(size)] * 6, abs=1e-5)
    assert not mean_entropies(torch.eye(size).expand(2, 3, size, size)).any()


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=20))
def test_an_answer_has_settled_at_the_first_moment_of_its_last_run(answers: list[str]) -> None:
    at = settled(answers)
    assert set(answers[at:]) == {answers[-1]}
    assert at == 0 or answers[at - 1] != answers[-1]
