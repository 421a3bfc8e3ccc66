"""The map of embeddings by closed forms, and neighbours by the definition."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core.explain.pieces.projection import kept_neighbours, nearest_neighbours, principal_components, whole_words

seeds = st.integers(0, 99)


def cloud(seed: int, points: int = 12, width: int = 6) -> Tensor:
    return torch.randn(points, width, generator=torch.Generator().manual_seed(seed))


def rotation(seed: int, width: int) -> Tensor:
    turned: Tensor = torch.linalg.qr(cloud(seed, width, width).double())[0]
    return turned.float()


@given(seeds)
def test_points_of_a_plane_keep_their_distances_wherever_the_plane_lies_in_space(seed: int) -> None:
    flat = cloud(seed, 9, 2)
    vectors = torch.nn.functional.pad(flat, (0, 5)) @ rotation(seed, 7) + 3.0
    projection = principal_components(vectors)
    assert torch.allclose(torch.cdist(projection.points, projection.points), torch.cdist(flat, flat), atol=1e-3)
    assert float(projection.explained.sum()) == pytest.approx(1, abs=1e-5)
    assert kept_neighbours(vectors, projection.points, 8) == 1


@given(seeds)
def test_the_axes_are_those_of_the_covariance_and_their_signs_are_fixed(seed: int) -> None:
    vectors = cloud(seed)
    projection = principal_components(vectors)
    values, axes = torch.linalg.eigh(torch.cov(vectors.T.double(), correction=0))
    largest = values.flip(0)[:2]
    assert torch.allclose(projection.explained, (largest / values.sum()).float(), atol=1e-5)
    assert torch.allclose(projection.points.var(dim=0, correction=0), largest.float(), atol=1e-4)
    expected = (vectors - vectors.mean(dim=0)).double() @ axes.flip(1)[:, :2]
    assert torch.allclose(projection.points.abs(), expected.abs().float(), atol=1e-4)
    farthest = projection.points.gather(0, projection.points.abs().argmax(dim=0, keepdim=True))
    assert bool((farthest > 0).all())
    assert torch.allclose(principal_components(-vectors).points.abs(), projection.points.abs(), atol=1e-4)


def test_a_line_and_a_point_have_no_second_axis() -> None:
    line = principal_components(torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    assert line.points[:, 0].abs().tolist() == pytest.approx([5, 0, 5], abs=1e-5)
    assert line.points[:, 1].tolist() == pytest.approx([0, 0, 0], abs=1e-5)
    assert line.explained.tolist() == pytest.approx([1, 0], abs=1e-6)
    point = principal_components(torch.ones(1, 1))
    assert point.points.tolist() == [[0, 0]]
    assert point.explained.tolist() == [0, 0]


@given(seeds, st.integers(1, 11))
def test_neighbours_are_those_of_the_largest_cosine_without_the_word_itself(seed: int, count: int) -> None:
    embeddings = cloud(seed)
    among = [1, 3, 4, 5, 8, 11]
    found = nearest_neighbours(embeddings, [0, 4], among, count)[4]
    cosines = {
        other: float(torch.dot(embeddings[other], embeddings[4]) / embeddings[other].norm() / embeddings[4].norm())
        for other in among
        if other != 4
    }
    expected = sorted(cosines, key=lambda other: -cosines[other])[:count]
    assert [each.token_id for each in found] == expected
    assert [each.cosine for each in found] == pytest.approx([cosines[other] for other in expected], abs=1e-5)


def test_the_share_of_neighbours_that_a_map_keeps_counts_those_that_are_near_in_both() -> None:
    vectors = torch.tensor([[0.0], [1.0], [3.0], [6.0]])
    turned_over = torch.tensor([[0.0], [6.0], [3.0], [1.0]])
    assert kept_neighbours(vectors, vectors, 2) == 1
    # Nearest in space: 0→1, 1→0, 2→1, 3→2. On the map: 0→3, 1→2, 2→3, 3→0.
    assert kept_neighbours(vectors, turned_over, 1) == 0
    assert kept_neighbours(vectors, turned_over, 3) == 1
    # The last of four is nearest to 10 in space, and to 1 on the map.
    assert kept_neighbours(torch.tensor([[0.0], [1.0], [10], [8]]), torch.tensor([[0.0], [1], [9], [3]]), 1) == 0.75
    for count in (0, 4):
        with pytest.raises(ValueError, match="count"):
            kept_neighbours(vectors, vectors, count)


def test_a_map_of_noise_keeps_about_as_many_neighbours_as_chance() -> None:
    kept = kept_neighbours(cloud(0, 200, 50), cloud(1, 200, 2), 20)
    assert kept == pytest.approx(20 / 199, abs=4 * math.sqrt(0.1 * 0.9 / 4000))


def test_whole_words_have_letters_only_and_do_not_continue_a_word() -> None:
    vocabulary = {"[UNK]": 0, "cat": 1, "##s": 2, "a": 3, "19": 4, "don't": 5, "中": 6, "of": 7, "##cat": 8, "café": 9}
    assert whole_words(vocabulary) == [1, 6, 7, 9]
