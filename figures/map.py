"""The map of embeddings: words as points, near where their vectors are alike, as far as a plane can show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

PointKind = Literal["picked", "sentence", "neighbour"]

_HEIGHT = 600  # pixels
_ROOM = 460  # pixels of the side of the square that the points have at least on a laptop
_LABEL_GAP = 4  # pixels between a point and its word


_LOOKS: dict[PointKind, tuple[int, int]] = {"picked": (13, 20), "sentence": (9, 16), "neighbour": (6, 13)}
"""Size of the point and of its word, in pixels; who comes first has the first choice of room."""


@dataclass(frozen=True)
class MapText:
    """The words on the map, in the reader's language."""

    axes: tuple[str, str]  # titles, with the share of the variance that each shows
    kinds: dict[PointKind, str]  # what the points of a kind are


def word_map(
    points: NDArray[np.float32], words: Sequence[str], kinds: Sequence[PointKind], *, theme: Theme, text: MapText
) -> go.Figure:
    """Draw the words where they lie, with one scale for both axes so that a distance is a distance.

    Args:
        points: (word, axis) two axes.
        words: one for each point.
        kinds: of each point, for its colour and size.
        theme: the variant of the palette.
        text: titles of the axes, and of the kinds.

    Raises:
        ValueError: points, words and kinds are not of the same length.
    """
    if points.shape != (len(words), 2) or len(kinds) != len(words):
        raise ValueError(f"{len(words)} words and {len(kinds)} kinds do not fit points of shape {points.shape}")
    figure = go.Figure()
    sides = _place_labels(points, words, [_LOOKS[kind] for kind in kinds])
    colours: dict[PointKind, str] = {
        "neighbour": theme.muted_text,
        "sentence": theme.segments[1],
        "picked": theme.accent,
    }
    for kind, colour in colours.items():
        members = [place for place, each in enumerate(kinds) if each == kind]
        size, font = _LOOKS[kind]
        figure.add_scatter(
            x=points[members, 0],
            y=points[members, 1],
            mode="markers+text",
            name=text.kinds[kind],
            text=[plain(words[place]) if sides[place] else "" for place in members],
            textposition=[sides[place] or "top center" for place in members],
            customdata=[plain(words[place]) for place in members],
            textfont={"size": font, "color": colour},
            marker={"size": size, "color": colour},
            cliponaxis=False,
            hovertemplate="<b>%{customdata}</b> (%{x:.3f}, %{y:.3f})<extra></extra>",
        )
    for update, title in ((figure.update_xaxes, text.axes[0]), (figure.update_yaxes, text.axes[1])):
        update(
            title=axis_title(title, theme),
            gridcolor=theme.border,
            zeroline=False,
            showticklabels=False,
            fixedrange=True,
        )
    figure.update_yaxes(scaleanchor="x", scaleratio=1)
    dress(figure, theme, height=_HEIGHT, margin={"l": 36, "r": 24, "t": 44, "b": 40})
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "reversed"},
    )
    return figure


def _place_labels(
    points: NDArray[np.float32], words: Sequence[str], looks: Sequence[tuple[int, int]]
) -> list[str | None]:
    """On which side of its point each word has room, the large ones first; None where it has none.

    A word without room is left off the map; the box under the pointer still says it.
    """
    extent = float(np.ptp(points, axis=0).max(initial=0.0)) or 1.0
    pixels = (points - points.min(axis=0)) * (_ROOM / extent)
    taken = [
        (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
        for (x, y), (size, _) in zip(pixels, looks, strict=False)
    ]
    sides: list[str | None] = [None] * len(words)
    for place in sorted(range(len(words)), key=lambda place: -looks[place][1]):
        (x, y), (size, font) = pixels[place], looks[place]
        length, reach = font * width(words[place]), size / 2 + _LABEL_GAP
        boxes = {
            "top center": (x - length / 2, y + reach, x + length / 2, y + reach + font),
            "bottom center": (x - length / 2, y - reach - font, x + length / 2, y - reach),
            "middle right": (x + reach, y - font / 2, x + reach + length, y + font / 2),
            "middle left": (x - reach - length, y - font / 2, x - reach, y + font / 2),
        }
        for side, box in boxes.items():
            if not any(_overlap(box, other) for other in taken):
                sides[place] = side
                taken.append(box)
                break
    return sides


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes (left, bottom, right, top) share ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
