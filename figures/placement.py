"""Where the labels of points have room, whatever width the window leaves them, and how they are drawn there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAP = 4.0  # pixels between a point and a label beside it
_RINGS = (0.0, 9.0, 20.0)  # pixels further away: a longer line would lead the eye astray
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_LEADER = (0.25, 0.5, 0.75)  # places on the line from a point to the middle of its label, to be kept free
_LINE = 2.0  # pixels around each of them


@dataclass(frozen=True)
class Room:
    """The ground that the points lie on; the window decides how wide it is, and nothing else about it."""

    narrowest: float  # pixels
    widest: float
    height: float


@dataclass(frozen=True)
class Offset:
    """Where a label stands, seen from its point: its middle, in pixels to the right and up."""

    right: float
    up: float
    is_beside: bool  # so near that no line has to lead to it


@dataclass(frozen=True, eq=False)
class _Boxes:
    """Boxes tied to points: middles at `at * width + shift` and `up`, all (box,)."""

    at: Floats  # of the width, 0 to 1
    shift: Floats  # pixels
    up: Floats  # pixels from the bottom
    width: Floats
    height: Floats

    def and_also(self, more: _Boxes) -> _Boxes:
        """These and more."""
        pairs = ((getattr(self, name), getattr(more, name)) for name in ("at", "shift", "up", "width", "height"))
        return _Boxes(*(np.concatenate(pair) for pair in pairs))


def place_labels(points: Floats, sizes: Floats, markers: Sequence[float], room: Room) -> list[Offset | None]:
    """Find a place for each label, one after the other, so that at every width of the room none covers another.

    A label also keeps within the room and off the points of others. The nearest place that is free is taken.

    Args:
        points: (point, 2) where they lie, as shares of the room's width and height, from its lower left corner.
        sizes: (point, 2) width and height of each label, in pixels.
        markers: diameter of each point, in pixels.
        room: the ground.

    Returns:
        For each point where its label stands; None where there is no room.
    """
    diameters = np.asarray(markers, dtype=np.float64)
    nought = np.zeros(len(points))
    marks = _Boxes(points[:, 0], nought, points[:, 1] * room.height, diameters, diameters)
    labels, leaders = _Boxes(*np.zeros((5, 0))), _Boxes(*np.zeros((5, 0)))
    found: list[Offset | None] = []
    for place, (size, diameter) in enumerate(zip(sizes, diameters, strict=True)):
        offsets = _candidates(size, diameter)
        tried = _around(points[place], offsets, size, room)
        others = np.arange(len(points)) != place
        free = _within(tried, room) & ~_touch(tried, labels, room).any(axis=1)
        free &= ~_touch(tried, marks, room)[:, others].any(axis=1) & ~_touch(tried, leaders, room).any(axis=1)
        for part in _LEADER:
            line = _around(points[place], part * offsets, (_LINE, _LINE), room)
            free &= ~_touch(line, labels, room).any(axis=1) & ~_touch(line, marks, room)[:, others].any(axis=1)
        if not free.any():
            found.append(None)
            continue
        first = int(free.argmax())
        offset = offsets[first : first + 1]
        right, up = offset[0].tolist()
        found.append(Offset(right, up, is_beside=first < len(_DIRECTIONS)))
        labels = labels.and_also(_around(points[place], offset, size, room))
        for part in _LEADER:
            leaders = leaders.and_also(_around(points[place], part * offset, (_LINE, _LINE), room))
    return found


def annotation(
    offset: Offset, at: Sequence[float], text: str, *, size: int, colour: str, line: str
) -> dict[str, object]:
    """A label as plotly draws it, with a line that leads to it where it does not stand beside its point.

    Args:
        offset: where it stands.
        at: (x, y) of its point, on the axes.
        text: in plotly's markup.
        size: of the font, in pixels.
        colour: of the label.
        line: colour of the line.
    """
    label = {"x": at[0], "y": at[1], "text": text, "font": {"size": size, "color": colour}, "borderpad": 0}
    if offset.is_beside:
        return {**label, "showarrow": False, "xshift": offset.right, "yshift": offset.up}
    leader = {"arrowhead": 0, "arrowwidth": 1, "arrowcolor": line, "standoff": GAP}
    return {**label, "ax": offset.right, "ay": -offset.up, **leader}


def _candidates(size: Floats, diameter: float) -> Floats:
    """(candidate, 2) middles of a label seen from its point, the nearest first."""
    directions = np.asarray(_DIRECTIONS, dtype=np.float64)
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    away = diameter / 2 + GAP + np.asarray(_RINGS)[:, None, None]
    offsets: Floats = (directions * size / 2 + directions / lengths * away).reshape(-1, 2)
    return offsets


def _around(point: Floats, offsets: Floats, size: Floats | Sequence[float], room: Room) -> _Boxes:
    """Boxes of one size, tied to one point."""
    ones = np.ones(len(offsets))
    up = point[1] * room.height + offsets[:, 1]
    return _Boxes(point[0] * ones, offsets[:, 0], up, size[0] * ones, size[1] * ones)


def _within(boxes: _Boxes, room: Room) -> NDArray[np.bool_]:
    """(box,) whether a box is inside at every width: it moves in a straight line, so that both ends tell."""
    inside = (boxes.up >= boxes.height / 2) & (boxes.up <= room.height - boxes.height / 2)
    for width in (room.narrowest, room.widest):
        middle = boxes.at * width + boxes.shift
        inside &= (middle >= boxes.width / 2) & (middle <= width - boxes.width / 2)
    return inside


def _touch(some: _Boxes, others: _Boxes, room: Room) -> NDArray[np.bool_]:
    """(some, others) whether two boxes share ground at any width of the room."""

    def between(one: Floats, other: Floats) -> Floats:
        return one[:, None] - other[None, :]

    ends = [
        between(some.at, others.at) * width + between(some.shift, others.shift)
        for width in (room.narrowest, room.widest)
    ]
    nearest = np.where(ends[0] * ends[1] <= 0, 0.0, np.minimum(np.abs(ends[0]), np.abs(ends[1])))
    wide = (some.width[:, None] + others.width[None, :]) / 2
    high = (some.height[:, None] + others.height[None, :]) / 2
    touching: NDArray[np.bool_] = (nearest < wide) & (np.abs(between(some.up, others.up)) < high)
    return touching
