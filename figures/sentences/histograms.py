"""Distributions of a probability below each other, on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from figures.look import QUARTERS, axis_title, dress
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
        strong: which rows have the accent; the others have the brown that lies opposite.
    """
    bins = len(counts[0])
    middles = (np.arange(bins) + 0.5) / bins
    shares = [np.asarray(row) / max(1, sum(row)) for row in counts]
    top = max(float(row.max()) for row in shares) * 1.45
    figure = make_subplots(rows=len(names), cols=1, shared_xaxes=True, vertical_spacing=0.03)
    edges = [[100 * edge / bins, 100 * (edge + 1) / bins] for edge in range(bins)]
    figure.add_traces(
        [
            go.Bar(
                x=middles,
                y=row,
                width=0.92 / bins,
                marker={"color": theme.segments[0] if is_strong else theme.segments[1], "line": {"width": 0}},
                customdata=edges,
                hovertemplate=(
                    f"%{{customdata[0]:.0f}}–%{{customdata[1]:.0f}} %: <b>%{{y:.3f}}</b> {share}<extra></extra>"
                ),
            )
            for row, is_strong in zip(shares, strong, strict=True)
        ],
        rows=list(range(1, len(names) + 1)),
        cols=1,
    )
    axes = ["", *map(str, range(2, len(names) + 1))]  # as make_subplots numbers them
    figure.update_layout(  # all at once: plotly takes milliseconds for each that is added alone
        annotations=[
            {
                "x": 0.02,
                "y": top,
                "xref": f"x{axis}",
                "yref": f"y{axis}",
                "text": name,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "top",
                "bgcolor": theme.background,
                "borderpad": 1,
                "font": {"size": _FONT, "color": theme.text},
            }
            for name, axis in zip(names, axes, strict=True)
        ],
        shapes=[
            {
                "type": "line",
                "x0": 0.5,
                "x1": 0.5,
                "y0": 0,
                "y1": 1,
                "xref": f"x{axis}",
                "yref": f"y{axis} domain",
                "line": {"color": theme.muted_text, "width": 1.5, "dash": "dot"},
            }
            for axis in axes
        ],
    )
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
        **QUARTERS,
        title=axis_title(title, theme),
        row=len(names),
        col=1,
    )
    dress(figure, theme, height=len(names) * _ROW + _AXIS, margin={"l": 4, "r": 16, "t": 4, "b": _AXIS})
    return figure
