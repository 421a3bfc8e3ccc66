"""The attention of one head as a heat map: a row for each position that looks, a column for each looked at."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.labels import coloured, plain, width
from figures.look import dress
from figures.theme import Theme

_SMALLEST_CELL, _LARGEST_CELL = 13, 40  # pixels, height of a row
_TALLEST = 620  # pixels of all rows together, before they become lower
_MANY = 32  # positions, from which on cells touch and not every column has room for its label
_TITLE = 34  # pixels of an axis title
_SCALE = 74  # pixels of the colour scale below the cells


@dataclass(frozen=True)
class HeatmapText:
    """The words on the heat map, in the reader's language."""

    query: str  # title of the rows
    key: str  # title of the columns
    probability: str  # title of the colour scale


def attention_heatmap(
    probs: NDArray[np.float32],
    tokens: Sequence[str],
    *,
    theme: Theme,
    text: HeatmapText,
    special: Collection[int] = (),
    masked: Collection[int] = (),
    picked: tuple[int, int] | None = None,
) -> go.Figure:
    """Draw attention on a scale that is always 0 to 1, so that heads can be compared.

    Args:
        probs: (query, key) attention probabilities; each row sums to 1.
        tokens: one label per position; equal tokens stay apart.
        theme: the variant of the palette.
        text: titles of the axes and the scale.
        special: positions of [CLS] and [SEP], written in their colour.
        masked: positions of masked words, written in their colour.
        picked: a (query, key) cell to be framed.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: tokens and probs are not of the same length.
    """
    size = len(tokens)
    if probs.shape != (size, size):
        raise ValueError(f"{size} tokens do not fit probs of shape {probs.shape}")
    names = [f"{position + 1} {plain(token)}" for position, token in enumerate(tokens)]
    labels = [_label(token, position, special, masked, theme) for position, token in enumerate(tokens)]
    gap = 1 if size <= _MANY else 0
    figure = go.Figure(
        go.Heatmap(
            z=np.asarray(probs, dtype=np.float32),
            x=names,
            y=names,
            zmin=0.0,
            zmax=1.0,
            colorscale=[(step / 9, colour) for step, colour in enumerate(theme.sequential)],
            xgap=gap,
            ygap=gap,
            hovertemplate=f"{text.query}: %{{y}}<br>{text.key}: %{{x}}<br>"
            f"{text.probability}: <b>%{{z:.4f}}</b><extra></extra>",
            colorbar={
                "title": {
                    "text": text.probability,
                    "side": "top",
                    "font": {"color": theme.muted_text, "size": 14},
                },
                "orientation": "h",
                "thickness": 12,
                "len": 0.6,
                "y": 0,
                "yanchor": "top",
                "outlinewidth": 0,
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
            },
        )
    )
    cell = max(_SMALLEST_CELL, min(_LARGEST_CELL, _TALLEST // size))
    font = max(10, min(16, cell - 3))
    longest = font * max(width(token) for token in tokens)
    axis = {
        "type": "category",  # "1 ." would be taken for the number 1
        "tickfont": {"size": font},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": False,
        "ticklabelstandoff": 5,
    }
    every = math.ceil(size / _MANY)
    figure.update_xaxes(
        **axis,
        tickvals=names[::every],
        ticktext=labels[::every],
        side="top",
        tickangle=-90,
        title=_title(text.key, theme.key, longest),
    )
    figure.update_yaxes(
        **axis, tickvals=names, ticktext=labels, autorange="reversed", title=_title(text.query, theme.query, longest)
    )
    if picked is not None:
        _frame(figure, picked, theme)
    dress(
        figure,
        theme,
        height=size * cell + longest + _TITLE + _SCALE,
        margin={"l": longest + _TITLE, "r": 12, "t": longest + _TITLE, "b": _SCALE},
    )
    figure.update_layout(plot_bgcolor=theme.border)
    return figure


def _label(token: str, position: int, special: Collection[int], masked: Collection[int], theme: Theme) -> str:
    """The token as a tick label, in the colour of what it is."""
    if position in masked:
        return coloured(token, theme.masked)
    if position in special:
        return coloured(token, theme.special)
    return plain(token)


def _title(text: str, colour: str, standoff: float) -> dict[str, object]:
    """An axis title in the colour of the role it names, beyond the tick labels."""
    return {"text": text, "font": {"color": colour, "size": 15}, "standoff": standoff}


def _frame(figure: go.Figure, picked: tuple[int, int], theme: Theme) -> None:
    """Frame one cell so that it is seen on every shade: a light line on a dark one, or the other way round."""
    query, key = picked
    for colour, thickness in ((theme.text, 5), (theme.background, 2)):
        figure.add_shape(
            type="rect",
            x0=key - 0.5,
            x1=key + 0.5,
            y0=query - 0.5,
            y1=query + 0.5,
            line={"color": colour, "width": thickness},
        )
