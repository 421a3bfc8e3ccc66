"""How much a model believes each of several pairs, as bars on a scale from 0 to 1 with the line of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import percent
from figures.labels import plain
from figures.look import dress, probability_axis
from figures.theme import Theme

_ROW = 54  # pixels of one pair: its name, and the bar below
_AXIS = 52  # pixels below the bars
_FONT = 15  # pixels of a name
_PERCENT = 66  # pixels for the number behind the longest bar


@dataclass(frozen=True)
class PairBar:
    """One pair."""

    name: str  # what kind of pair it is, in the reader's language
    second: str  # its second sentence, of which the beginning is shown
    probability: float  # P(IsNext), 0 to 1


@dataclass(frozen=True)
class PairBarsText:
    """The words on the figure, in the reader's language."""

    probability: str  # title of the scale


def pair_bars(bars: Sequence[PairBar], *, theme: Theme, text: PairBarsText, current: int) -> go.Figure:
    """Draw the pairs from top to bottom as they are given, each with its name above the bar.

    Args:
        bars: at least one.
        theme: the variant of the palette.
        text: title of the scale.
        current: index of the pair that is on the page; its bar is strong, the others are pale.
    """
    rows = [str(place) for place in range(len(bars))]
    figure = go.Figure(
        go.Bar(
            x=[bar.probability for bar in bars],
            y=rows,
            orientation="h",
            width=0.46,
            offset=-0.05,
            marker={
                "color": theme.accent,
                "opacity": [1.0 if place == current else 0.4 for place in range(len(bars))],
                "line": {"width": 0},
            },
            text=[percent(bar.probability) for bar in bars],
            textposition="outside",
            textfont={"size": 16, "color": theme.text},
            cliponaxis=False,
            customdata=[[plain(bar.name), plain(bar.second)] for bar in bars],
            hovertemplate="%{customdata[0]}: <b>%{x:.4f}</b><extra></extra>",
        )
    )
    for place, bar in enumerate(bars):
        name = f"<b>{plain(bar.name)}</b>" if place == current else plain(bar.name)
        figure.add_annotation(
            x=0,
            y=place - 0.28,
            text=f'{name} <span style="color:{theme.muted_text}">{plain(bar.second)}</span>',
            showarrow=False,
            bgcolor=theme.background,
            borderpad=1,
            xanchor="left",
            yanchor="middle",
            font={"size": _FONT, "color": theme.text},
        )
    figure.add_vline(x=0.5, line={"color": theme.muted_text, "width": 1.5, "dash": "dot"}, layer="below")
    figure.update_yaxes(
        type="category",
        range=[len(bars) - 0.5, -0.5],
        showticklabels=False,
        ticks="",
        fixedrange=True,
        automargin=False,
    )
    figure.update_xaxes(**probability_axis(text.probability, theme))
    dress(figure, theme, height=len(bars) * _ROW + _AXIS, margin={"l": 4, "r": _PERCENT, "t": 0, "b": _AXIS})
    return figure
