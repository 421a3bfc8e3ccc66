"""Shares of right answers as bars beside the line of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import column_of_text, label_rows, percent
from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

CHANCE = 0.5  # of two answers

_ROW = 30  # pixels of one row
_AXIS = 52  # pixels below the bars
_FONT = 17  # pixels of a label


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
    names = [f"{place + 1} {plain(score.name)}" for place, score in enumerate(scores)]
    bars = go.Bar(
        x=[score.share for score in scores],
        y=names,
        orientation="h",
        marker={
            "color": [theme.accent if score.is_ours else theme.muted_text for score in scores],
            "line": {"width": 0},
        },
        hovertemplate="%{y}: <b>%{x:.3f}</b><extra></extra>",
    )
    shares = ["" if score.share is None else percent(score.share) for score in scores]
    written = column_of_text(shares, names, x=1.0, theme=theme)
    figure = go.Figure([bars, written])
    label_rows(
        figure, names, [f"<b>{plain(score.name)}</b>" if score.share is None else plain(score.name) for score in scores]
    )
    figure.update_xaxes(
        range=[0, 1],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "", "50\u00a0%", "", "100\u00a0%"],
        gridcolor=theme.border,
        zeroline=False,
        fixedrange=True,
        title=axis_title(text.share, theme),
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
    left = 12 + _FONT * max((width(score.name) for score in scores), default=0)
    dress(figure, theme, height=len(scores) * _ROW + _AXIS + 26, margin={"l": left, "r": 72, "t": 26, "b": _AXIS})
    figure.update_layout(bargap=0.28)
    return figure
