"""Distributions of a probability below each other, on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from figures.look import axis_title, dress
from figures.theme import Theme

_ROW = 96  # pixels of one distribution
_AXIS = 52  # pixels below the last
_FONT = 15  # pixels of a name


def histograms(
    names: Sequence[str],
    counts: Sequence[Sequence[int]],
    *,
    theme: Theme,
    title: str,
    share: str,
    strong: Sequence[bool],
) -> go.Figure:
    """Draw a histogram for each name, each bar as a share of its own row.

    Args:
        names: of the rows, in the reader's language.
        counts: (row, bin) how many there are in each bin; the bins are equally wide, from 0 to 1.
        theme: the variant of the palette.
        title: of the scale.
        share: what the height of a bar is called under the pointer.
        strong: which rows have the strong colour, the second one being that of the second sentence.
    """
    bins = len(counts[0])
    middles = (np.arange(bins) + 0.5) / bins
    shares = [np.asarray(row) / max(1, sum(row)) for row in counts]
    top = max(float(row.max()) for row in shares) * 1.45
    figure = make_subplots(rows=len(names), cols=1, shared_xaxes=True, vertical_spacing=0.03)
    for place, (name, row) in enumerate(zip(names, shares, strict=True), 1):
        figure.add_trace(
            go.Bar(
                x=middles,
                y=row,
                width=0.92 / bins,
                marker={"color": theme.segments[0] if strong[place - 1] else theme.segments[1], "line": {"width": 0}},
                customdata=[[100 * edge / bins, 100 * (edge + 1) / bins] for edge in range(bins)],
                hovertemplate=(
                    f"%{{customdata[0]:.0f}}–%{{customdata[1]:.0f}} %: <b>%{{y:.3f}}</b> {share}<extra></extra>"
                ),
            ),
            row=place,
            col=1,
        )
        figure.add_annotation(
            x=0.02,
            y=top,
            text=name,
            showarrow=False,
            xanchor="left",
            yanchor="top",
            bgcolor=theme.background,
            borderpad=1,
            font={"size": _FONT, "color": theme.text},
            row=place,
            col=1,
        )
        figure.add_vline(x=0.5, line={"color": theme.muted_text, "width": 1.5, "dash": "dot"}, row=place, col=1)
    figure.update_yaxes(
        range=[0, top],
        showticklabels=False,
        ticks="",
        showgrid=False,
        zeroline=True,
        zerolinecolor=theme.border,
        fixedrange=True,
        automargin=False,
    )
    figure.update_xaxes(range=[0, 1], showgrid=False, zeroline=False, fixedrange=True, automargin=False)
    figure.update_xaxes(
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "0.25", "0.5", "0.75", "1"],
        title=axis_title(title, theme),
        row=len(names),
        col=1,
    )
    dress(figure, theme, height=len(names) * _ROW + _AXIS, margin={"l": 4, "r": 16, "t": 4, "b": _AXIS})
    return figure
