"""Shares of right answers as bars beside the line of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import bar_trace, column_of_text, percent, rows_of_bars
from figures.labels import numbered, plain
from figures.look import scale_axis
from figures.theme import Theme

CHANCE = 0.5  # of two answers

_ROW = 30  # pixels of one row
_ABOVE = 26  # pixels for the name of the line


@dataclass(frozen=True)
class Score:
    """One row: a share with its name, or the title of those that follow."""

    name: str
    share: float | None  # 0 to 1; None for a title
    is_ours: bool = True  # otherwise it stands pale: quoted, for comparison


@dataclass(frozen=True)
class ScoresText:
    """The words on the figure, in the reader's language."""

    share: str  # title of the scale
    chance: str  # name of the line


def score_bars(scores: Sequence[Score], *, theme: Theme, text: ScoresText) -> go.Figure:
    """Draw the rows from top to bottom as they are given, on a scale from 0 to 1."""
    named = [score.name for score in scores]
    names = numbered(named)
    bars = bar_trace(
        names,
        [score.share for score in scores],
        [theme.accent if score.is_ours else theme.muted_text for score in scores],
        hover="%{y}: <b>%{x:.3f}</b><extra></extra>",
    )
    shares = ["" if score.share is None else percent(score.share) for score in scores]
    figure = rows_of_bars(
        [bars, column_of_text(shares, names, x=1.0, theme=theme)],
        named,
        theme=theme,
        scale=scale_axis(
            text.share,
            theme,
            range=[0, 1],
            tickvals=[0, 0.25, 0.5, 0.75, 1],
            ticktext=["0", "", "50\u00a0%", "", "100\u00a0%"],
        ),
        row=_ROW,
        right=72,
        gap=0.28,
        above=_ABOVE,
        labels=[f"<b>{plain(score.name)}</b>" if score.share is None else plain(score.name) for score in scores],
    )
    figure.add_vline(
        x=CHANCE,
        line={"color": theme.text, "width": 2, "dash": "dash"},
        annotation={
            "text": plain(text.chance),
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "xanchor": "center",
            "font": {"color": theme.text, "size": 14},
        },
    )
    return figure
