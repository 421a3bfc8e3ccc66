"""How much each position is looked at, as bars along the sentence on a scale that is always 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import coloured, plain, width
from figures.look import dress
from figures.theme import Theme

_HEIGHT = 320  # pixels of the scale from 0 to 1
_MANY = 40  # positions, from which on not every one has room for its label
_TITLE = 30  # pixels of an axis title


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
    """Draw a bar for each position, in the order of the sentence.

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
    names = [f"{position + 1} {plain(token)}" for position, token in enumerate(tokens)]
    of_kind = {
        **dict.fromkeys(special, theme.special),
        **dict.fromkeys(masked, theme.masked),
        **dict.fromkeys(queries, theme.query),
    }
    labels = [
        coloured(token, of_kind[position]) if position in of_kind else plain(token)
        for position, token in enumerate(tokens)
    ]
    figure = go.Figure(
        go.Bar(
            x=names,
            y=list(shares),
            marker={"color": theme.key, "line": {"width": 0}},
            hovertemplate="%{x}: <b>%{y:.4f}</b><extra></extra>",
        )
    )
    font = 15 if len(tokens) <= _MANY else 11
    longest = font * max((width(token) for token in tokens), default=0)
    every = math.ceil(len(tokens) / _MANY)
    figure.update_xaxes(
        type="category",  # "1 ." would be taken for the number 1
        tickvals=names[::every],
        ticktext=labels[::every],
        tickfont={"size": font},
        tickangle=-90,
        ticks="",
        fixedrange=True,
        automargin=False,
        ticklabelstandoff=5,
        title={"text": text.key, "font": {"color": theme.key, "size": 15}, "standoff": longest},
    )
    figure.update_yaxes(
        range=[0, 1],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "0.25", "0.5", "0.75", "1"],
        gridcolor=theme.border,
        zerolinecolor=theme.border,
        fixedrange=True,
        title={"text": text.share, "font": {"color": theme.muted_text, "size": 14}},
    )
    dress(figure, theme, height=_HEIGHT + longest + _TITLE, margin={"l": 56, "r": 8, "t": 20, "b": longest + _TITLE})
    figure.update_layout(bargap=0.25)
    return figure
