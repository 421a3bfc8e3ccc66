"""How differently each two heads look, as a heat map in which dark means alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.labels import plain, width
from figures.look import dress
from figures.theme import Theme

_SMALLEST_CELL, _LARGEST_CELL = 5, 34  # pixels, height of a row
_TALLEST = 720  # pixels of all rows together
_MANY = 36  # heads, from which on cells touch and not every one has room for its label
_SCALE = 78  # pixels of the colour scale below the cells
_TITLE = 34  # pixels of an axis title


@dataclass(frozen=True)
class LikenessText:
    """The words on the figure, in the reader's language."""

    head: str  # title of both axes
    divergence: str  # title of the colour scale


def likeness_heatmap(
    divergences: NDArray[np.float32], names: Sequence[str], *, theme: Theme, text: LikenessText
) -> go.Figure:
    """Draw divergences on a scale that is always 0 to 1 bit.

    Args:
        divergences: (head, head) in bits, symmetric; in the order in which they are drawn.
        names: of the heads, each different.
        theme: the variant of the palette.
        text: titles of the axes and the scale.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: names and divergences are not of the same length.
    """
    size = len(names)
    if divergences.shape != (size, size):
        raise ValueError(f"{size} names do not fit divergences of shape {divergences.shape}")
    labels = [plain(name) for name in names]
    gap = 1 if size <= _MANY else 0
    figure = go.Figure(
        go.Heatmap(
            z=np.asarray(divergences, dtype=np.float32),
            x=labels,
            y=labels,
            zmin=0.0,
            zmax=1.0,
            colorscale=[(step / 9, colour) for step, colour in enumerate(reversed(theme.sequential))],
            xgap=gap,
            ygap=gap,
            hovertemplate="%{y} – %{x}: <b>%{z:.4f}</b><extra></extra>",
            colorbar={
                "title": {"text": text.divergence, "side": "top", "font": {"color": theme.muted_text, "size": 14}},
                "orientation": "h",
                "thickness": 12,
                "len": 0.8,
                "y": 0,
                "yanchor": "top",
                "outlinewidth": 0,
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
            },
        )
    )
    cell = max(_SMALLEST_CELL, min(_LARGEST_CELL, _TALLEST // size))
    font = max(10, min(14, cell - 3))
    longest = font * max(width(name) for name in names)
    every = math.ceil(size / _MANY)
    axis = {
        "type": "category",  # "1.2" would be taken for a number
        "tickvals": labels[::every],
        "tickfont": {"size": font},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": False,
        "ticklabelstandoff": 5,
        "title": {"text": text.head, "font": {"color": theme.muted_text, "size": 14}, "standoff": longest},
    }
    figure.update_xaxes(**axis, side="top", tickangle=-90)
    figure.update_yaxes(**axis, autorange="reversed")
    dress(
        figure,
        theme,
        height=size * cell + longest + _TITLE + _SCALE,
        margin={"l": longest + _TITLE, "r": 12, "t": longest + _TITLE, "b": _SCALE},
    )
    figure.update_layout(plot_bgcolor=theme.border)
    return figure
