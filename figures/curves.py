"""Measured quantities against one that is varied, as lines with their names at their ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 320  # pixels
_FONT = 15


@dataclass(frozen=True)
class Curve:
    """One line."""

    name: str
    y: Sequence[float]
    colour: str  # of the palette


def curves(
    x: Sequence[float], lines: Sequence[Curve], *, theme: Theme, x_title: str, y_title: str, x_is_log: bool = False
) -> go.Figure:
    """Draw lines over one axis from 0 up; each has its name at its right end, so that no legend is needed.

    Args:
        x: the quantity that is varied.
        lines: what was measured at each x.
        theme: the variant of the palette.
        x_title, y_title: of the axes, in the reader's language.
        x_is_log: equal factors at equal distances.

    Raises:
        ValueError: a line has not one value for each x.
    """
    if any(len(line.y) != len(x) for line in lines):
        raise ValueError(f"each line needs {len(x)} values, not {[len(line.y) for line in lines]}")
    figure = go.Figure(
        [
            go.Scatter(
                x=list(x),
                y=list(line.y),
                mode="lines+markers+text",
                name=plain(line.name),
                line={"color": line.colour, "width": 3},
                marker={"size": 8},
                text=[""] * (len(x) - 1) + [plain(line.name)],
                textposition="middle right",
                textfont={"color": line.colour, "size": _FONT},
                cliponaxis=False,
                hovertemplate=f"{plain(line.name)}<br>%{{x}}: <b>%{{y:.4f}}</b><extra></extra>",
            )
            for line in lines
        ]
    )
    axis: Mapping[str, object] = {
        "gridcolor": theme.border,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": 14},
    }
    figure.update_xaxes(
        **axis, type="log" if x_is_log else "linear", tickvals=list(x), title=axis_title(x_title, theme), showgrid=False
    )
    figure.update_yaxes(**axis, rangemode="tozero", title=axis_title(y_title, theme))
    longest = max(width(line.name) for line in lines)
    dress(figure, theme, height=_HEIGHT, margin={"l": 56, "r": 16 + _FONT * longest, "t": 8, "b": 56})
    return figure
