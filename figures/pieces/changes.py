"""What a new order of the words changes: a row for each token, a column for each stage of the model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.bars import percent
from figures.labels import labels, numbered, width
from figures.look import axis_title, cell_axis, dress, row_axis, sequential_scale
from figures.matrix import ink, shade
from figures.theme import Theme

_TALLEST, _LARGEST, _SMALLEST = 620, 36, 20  # pixels of all rows, of the largest and of the smallest row
_NUMBERED = 8  # stages, of which each cell has room for its number
_FONT = 16  # pixels of a token
_TOP = 58  # pixels of the names of the stages


@dataclass(frozen=True)
class ChangesText:
    """The words on the figure, in the reader's language."""

    change: str  # what a cell is
    start: str  # the first column, before any layer
    layer: str  # title of the other columns, which are counted


def change_grid(
    change: NDArray[np.float32],
    tokens: Sequence[str],
    *,
    theme: Theme,
    text: ChangesText,
    moved: Collection[int] = (),
) -> go.Figure:
    """Draw the changes on a scale from nothing to the vector's own length.

    Args:
        change: (token, stage) before any layer and after each: length of the difference over the length of the
            vector; 0 = the same.
        tokens: one for each row; equal tokens stay apart.
        theme: the variant of the palette.
        text: what a number is, and the titles.
        moved: rows of the tokens that stand elsewhere now; written in the accent.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: tokens and change are not of the same length.
    """
    if len(change) != len(tokens):
        raise ValueError(f"{len(tokens)} tokens do not fit change of shape {change.shape}")
    stages = range(change.shape[1])
    names = numbered(tokens)
    row = max(_SMALLEST, min(_LARGEST, _TALLEST // len(tokens)))
    figure = go.Figure(
        go.Heatmap(
            z=np.asarray(change, dtype=np.float32),
            y=names,
            zmin=0,
            zmax=1,
            colorscale=sequential_scale(theme),
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=[[percent(value) for value in values] for values in change.tolist()],
            hovertemplate=f"%{{y}}<br>{text.change}: <b>%{{customdata}}</b><extra></extra>",
        )
    )
    if len(stages) <= _NUMBERED:
        places = [(token, stage) for token in range(len(tokens)) for stage in stages]
        figure.add_scatter(
            x=[stage for _, stage in places],
            y=[names[token] for token, _ in places],
            mode="text",
            text=[percent(float(change[place])) for place in places],
            textfont={
                "size": min(_FONT, row - 5),
                "color": [ink(shade(float(change[place]), 1.0, theme, is_probability=True)) for place in places],
            },
            hoverinfo="skip",
        )
    figure.update_xaxes(
        cell_axis(
            side="top",
            tickvals=list(stages),
            ticktext=[str(stage) if stage else text.start for stage in stages],
            tickangle=0,
            title=axis_title(text.layer, theme),
            tickfont={"size": 14},
        )
    )
    rows = row_axis(
        min(_FONT, row - 4),
        type="category",  # "1 ." would be taken for the number 1
        tickvals=names,
        ticktext=labels(tokens, dict.fromkeys(moved, theme.accent)),
        autorange="reversed",
    )
    figure.update_yaxes(cell_axis(**rows))
    margin = 12 + _FONT * max(width(token) for token in tokens)
    dress(figure, theme, height=len(tokens) * row + _TOP + 8, margin={"l": margin, "r": 8, "t": _TOP, "b": 8})
    return figure
