"""A square heat map on a scale from 0 to 1: what attention and the likeness of heads are both drawn with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.look import axis_title, dress
from figures.theme import Theme

_TITLE = 34  # pixels of an axis title
_SCALE = 76  # pixels of the colour scale below the cells


@dataclass(frozen=True)
class SquareSize:
    """How large the cells are, and from when on they touch."""

    smallest: int  # pixels, height of a row
    largest: int
    tallest: int  # pixels of all rows together, before they become lower
    many: int  # rows, from which on cells touch and not every column has room for its label
    font: int  # pixels of a label, where there is room


def square_heatmap(
    values: NDArray[np.float32],
    names: Sequence[str],
    *,
    theme: Theme,
    colours: Sequence[str],
    hover: str,
    scale: str,
    titles: Mapping[str, tuple[str, str]],
    widest: float,
    size: SquareSize,
    labels: Sequence[str] | None = None,
    every_row: bool = True,
) -> go.Figure:
    """Draw a square of numbers between 0 and 1.

    Args:
        values: (row, column).
        names: of the rows and of the columns, each different.
        theme: the variant of the palette.
        colours: from 0 to 1.
        hover: what the pointer reads, as plotly's template.
        scale: title of the colour scale.
        titles: for the axes "x" and "y", title and colour.
        widest: the width of the longest label, in characters.
        size: of the cells.
        labels: as they are written at the rows and columns, names if None.
        every_row: whether each row has its label even where not every column has.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: names and values are not of the same length.
    """
    count = len(names)
    if values.shape != (count, count):
        raise ValueError(f"{count} names do not fit values of shape {values.shape}")
    cell = max(size.smallest, min(size.largest, size.tallest // count))
    font = max(10, min(size.font, cell - 3))
    longest = font * widest
    gap = 1 if count <= size.many else 0
    title = axis_title(scale, theme)
    figure = go.Figure(
        go.Heatmap(
            z=np.asarray(values, dtype=np.float32),
            x=list(names),
            y=list(names),
            zmin=0.0,
            zmax=1.0,
            colorscale=[(step / (len(colours) - 1), colour) for step, colour in enumerate(colours)],
            xgap=gap,
            ygap=gap,
            hovertemplate=hover,
            colorbar={
                "title": {"text": title["text"], "side": "top", "font": title["font"]},
                "orientation": "h",
                "thickness": 12,
                "len": 0.7,
                "y": 0,
                "yanchor": "top",
                "outlinewidth": 0,
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
            },
        )
    )
    written = list(labels or names)
    sparse = slice(None, None, math.ceil(count / size.many))
    for axis, ticks in (("x", sparse), ("y", slice(None) if every_row else sparse)):
        text, colour = titles[axis]
        figure.update_layout(
            {
                f"{axis}axis": {
                    "type": "category",  # "1 ." or "1.2" would be taken for a number
                    "tickvals": list(names)[ticks],
                    "ticktext": written[ticks],
                    "tickfont": {"size": font},
                    "showgrid": False,
                    "zeroline": False,
                    "ticks": "",
                    "fixedrange": True,
                    "automargin": False,
                    "ticklabelstandoff": 5,
                    "title": {"text": text, "font": {"color": colour, "size": 15}, "standoff": longest},
                }
            }
        )
    figure.update_xaxes(side="top", tickangle=-90)
    figure.update_yaxes(autorange="reversed")
    dress(
        figure,
        theme,
        height=count * cell + longest + _TITLE + _SCALE,
        margin={"l": longest + _TITLE, "r": 12, "t": longest + _TITLE, "b": _SCALE},
    )
    figure.update_layout(plot_bgcolor=theme.border)
    return figure
