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
from figures.placement import Room, annotation, place_labels
from figures.theme import Theme

PointKind = Literal["picked", "sentence", "neighbour"]

_HEIGHT = 600  # pixels
_ROOM = Room(narrowest=460, widest=460, height=460)  # the square that the points have at least on a laptop


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
    colours: dict[PointKind, str] = {
        "neighbour": theme.muted_text,
        "sentence": theme.segments[1],
        "picked": theme.accent,
    }
    for kind, colour in colours.items():
        members = [place for place, each in enumerate(kinds) if each == kind]
        figure.add_scatter(
            x=points[members, 0],
            y=points[members, 1],
            mode="markers",
            name=text.kinds[kind],
            customdata=[plain(words[place]) for place in members],
            marker={"size": _LOOKS[kind][0], "color": colour},
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
        annotations=_labels(points, words, kinds, colours, theme),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "reversed"},
    )
    return figure


def _labels(
    points: NDArray[np.float32],
    words: Sequence[str],
    kinds: Sequence[PointKind],
    colours: dict[PointKind, str],
    theme: Theme,
) -> list[dict[str, object]]:
    """The words, as far as there is room, the large ones first; of the others the box under the pointer tells."""
    extent = float(np.ptp(points, axis=0).max(initial=0.0)) or 1.0
    order = sorted(range(len(words)), key=lambda place: -_LOOKS[kinds[place]][1])
    fonts = [_LOOKS[kinds[place]][1] for place in order]
    sizes = [(font * width(words[place]), font * 1.3) for place, font in zip(order, fonts, strict=True)]
    shares = ((points - points.min(axis=0)) / extent)[order].astype(np.float64)
    offsets = place_labels(shares, np.array(sizes), [_LOOKS[kinds[place]][0] for place in order], _ROOM)
    return [
        annotation(
            offset,
            points[place].tolist(),
            plain(words[place]),
            size=font,
            colour=colours[kinds[place]],
            line=theme.muted_text,
        )
        for place, font, offset in zip(order, fonts, offsets, strict=True)
        if offset is not None
    ]
