"""Vectors as rows of colour around 0: the embeddings of a token, or the embedding of every position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from figures.labels import plain, width
from figures.look import axis_title, cell_axis, diverging_scale, dress, row_axis
from figures.theme import Theme

_FONT = 15  # pixels of a row's name
_AXIS = 50  # pixels below the rows
_SCALE = 70  # pixels of the colour scales at the right
_BETWEEN = 26  # pixels between two groups


@dataclass(frozen=True, eq=False)
class Group:
    """Rows that share a scale."""

    values: NDArray[np.float32]  # (row, dimension)
    names: Sequence[str]  # one for each row; where there are none, the rows are counted from 1

    @property
    def limit(self) -> float:
        """The end of the scale on both sides of 0: the largest number without its sign."""
        return float(np.abs(self.values).max(initial=0.0)) or 1.0


@dataclass(frozen=True)
class DivergingText:
    """The words on the figure, in the reader's language."""

    dimension: str  # title of the columns
    row: str  # title of rows that are counted; empty where they have names


def vector_rows(
    groups: Sequence[Group], *, theme: Theme, text: DivergingText, row_height: float, picked: int | None = None
) -> go.Figure:
    """Draw groups of vectors one under the other, each group on a scale of its own, centred on 0.

    Args:
        groups: all of the same width.
        theme: the variant of the palette.
        text: titles of the axes.
        row_height: pixels.
        picked: a dimension to be framed.

    Returns:
        A figure whose z are the numbers given, in float32.
    """
    heights = [len(group.values) * row_height for group in groups]
    inner = sum(heights) + _BETWEEN * (len(groups) - 1)
    figure = make_subplots(
        rows=len(groups),
        shared_xaxes=True,
        row_heights=heights,
        vertical_spacing=_BETWEEN / inner if len(groups) > 1 else 0,
    )
    names = [name for group in groups for name in group.names]
    margin = 12 + _FONT * max((width(name) for name in names), default=0) if names else 56
    top = inner
    for row, (group, height) in enumerate(zip(groups, heights, strict=True), 1):
        _add_group(figure, group, row, theme, text, (top - height / 2) / inner, height)
        top -= height + _BETWEEN
        if picked is not None:
            figure.add_vrect(picked + 0.4, picked + 1.6, row=row, line={"color": theme.text, "width": 1.5})
    figure.update_xaxes(cell_axis(tickfont={"size": 13}))
    figure.update_xaxes(title=axis_title(text.dimension, theme), row=len(groups))
    dress(figure, theme, height=inner + _AXIS + 8, margin={"l": margin, "r": _SCALE, "t": 8, "b": _AXIS})
    return figure


def _add_group(
    figure: go.Figure, group: Group, row: int, theme: Theme, text: DivergingText, middle: float, height: float
) -> None:
    """Put one group and its colour scale into its place, whose middle is a share of the whole height."""
    count, dimensions = group.values.shape
    limit = group.limit
    name = "<b>%{customdata}</b>, " if group.names else f"{text.row} %{{y}}, "
    figure.add_heatmap(
        z=np.asarray(group.values, dtype=np.float32),
        x0=1,
        dx=1,
        y0=1,
        dy=1,
        customdata=[[plain(name)] * dimensions for name in group.names] if group.names else None,
        zmin=-limit,
        zmax=limit,
        colorscale=diverging_scale(theme),
        hovertemplate=f"{name}{text.dimension} %{{x}}: <b>%{{z:.4f}}</b><extra></extra>",
        colorbar={
            "thickness": 10,
            "lenmode": "pixels",
            "len": max(64.0, min(height, 240.0)),
            "y": middle,
            "outlinewidth": 0,
            "tickvals": [-limit, 0, limit],
            "ticktext": [f"−{limit:.2f}", "0", f"{limit:.2f}"],
            "tickfont": {"size": 12},
        },
        row=row,
        col=1,
    )
    rows = row_axis(
        _FONT if group.names else 13,
        autorange="reversed",
        tickvals=list(range(1, count + 1)) if group.names else None,
        ticktext=[plain(name) for name in group.names] if group.names else None,
        title=None if group.names else axis_title(text.row, theme),
    )
    figure.update_yaxes(cell_axis(**rows), row=row, col=1)
