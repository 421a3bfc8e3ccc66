"""Shares of right answers as bars with their intervals, and the line of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import percent
from figures.look import dress, probability_axis
from figures.theme import Theme

_ROW = 62  # pixels of one share: its name, and the bar below
_ABOVE = 26  # pixels for the name of the line of chance
_AXIS = 52  # pixels below the bars
_FONT = 15  # pixels of a name


@dataclass(frozen=True)
class AccuracyBar:
    """One share with what chance leaves open."""

    name: str  # in the reader's language
    share: float  # 0 to 1
    low: float  # the lower end of the interval
    high: float  # the upper end


@dataclass(frozen=True)
class AccuracyBarsText:
    """The words on the figure, in the reader's language."""

    accuracy: str  # title of the scale
    chance: str  # of the line at one half


def accuracy_bars(bars: Sequence[AccuracyBar], *, theme: Theme, text: AccuracyBarsText) -> go.Figure:
    """Draw the shares from top to bottom as they are given, each with its name above the bar and its interval on it.

    Args:
        bars: at least one.
        theme: the variant of the palette.
        text: titles.
    """
    figure = go.Figure(
        go.Bar(
            x=[bar.share for bar in bars],
            y=[str(place) for place in range(len(bars))],
            orientation="h",
            width=0.4,
            offset=0.0,
            marker={"color": theme.accent, "line": {"width": 0}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [bar.high - bar.share for bar in bars],
                "arrayminus": [bar.share - bar.low for bar in bars],
                "color": theme.text,
                "thickness": 2,
                "width": 6,
            },
            customdata=[[bar.name, bar.low, bar.high] for bar in bars],
            hovertemplate=(
                "%{customdata[0]}: <b>%{x:.4f}</b> (%{customdata[1]:.4f}–%{customdata[2]:.4f})<extra></extra>"
            ),
        )
    )
    for place, bar in enumerate(bars):
        figure.add_annotation(
            x=0,
            y=place - 0.2,
            text=f"{bar.name} <b>{percent(bar.share)}</b>",
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            bgcolor=theme.background,
            borderpad=1,
            font={"size": _FONT, "color": theme.text},
        )
    figure.add_vline(x=0.5, line={"color": theme.muted_text, "width": 2, "dash": "dot"})
    figure.add_annotation(
        x=0.5,
        y=1,
        yref="paper",
        text=text.chance,
        showarrow=False,
        yanchor="bottom",
        font={"size": 14, "color": theme.muted_text},
    )
    figure.update_yaxes(
        type="category",
        range=[len(bars) - 0.45, -0.55],
        showticklabels=False,
        ticks="",
        fixedrange=True,
        automargin=False,
    )
    figure.update_xaxes(**probability_axis(text.accuracy, theme))
    dress(figure, theme, height=len(bars) * _ROW + _ABOVE + _AXIS, margin={"l": 4, "r": 16, "t": _ABOVE, "b": _AXIS})
    return figure
