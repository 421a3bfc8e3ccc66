"""How long texts are, in pieces, against what the model can read at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from figures.look import axis_title, dress
from figures.theme import Theme

BINS = 32  # up to the last position; what is longer has one bar behind it
_HEIGHT = 340  # pixels


@dataclass(frozen=True)
class LengthBarsText:
    """The words on the figure, in the reader's language."""

    pieces: str  # title of the scale
    examples: str  # what the height of a bar counts
    limit: str  # what the line marks
    longer: str  # the last bar


def length_bars(lengths: Sequence[int], positions: int, *, theme: Theme, text: LengthBarsText) -> go.Figure:
    """Draw a histogram from no piece to the last position of the model, and a line there.

    Args:
        lengths: of the inputs, with [CLS] and [SEP], before anything is cut.
        positions: how many the model has.
        theme: the variant of the palette.
        text: the words.
    """
    width = max(1, positions // BINS)
    edges = np.arange(0, positions + width, width)
    found = np.asarray(lengths)
    counts = np.histogram(found[found <= positions], bins=edges + 0.5)[0]  # a bar for width + 1 … 2 width
    longer = int((found > positions).sum())
    first, last = edges[:-1] + 1, edges[1:]
    spans = [f"{low}" if low == high else f"{low}–{high}" for low, high in zip(first, last, strict=True)]
    figure = go.Figure(
        go.Bar(
            x=[*((first + last) / 2), positions + 2 * width],
            y=[*counts.tolist(), longer],
            width=0.9 * width,
            marker={"color": [theme.accent] * len(counts) + [theme.masked], "line": {"width": 0}},
            customdata=[*spans, text.longer],
            hovertemplate=f"%{{customdata}} {text.pieces}: <b>%{{y}}</b> {text.examples}<extra></extra>",
        )
    )
    figure.update_layout(
        shapes=[
            {
                "type": "line",
                "x0": positions + width / 2,
                "x1": positions + width / 2,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": theme.muted_text, "width": 1.5, "dash": "dot"},
            }
        ],
        annotations=[
            {
                "x": positions + width / 2,
                "y": 1,
                "yref": "paper",
                "text": text.limit,
                "showarrow": False,
                "xanchor": "right",
                "yanchor": "top",
                "xshift": -6,
                "font": {"size": 15, "color": theme.text},
            }
        ],
        bargap=0,
    )
    ticks = np.linspace(0, positions, 5).astype(int)
    figure.update_xaxes(
        range=[0, positions + 3.5 * width],
        tickvals=[*ticks, positions + 2 * width] if longer else list(ticks),
        ticktext=[*map(str, ticks[:-1]), "" if longer else str(ticks[-1]), text.longer] if longer else None,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        title=axis_title(text.pieces, theme),
    )
    figure.update_yaxes(
        rangemode="tozero",
        gridcolor=theme.border,
        zerolinecolor=theme.border,
        fixedrange=True,
        nticks=5,
        title=axis_title(text.examples, theme),
    )
    dress(figure, theme, height=_HEIGHT, margin={"l": 60, "r": 16, "t": 8, "b": 56})
    return figure
