"""How often each piece stands in a text, by its rank: on two logarithmic axes nearly a straight line (Zipf 1935)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import plotly.graph_objects as go

from figures.labels import plain
from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 400  # pixels
_NAMED = (1, 2, 3, 5, 8, 13, 25, 50, 100, 200, 400, 800, 1600, 3200)  # ranks whose pieces are written beside them


def frequencies(
    pieces: Sequence[str],
    counts: Sequence[int],
    *,
    theme: Theme,
    x_title: str,
    y_title: str,
    marked: Collection[str] = (),
) -> go.Figure:
    """Draw a point for each piece.

    Args:
        pieces: the most frequent first.
        counts: how often each stands in the text, at least once.
        theme: the variant of the palette.
        x_title, y_title: of the axes, in the reader's language.
        marked: pieces in the accent.

    Raises:
        ValueError: pieces and counts are not of the same length.
    """
    if len(pieces) != len(counts):
        raise ValueError(f"{len(pieces)} pieces do not fit {len(counts)} counts")
    ranks = list(range(1, len(pieces) + 1))
    figure = go.Figure(
        go.Scatter(
            x=ranks,
            y=list(counts),
            mode="markers+text",
            marker={
                "color": [theme.masked if piece in marked else theme.accent for piece in pieces],
                "size": [11 if piece in marked else 6 for piece in pieces],
                "opacity": 0.8,
            },
            text=[plain(piece) if rank in _NAMED else "" for rank, piece in zip(ranks, pieces, strict=True)],
            textposition="top right",
            textfont={"size": 14, "color": theme.text},
            customdata=[plain(piece) for piece in pieces],
            hovertemplate="%{customdata}: <b>%{y}</b> (%{x})<extra></extra>",
            cliponaxis=False,
        )
    )
    axis = {"type": "log", "gridcolor": theme.border, "zeroline": False, "fixedrange": True, "dtick": 1}
    figure.update_xaxes(**axis, title=axis_title(x_title, theme))
    figure.update_yaxes(**axis, title=axis_title(y_title, theme))
    dress(figure, theme, height=_HEIGHT, margin={"l": 64, "r": 40, "t": 24, "b": 52})
    return figure
