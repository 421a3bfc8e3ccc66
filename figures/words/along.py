"""Bars along a sentence, one for each of its words: how much it is looked at, or what it gives and takes."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import labels, numbered, token_colours, width
from figures.look import QUARTERS, axis_title, dress
from figures.theme import Theme

_SHARES, _EFFECTS = 320, 260  # pixels of the scale of shares, and of that around 0
_TITLE = 30  # pixels of an axis title
_MANY = 40  # words, from which on not every one has room for its label


@dataclass(frozen=True)
class KeyBarsText:
    """The words on the figure, in the reader's language."""

    key: str  # title of the positions
    share: str  # title of the scale


def key_bars(
    tokens: Sequence[str],
    shares: Sequence[float],
    *,
    theme: Theme,
    text: KeyBarsText,
    queries: Collection[int] = (),
    special: Collection[int] = (),
    masked: Collection[int] = (),
) -> go.Figure:
    """Draw how much each position is looked at, on a scale that is always 0 to 1.

    Args:
        tokens: one per position; equal tokens stay apart.
        shares: of the attention, 0 to 1.
        theme: the variant of the palette.
        text: titles of both axes.
        queries: positions that look, written in the colour of queries.
        special, masked: positions written in the colours of special tokens and masked words.

    Raises:
        ValueError: tokens and shares are not of the same length.
    """
    if len(tokens) != len(shares):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(shares)} shares")
    colours = {**token_colours(theme, special, masked), **dict.fromkeys(queries, theme.query)}
    figure, longest = _along(tokens, list(shares), {"color": theme.key, "line": {"width": 0}}, colours)
    figure.update_xaxes(title={"text": text.key, "font": {"color": theme.key, "size": 15}, "standoff": longest})
    figure.update_yaxes(
        **QUARTERS,
        range=[0, 1],
        gridcolor=theme.border,
        zerolinecolor=theme.border,
        title={"text": text.share, "font": {"color": theme.muted_text, "size": 14}},
    )
    dress(figure, theme, height=_SHARES + longest + _TITLE, margin={"l": 56, "r": 8, "t": 20, "b": longest + _TITLE})
    return figure


def effect_bars(
    words: Sequence[str],
    values: Sequence[float],
    *,
    theme: Theme,
    title: str,
    picked: int | None = None,
    masked: Collection[int] = (),
) -> go.Figure:
    """Draw what each word gives or takes, up and down from 0.

    Args:
        words: their texts; equal ones stay apart.
        values: one for each word; NaN where there is none.
        theme: the variant of the palette.
        title: of the scale, in the reader's language.
        picked: a word that stands out.
        masked: words written in the colour of masked words.

    Raises:
        ValueError: words and values are not of the same length.
    """
    if len(words) != len(values):
        raise ValueError(f"{len(words)} words do not fit {len(values)} values")
    marker = {
        "color": [theme.diverging[7 if value >= 0 else 2] for value in values],
        "line": {"color": theme.text, "width": [2.5 if place == picked else 0 for place in range(len(words))]},
    }
    drawn = [None if math.isnan(value) else value for value in values]
    figure, longest = _along(words, drawn, marker, token_colours(theme, masked=masked))
    figure.update_xaxes(range=[-0.5, len(words) - 0.5])  # also words without a bar
    figure.update_yaxes(
        gridcolor=theme.border, zerolinecolor=theme.muted_text, zerolinewidth=1.5, title=axis_title(title, theme)
    )
    dress(figure, theme, height=_EFFECTS + longest, margin={"l": 60, "r": 8, "t": 8, "b": longest + 12})
    return figure


def _along(
    words: Sequence[str], values: Sequence[float | None], marker: Mapping[str, object], colours: Mapping[int, str]
) -> tuple[go.Figure, float]:
    """The bars over their words, which have colours by place; and the pixels that the longest word needs below them."""
    names = numbered(words)
    font = 15 if len(words) <= _MANY else 11
    every = slice(None, None, math.ceil(len(words) / _MANY))
    bars = {
        "type": "bar",
        "x": names,
        "y": values,
        "marker": marker,
        "hovertemplate": "%{x}: <b>%{y:.4f}</b><extra></extra>",
    }
    below = {
        "type": "category",  # "1 ." would be taken for the number 1
        "tickvals": names[every],
        "ticktext": labels(words, colours)[every],
        "tickfont": {"size": font},
        "tickangle": -90,
        "ticks": "",
        "fixedrange": True,
        "automargin": False,
        "ticklabelstandoff": 5,
    }
    figure = go.Figure([bars], {"xaxis": below, "yaxis": {"fixedrange": True}, "bargap": 0.25})
    return figure, font * max(map(width, words), default=0)
