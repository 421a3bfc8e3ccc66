"""Measured quantities against one that is varied, as lines with their names at their ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 320  # pixels
_FONT = 15
_BETWEEN = 18  # pixels from one name to the next
_PLOT = _HEIGHT - 64  # pixels between the margins


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
    lifts = _lifts([line.y[-1] for line in lines], max((max(line.y) for line in lines), default=0.0))
    figure = go.Figure(
        [
            go.Scatter(
                x=list(x),
                y=list(line.y),
                mode="lines+markers+text",
                name=plain(line.name),
                line={"color": line.colour, "width": 3},
                marker={"size": 8},
                text=[""] * (len(x) - 1) + [plain(line.name) if lift == 0 else ""],
                textposition="middle right",
                textfont={"color": line.colour, "size": _FONT},
                cliponaxis=False,
                hovertemplate=f"{plain(line.name)}<br>%{{x}}: <b>%{{y:.4f}}</b><extra></extra>",
            )
            for line, lift in zip(lines, lifts, strict=True)
        ]
    )
    for line, lift in zip(lines, lifts, strict=True):
        if lift:
            figure.add_annotation(
                x=math.log10(x[-1]) if x_is_log else x[-1],
                y=line.y[-1],
                text=plain(line.name),
                font={"color": line.colour, "size": _FONT},
                showarrow=False,
                xanchor="left",
                xshift=8,
                yshift=lift,
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


def _lifts(ends: Sequence[float], largest: float) -> list[float]:
    """Pixels by which each name is lifted so that no two overlap; 0 for all where the ends lie far enough apart."""
    places = [_PLOT * end / (largest or 1.0) for end in ends]
    lifts = [0.0] * len(ends)
    below = -math.inf
    for number in sorted(range(len(ends)), key=lambda number: places[number]):
        if math.isnan(places[number]):
            continue
        lifts[number] = max(0.0, below + _BETWEEN - places[number])
        below = places[number] + lifts[number]
    return lifts
