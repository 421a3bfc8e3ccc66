"""The score of every order of some sentences, from the best to the worst, with a few of them named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.labels import plain
from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 340  # pixels
_FONT = 15
_NEAR = 0.12  # of the width: names of points nearer than this stand one above the other
_STEP = 26  # pixels between them


@dataclass(frozen=True)
class OrderMark:
    """An order with a name."""

    name: str
    place: int  # among all orders, from 0, the best first
    colour: str  # of the palette


@dataclass(frozen=True)
class OrderScoresText:
    """The words on the figure, in the reader's language."""

    rank: str  # title of the horizontal axis
    score: str  # title of the vertical axis


def order_scores(
    scores: NDArray[np.float64],
    names: Sequence[str],
    marks: Sequence[OrderMark],
    *,
    theme: Theme,
    text: OrderScoresText,
) -> go.Figure:
    """Draw a point for each order; those with a mark have a larger one and an arrow with their name.

    Args:
        scores: (order,) falling.
        names: of the orders, for the box under the pointer.
        marks: the orders that are named; those at one place share an arrow.
        theme: the variant of the palette.
        text: titles of the axes.

    Raises:
        ValueError: scores and names are not of the same length.
    """
    if len(scores) != len(names):
        raise ValueError(f"{len(scores)} scores do not fit {len(names)} names")
    ranks = np.arange(1, len(scores) + 1)
    figure = go.Figure(
        go.Scatter(
            x=ranks,
            y=scores,
            mode="markers",
            marker={"color": theme.muted_text, "size": 6 if len(scores) < 200 else 4},
            text=[plain(name) for name in names],
            hovertemplate="<b>%{text}</b><br>%{x}: %{y:.4f}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[ranks[mark.place] for mark in marks],
        y=[scores[mark.place] for mark in marks],
        mode="markers",
        marker={
            "color": [mark.colour for mark in marks],
            "size": 14,
            "line": {"color": theme.background, "width": 2},
        },
        text=[plain(names[mark.place]) for mark in marks],
        hovertemplate="<b>%{text}</b><br>%{x}: %{y:.4f}<extra></extra>",
    )
    for place, level in _levels([mark.place for mark in marks], len(scores)).items():
        there = [mark for mark in marks if mark.place == place]
        is_right = _is_right(place, len(scores))
        figure.add_annotation(
            x=ranks[place],
            y=scores[place],
            text=" = ".join(f'<span style="color:{mark.colour}"><b>{plain(mark.name)}</b></span>' for mark in there),
            font={"size": _FONT},
            ax=-44 if is_right else 44,
            ay=(38 + _STEP * level) if is_right else -(24 + _STEP * level),
            xanchor="right" if is_right else "left",
            arrowcolor=theme.muted_text,
            arrowwidth=1.5,
            arrowhead=0,
            standoff=8,
        )
    low, high = float(scores[-1]), float(scores[0])
    room = 0.3 * (high - low or 1.0)
    axis = {"gridcolor": theme.border, "zeroline": False, "fixedrange": True, "tickfont": {"size": 14}}
    figure.update_xaxes(
        **axis,
        range=[0.5 - 0.02 * len(scores), len(scores) + 0.5 + 0.02 * len(scores)],
        title=axis_title(text.rank, theme),
        showgrid=False,
    )
    figure.update_yaxes(**axis, range=[low - room, high + room], title=axis_title(text.score, theme))
    dress(figure, theme, height=_HEIGHT, margin={"l": 64, "r": 16, "t": 8, "b": 52})
    return figure


def _is_right(place: int, count: int) -> bool:
    """Whether its name stands at the lower left of a point, and not at the upper right; the points fall."""
    return place > count / 2


def _levels(places: Sequence[int], count: int) -> dict[int, int]:
    """How far from its point each place has its name: 0, or more where others are near, so that no arrow meets one."""
    levels: dict[int, int] = {}
    right = sorted({place for place in places if _is_right(place, count)})
    left = sorted(set(places) - set(right), reverse=True)
    for side in (right, left):
        for place in side:
            near = [levels[other] for other in side if other in levels and abs(place - other) < _NEAR * count]
            levels[place] = max(near, default=-1) + 1
    return levels
