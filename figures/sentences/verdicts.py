"""What the model said to pairs of several kinds: a row for each kind, a point for each pair, on a scale of log-odds."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import plain
from figures.look import dress, scale_axis
from figures.theme import Theme

_ROW, _AXIS, _TOP = 104, 60, 30  # pixels of a kind, below and above
_FONT = 15
_TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)  # probabilities that the scale names
_LEAST = 5.2  # natural log-odds that the scale has at least, on both sides
_AROUND = 1.12  # of the scale: room for the outermost points
_NEAR = 0.11  # of half the scale: points nearer than this would cover each other


@dataclass(frozen=True)
class Verdict:
    """The model's answer to one pair."""

    kind: int  # its row
    log_odds: float  # natural logarithm of P(IsNext) / P(NotNext); above 0 the model says that it follows
    is_right: bool
    first: str
    then: str
    number: int | None = None  # written on it; None for a pair in the background


@dataclass(frozen=True)
class VerdictsText:
    """The words on the figure, in the reader's language."""

    probability: str  # title of the scale
    follows: str  # what the model says on the right
    does_not: str  # and on the left


def verdicts(
    kinds: Sequence[str], shares: Sequence[str], answers: Sequence[Verdict], *, theme: Theme, text: VerdictsText
) -> go.Figure:
    """Draw the answers: circles where the model is right, squares where it is wrong.

    Args:
        kinds: names of the rows, from top to bottom.
        shares: how many of each kind are right, written beside its name.
        answers: a point for each.
        theme: the variant of the palette.
        text: the words on the figure.

    Raises:
        ValueError: kinds and shares are not of the same length.
    """
    if len(kinds) != len(shares):
        raise ValueError(f"{len(kinds)} kinds do not fit {len(shares)} shares")
    figure = go.Figure()
    bound = max([_LEAST, *(abs(answer.log_odds) for answer in answers)]) * _AROUND
    for is_named in (False, True):
        points = [answer for answer in answers if (answer.number is not None) == is_named]
        figure.add_scatter(
            x=[point.log_odds for point in points],
            y=_heights(points, bound) if is_named else [float(point.kind) for point in points],
            mode="markers+text" if is_named else "markers",
            marker={
                "color": [theme.accent if point.is_right else theme.segments[1] for point in points],
                "symbol": ["circle" if point.is_right else "square" for point in points],
                "size": 24 if is_named else 9,
                "opacity": 1.0 if is_named else 0.55,
                "line": {"width": 0},
            },
            text=[str(point.number or "") for point in points],
            textfont={"color": theme.background, "size": 13},
            hovertext=[f"{html.escape(point.first)}<br>{html.escape(point.then)}" for point in points],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": theme.muted_text, "width": 1.5})
    for row, (kind, share) in enumerate(zip(kinds, shares, strict=True)):
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=row - 0.28,
            text=f"<b>{plain(kind)}</b> · {plain(share)}",
            showarrow=False,
            bgcolor=theme.background,
            font={"size": _FONT},
        )
    for side, words in ((-1, text.does_not), (1, text.follows)):
        figure.add_annotation(
            x=0,
            y=1,
            yref="paper",
            yanchor="bottom",
            xanchor="left" if side > 0 else "right",
            xshift=12 * side,
            text=plain(words),
            showarrow=False,
            font={"size": _FONT, "color": theme.muted_text},
        )
    scale = scale_axis(
        text.probability,
        theme,
        range=[-bound, bound],
        tickvals=[math.log(probability / (1 - probability)) for probability in _TICKS],
        ticktext=[f"{100 * probability:g}\u00a0%" for probability in _TICKS],
        tickfont={"size": 14},
    )
    figure.update_xaxes(scale)
    figure.update_yaxes(range=[len(kinds) - 0.4, -0.5], visible=False, fixedrange=True)
    dress(figure, theme, height=_TOP + _ROW * len(kinds) + _AXIS, margin={"l": 8, "r": 8, "t": _TOP, "b": _AXIS})
    return figure


def _heights(points: Sequence[Verdict], bound: float) -> list[float]:
    """Where points stand in their rows: below the small ones, and lower where they would cover another."""
    stacked: list[tuple[Verdict, int]] = []
    for point in sorted(points, key=lambda point: point.log_odds):
        near = [
            level
            for other, level in stacked
            if other.kind == point.kind and point.log_odds - other.log_odds < _NEAR * bound
        ]
        stacked.append((point, next(level for level in range(len(near) + 1) if level not in near)))
    levels = {id(point): level for point, level in stacked}
    return [point.kind + 0.2 + 0.22 * (levels[id(point)] % 2) for point in points]
