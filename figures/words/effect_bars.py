"""What each word gives or takes, as bars up and down from 0 along the sentence."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import plotly.graph_objects as go

from figures.labels import coloured, plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 260  # pixels of the bars
_MANY = 40  # words, from which on not every one has room for its label


def effect_bars(
    words: Sequence[str],
    values: Sequence[float],
    *,
    theme: Theme,
    title: str,
    picked: int | None = None,
    masked: Collection[int] = (),
) -> go.Figure:
    """Draw a bar for each word, in the order of the sentence.

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
    names = [f"{place} {plain(word)}" for place, word in enumerate(words, 1)]
    font = 15 if len(words) <= _MANY else 11
    longest = font * max((width(word) for word in words), default=0)
    every = math.ceil(len(words) / _MANY)
    figure = go.Figure(
        go.Bar(
            x=names,
            y=[None if math.isnan(value) else value for value in values],
            marker={
                "color": [theme.diverging[7 if value >= 0 else 2] for value in values],
                "line": {"color": theme.text, "width": [2.5 if place == picked else 0 for place in range(len(words))]},
            },
            hovertemplate="%{x}: <b>%{y:.4f}</b><extra></extra>",
        )
    )
    figure.update_xaxes(
        type="category",  # "1 ." would be taken for the number 1
        tickvals=names[::every],
        ticktext=[coloured(word, theme.masked) if place in masked else plain(word) for place, word in enumerate(words)][
            ::every
        ],
        range=[-0.5, len(words) - 0.5],  # also words without a bar
        tickfont={"size": font},
        tickangle=-90,
        ticks="",
        fixedrange=True,
        automargin=False,
        ticklabelstandoff=5,
    )
    figure.update_yaxes(
        gridcolor=theme.border,
        zerolinecolor=theme.muted_text,
        zerolinewidth=1.5,
        fixedrange=True,
        title=axis_title(title, theme),
    )
    dress(figure, theme, height=_HEIGHT + longest, margin={"l": 60, "r": 8, "t": 8, "b": longest + 12})
    figure.update_layout(bargap=0.25)
    return figure
