"""Bars from top to bottom, each with its name at its left: one idea for every lesson, whatever the bars measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from figures.labels import numbered, plain, width
from figures.look import dress, row_axis
from figures.theme import Theme

_AXIS = 52  # pixels below the bars
_FONT = 17  # pixels of a name


def bar_trace(
    names: Sequence[str],
    values: Sequence[float | None],
    colours: str | Sequence[str],
    *,
    hover: str = "%{y}: <b>%{x:.4f}</b><extra></extra>",
    marker: Mapping[str, object] | None = None,
    ends: Mapping[str, object] | None = None,
    **more: object,
) -> dict[str, object]:
    """Bars to the right, and below 0 to the left, as plotly wants them.

    Args:
        names: what plotly tells the bars apart by.
        values: how long each is; None leaves a row without a bar.
        colours: of the palette, one for all or one for each.
        hover: what the pointer reads, as plotly's template.
        marker: what else the bars look like.
        ends: what stands at their ends, made by `written`.
        more: whatever else plotly is to know.
    """
    return {
        "type": "bar",
        "x": list(values),
        "y": list(names),
        "orientation": "h",
        "marker": {"color": colours, "line": {"width": 0}, **(marker or {})},
        "hovertemplate": hover,
        **(ends or {}),
        **more,
    }


def written(texts: Sequence[str], *, size: int, colour: str) -> dict[str, object]:
    """What stands at the ends of the bars of a trace: a text for each, in pixels and a colour of the palette."""
    return {
        "text": list(texts),
        "textposition": "outside",
        "textfont": {"size": size, "color": colour},
        "cliponaxis": False,
    }


def column_of_text(texts: Sequence[str], names: Sequence[str], *, x: float, theme: Theme) -> dict[str, object]:
    """What stands at the right end of each row, in a column where no bar and no line crosses it.

    Args:
        texts: one a row; an empty one leaves the place free.
        names: what plotly tells the rows apart by.
        x: the right end of the scale.
        theme: the variant of the palette.
    """
    return {
        "type": "scatter",
        "x": [x] * len(texts),
        "y": list(names),
        "mode": "text",
        "text": list(texts),
        "textposition": "middle right",
        "textfont": {"size": 15, "color": theme.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def rows_of_bars(
    traces: Sequence[Mapping[str, object]],
    texts: Sequence[str],
    *,
    theme: Theme,
    scale: Mapping[str, object],
    row: float,
    right: float,
    gap: float,
    above: float = 0,
    font: float = _FONT,
    labels: Sequence[str] | None = None,
    **layout: object,
) -> go.Figure:
    """Draw bars from top to bottom as they are given, with a scale below them.

    Args:
        traces: the bars, and what else stands in their rows, which are told apart by their `numbered` texts.
        texts: of the rows; they may come from outside.
        theme: the variant of the palette.
        scale: the horizontal axis, as plotly wants it.
        row: pixels of one row.
        right: pixels for what stands behind the longest bar.
        gap: between two rows, as a share of both.
        above: pixels for what stands above the first row.
        font: pixels of a label.
        labels: the texts in plotly's markup where they are more than plain.
        layout: whatever else plotly is to know of the figure.
    """
    rows = row_axis(
        font,
        type="category",  # "1 ." would be taken for the number 1
        tickvals=numbered(texts),
        ticktext=list(map(plain, texts)) if labels is None else list(labels),
        autorange="reversed",
    )
    # In one piece: plotly takes several times as long for a figure that is put together bit by bit.
    figure = go.Figure(list(traces), {"xaxis": scale, "yaxis": rows, "bargap": gap})
    left = 12 + font * max(map(width, texts), default=0)
    height = above + len(texts) * row + _AXIS
    dress(figure, theme, height=height, margin={"l": left, "r": right, "t": above, "b": _AXIS})
    if layout:
        figure.update_layout(layout)
    return figure


def percent(prob: float) -> str:
    """A probability as it is written beside a bar: 12.3 %, and never 0.0 % for what is merely small."""
    return "<0.1\u00a0%" if 0 < prob < 0.0005 else f"{100 * prob:.1f}\u00a0%"


def fine_percent(prob: float) -> str:
    """A probability with two significant digits, however small it is: 12 %, 0.0034 %."""
    digits = np.format_float_positional(100 * prob, precision=2, unique=False, fractional=False, trim="-")
    return f"{digits}\u00a0%"
