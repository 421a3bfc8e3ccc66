"""How alike positions are by their distance: a line for each table of positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 460  # pixels
_FONT = 15  # pixels of a line's name


@dataclass(frozen=True)
class Curve:
    """One line, from distance 0 on."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class CurvesText:
    """The words on the figure, in the reader's language."""

    distance: str  # title of the horizontal axis
    measure: str  # title of the vertical axis


def distance_curves(first: Curve, second: Curve, *, theme: Theme, text: CurvesText) -> go.Figure:
    """Draw two lines on one scale; the second is dashed, and each has its name at its end."""
    figure = go.Figure()
    for curve, colour, dash in ((first, theme.segments[0], "solid"), (second, theme.segments[1], "dash")):
        figure.add_scatter(
            x=list(range(len(curve.values))),
            y=list(curve.values),
            mode="lines",
            name=curve.name,
            line={"color": colour, "width": 3, "dash": dash},
            hovertemplate=f"<b>{curve.name}</b><br>{text.distance} %{{x}}: %{{y:.4f}}<extra></extra>",
        )
    figure.update_xaxes(
        title=axis_title(text.distance, theme),
        gridcolor=theme.border,
        zeroline=False,
        fixedrange=True,
        tickfont={"size": 14},
    )
    figure.update_yaxes(
        title=axis_title(text.measure, theme),
        gridcolor=theme.border,
        zerolinecolor=theme.muted_text,
        fixedrange=True,
        tickfont={"size": 14},
    )
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": _FONT}},
    )
    dress(figure, theme, height=_HEIGHT, margin={"l": 64, "r": 16, "t": 40, "b": 52})
    figure.update_layout(showlegend=True)
    return figure
