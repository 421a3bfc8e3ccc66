"""Labels keep apart and inside, at every width that a window may have."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.placement import Offset, Room, place_labels

ROOM = Room(narrowest=260, widest=800, height=400)
MARKER = 10
Box = tuple[float, float, float, float]

share = st.floats(0, 1, width=32)
labelled_points = st.lists(st.tuples(share, share, st.floats(8, 160), st.floats(8, 24)), min_size=1, max_size=30)


def box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def overlap(one: Box, other: Box) -> float:
    """Pixels by which two boxes overlap in the direction in which they overlap least; 0 or less if they do not."""
    return min(one[2] - other[0], other[2] - one[0], one[3] - other[1], other[3] - one[1])


def boxes_at(width: float, points: list[tuple[float, float, float, float]], offsets: list[Offset | None]) -> list[Box]:
    return [
        box(x * width + offset.right, y * ROOM.height + offset.up, wide, high)
        for (x, y, wide, high), offset in zip(points, offsets, strict=True)
        if offset is not None
    ]


@settings(max_examples=60)
@given(points=labelled_points, width=st.floats(ROOM.narrowest, ROOM.widest))
def test_no_two_labels_overlap_and_every_label_keeps_within_the_figure(
    points: list[tuple[float, float, float, float]], width: float
) -> None:
    numbers = np.array(points, dtype=np.float64)
    offsets = place_labels(numbers[:, :2], numbers[:, 2:], [MARKER] * len(points), ROOM)
    assert len(offsets) == len(points)
    labels = boxes_at(width, points, offsets)
    for one, other in itertools.combinations(labels, 2):
        assert overlap(one, other) <= 1e-6
    for left, bottom, right, top in labels:
        assert min(left, bottom, width - right, ROOM.height - top) >= -1e-6
    for place, (x, y, _wide, _high) in enumerate(points):
        mark = box(x * width, y * ROOM.height, MARKER, MARKER)
        others = [offset if number != place else None for number, offset in enumerate(offsets)]
        assert all(overlap(mark, label) <= 1e-6 for label in boxes_at(width, points, others))


def test_a_label_with_room_stands_beside_its_point_and_one_too_wide_is_left_out() -> None:
    points = np.array([[0.5, 0.5], [0.2, 0.2]])
    near, none = place_labels(points, np.array([[40.0, 16.0], [300.0, 16.0]]), [MARKER, MARKER], ROOM)
    assert near is not None
    assert near.is_beside
    assert none is None


def test_a_point_among_others_is_named_from_further_away() -> None:
    """Ten points in one place: not all of the labels can stand beside it, and most have room around it."""
    points = np.full((10, 2), 0.5)
    points[:, 0] += np.linspace(-0.001, 0.001, 10)
    offsets = place_labels(points, np.full((10, 2), (30.0, 12.0)), [1.0] * 10, ROOM)
    placed = [offset for offset in offsets if offset is not None]
    assert any(offset.is_beside for offset in placed)
    assert any(not offset.is_beside for offset in placed)


@pytest.mark.parametrize("count", [0, 1])
def test_few_points_are_no_trouble(count: int) -> None:
    assert len(place_labels(np.full((count, 2), 0.5), np.full((count, 2), 9.0), [MARKER] * count, ROOM)) == count
