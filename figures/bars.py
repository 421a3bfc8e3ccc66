"""The most probable answers as horizontal bars on a scale that is always 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from figures.labels import coloured, plain, width
from figures.look import dress, probability_axis
from figures.theme import Theme

_ROW = 34  # pixels of one answer
_AXIS = 52  # pixels below the bars
_FONT = 17  # pixels of an answer


@dataclass(frozen=True)
class BarsText:
    """The words on the bars, in the reader's language."""

    probability: str  # title of the scale


def answer_bars(
    tokens: Sequence[str],
    probs: Sequence[float],
    *,
    theme: Theme,
    text: BarsText,
    original: int | None = None,
) -> go.Figure:
    """Draw the answers from top to bottom as they are given.

    Args:
        tokens: the answers; equal tokens stay apart.
        probs: their probabilities, 0 to 1; every bar is labelled with its own.
        theme: the variant of the palette.
        text: title of the scale.
        original: index of the answer that is the word that stood there; its bar has the colour of masked words.

    Raises:
        ValueError: tokens and probs are not of the same length.
    """
    if len(tokens) != len(probs):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(probs)} probs")
    names = [f"{place + 1} {plain(token)}" for place, token in enumerate(tokens)]
    colours = [theme.masked if place == original else theme.accent for place in range(len(tokens))]
    figure = go.Figure(
        go.Bar(
            x=list(probs),
            y=names,
            orientation="h",
            marker={"color": colours, "line": {"width": 0}},
            text=[percent(prob) for prob in probs],
            textposition="outside",
            textfont={"size": 16, "color": theme.text},
            cliponaxis=False,
            hovertemplate="%{y}: <b>%{x:.4f}</b><extra></extra>",
        )
    )
    answer_axes(figure, tokens, names, theme=theme, title=text.probability, original=original, row=_ROW, right=64)
    figure.update_layout(bargap=0.3)
    return figure


def answer_axes(
    figure: go.Figure,
    tokens: Sequence[str],
    names: Sequence[str],
    *,
    theme: Theme,
    title: str,
    original: int | None,
    row: float,
    right: float,
) -> None:
    """Give bars of answers their axes and their size: answers from top to bottom, probabilities from 0 to 1.

    Args:
        figure: changed in place.
        tokens, names: the answers, and what plotly tells them apart by.
        theme: the variant of the palette.
        title: of the scale.
        original: index of the answer that has the colour of masked words.
        row: pixels of one answer.
        right: pixels for what stands behind the longest bar.
    """
    label_rows(
        figure,
        names,
        [coloured(token, theme.masked) if place == original else plain(token) for place, token in enumerate(tokens)],
    )
    figure.update_xaxes(**probability_axis(title, theme))
    left = 12 + _FONT * max(map(width, tokens), default=0)
    dress(figure, theme, height=len(tokens) * row + _AXIS, margin={"l": left, "r": right, "t": 0, "b": _AXIS})


def label_rows(figure: go.Figure, names: Sequence[str], labels: Sequence[str]) -> None:
    """Give horizontal bars their labels, from top to bottom.

    Args:
        figure: changed in place.
        names: what plotly tells the bars apart by.
        labels: what is written beside them, in plotly's markup.
    """
    figure.update_yaxes(
        type="category",  # "1 ." would be taken for the number 1
        tickvals=list(names),
        ticktext=list(labels),
        tickfont={"size": _FONT},
        autorange="reversed",
        ticks="",
        fixedrange=True,
        ticklabelstandoff=6,
        automargin=False,
    )


def column_of_text(texts: Sequence[str], names: Sequence[str], *, x: float, theme: Theme) -> go.Scatter:
    """What stands at the right end of each row, in a column where no bar and no line crosses it.

    Args:
        texts: one a row; an empty one leaves the place free.
        names: what plotly tells the rows apart by.
        x: the right end of the scale.
        theme: the variant of the palette.
    """
    return go.Scatter(
        x=[x] * len(texts),
        y=list(names),
        mode="text",
        text=list(texts),
        textposition="middle right",
        textfont={"size": 15, "color": theme.text},
        cliponaxis=False,
        hoverinfo="skip",
    )


def percent(prob: float) -> str:
    """A probability as it is written beside a bar: 12.3 %, and never 0.0 % for what is merely small."""
    return "<0.1\u00a0%" if 0 < prob < 0.0005 else f"{100 * prob:.1f}\u00a0%"


def fine_percent(prob: float) -> str:
    """A probability with two significant digits, however small it is: 12 %, 0.0034 %."""
    digits = np.format_float_positional(100 * prob, precision=2, unique=False, fractional=False, trim="-")
    return f"{digits}\u00a0%"
