"""Bars on a scale from 0 to 1 with the line of chance, each below its own name, which may be as long as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import bar_trace, percent, written
from figures.labels import plain
from figures.look import dress, interval, probability_axis
from figures.theme import Theme

_PAIR, _SHARE = 54, 62  # pixels of one pair and of one share: its name, and the bar below
_PERCENT = 66  # pixels for the number behind the longest bar
_ABOVE = 26  # pixels for the name of the line of chance
_AXIS = 52  # pixels below the bars
_FONT = 15  # pixels of a name


@dataclass(frozen=True)
class PairBar:
    """One pair."""

    name: str  # what kind of pair it is, in the reader's language
    second: str  # its second sentence, of which the beginning is shown
    probability: float  # P(IsNext), 0 to 1


@dataclass(frozen=True)
class PairBarsText:
    """The words on the figure of pairs, in the reader's language."""

    probability: str  # title of the scale


@dataclass(frozen=True)
class AccuracyBar:
    """One share with what chance leaves open."""

    name: str  # in the reader's language
    share: float  # 0 to 1
    low: float  # the lower end of the interval
    high: float  # the upper end


@dataclass(frozen=True)
class AccuracyBarsText:
    """The words on the figure of shares, in the reader's language."""

    accuracy: str  # title of the scale
    chance: str  # of the line at one half


def pair_bars(bars: Sequence[PairBar], *, theme: Theme, text: PairBarsText, current: int) -> go.Figure:
    """Draw how much a model believes each of several pairs, from top to bottom as they are given.

    Args:
        bars: at least one.
        theme: the variant of the palette.
        text: title of the scale.
        current: index of the pair that is on the page; its bar is strong, the others are pale.
    """
    trace = bar_trace(
        _rows(bars),
        [bar.probability for bar in bars],
        theme.accent,
        hover="%{customdata[0]}: <b>%{x:.4f}</b><extra></extra>",
        marker={"opacity": [1.0 if place == current else 0.4 for place in range(len(bars))]},
        width=0.46,
        offset=-0.05,
        customdata=[[plain(bar.name), plain(bar.second)] for bar in bars],
        ends=written([percent(bar.probability) for bar in bars], size=16, colour=theme.text),
    )
    names = [f"<b>{plain(bar.name)}</b>" if place == current else plain(bar.name) for place, bar in enumerate(bars)]
    figure = _captioned(
        trace,
        [
            f'{name} <span style="color:{theme.muted_text}">{plain(bar.second)}</span>'
            for name, bar in zip(names, bars, strict=True)
        ],
        theme=theme,
        title=text.probability,
        lift=0.28,
        edge=0.5,
    )
    figure.add_vline(x=0.5, line={"color": theme.muted_text, "width": 1.5, "dash": "dot"}, layer="below")
    dress(figure, theme, height=len(bars) * _PAIR + _AXIS, margin={"l": 4, "r": _PERCENT, "t": 0, "b": _AXIS})
    return figure


def accuracy_bars(bars: Sequence[AccuracyBar], *, theme: Theme, text: AccuracyBarsText) -> go.Figure:
    """Draw shares of right answers from top to bottom as they are given, each with its interval on it.

    Args:
        bars: at least one.
        theme: the variant of the palette.
        text: titles.
    """
    trace = bar_trace(
        _rows(bars),
        [bar.share for bar in bars],
        theme.accent,
        hover="%{customdata[0]}: <b>%{x:.4f}</b> (%{customdata[1]:.4f}–%{customdata[2]:.4f})<extra></extra>",
        width=0.4,
        offset=0.0,
        error_x=interval([(bar.low, bar.share, bar.high) for bar in bars], color=theme.text, thickness=2, width=6),
        customdata=[[bar.name, bar.low, bar.high] for bar in bars],
    )
    captions = [f"{bar.name} <b>{percent(bar.share)}</b>" for bar in bars]
    figure = _captioned(trace, captions, theme=theme, title=text.accuracy, lift=0.2, edge=0.55)
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
    dress(figure, theme, height=len(bars) * _SHARE + _ABOVE + _AXIS, margin={"l": 4, "r": 16, "t": _ABOVE, "b": _AXIS})
    return figure


def _rows(bars: Sequence[object]) -> list[str]:
    """What plotly tells the rows apart by."""
    return [str(place) for place in range(len(bars))]


def _captioned(
    trace: Mapping[str, object], captions: Sequence[str], *, theme: Theme, title: str, lift: float, edge: float
) -> go.Figure:
    """The bars, each with its caption above it.

    Args:
        trace: the bars.
        captions: in plotly's markup.
        theme: the variant of the palette.
        title: of the scale.
        lift: from the middle of a row to its caption, in rows.
        edge: from the middle of the first row, and of the last, to the edge of the figure, in rows.
    """
    rows = {
        "type": "category",
        "range": [len(captions) - 1 + edge, -edge],
        "showticklabels": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": False,
    }
    above = [
        {
            "x": 0,
            "y": place - lift,
            "text": caption,
            "showarrow": False,
            "xanchor": "left",
            "yanchor": "middle",
            "bgcolor": theme.background,
            "borderpad": 1,
            "font": {"size": _FONT, "color": theme.text},
        }
        for place, caption in enumerate(captions)
    ]
    return go.Figure([trace], {"xaxis": probability_axis(title, theme), "yaxis": rows, "annotations": above})
