"""Means with the range that they are the means of: a row for each thing measured, around nought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import plain, width
from figures.look import diverging_scale, dress, interval, row_axis, two_sided_axis
from figures.theme import Theme

_ROW = 23  # pixels
_TOP, _AXIS = 30, 52  # pixels above and below the rows
_FONT = 15


@dataclass(frozen=True)
class DotRow:
    """One thing that was measured several times."""

    name: str
    mean: float
    lowest: float
    highest: float
    is_picked: bool = False
    is_own: bool = False  # added by the reader


@dataclass(frozen=True)
class DotRangesText:
    """The words on the figure, in the reader's language."""

    scale: str  # title of the scale
    below: str  # what it means to lie left of nought
    above: str
    mean: str
    spread: str  # of the range from the lowest to the highest


def dot_ranges(rows: Sequence[DotRow], *, theme: Theme, text: DotRangesText) -> go.Figure:
    """Draw the rows from top to bottom as they are given, on a scale with nought in the middle.

    Args:
        rows: at least one. A click tells the index.
        theme: the variant of the palette; the colour of a dot says its mean again.
        text: titles.

    Raises:
        ValueError: there is no row, or a mean lies outside its range.
    """
    if not rows or any(not row.lowest - 1e-9 <= row.mean <= row.highest + 1e-9 for row in rows):
        raise ValueError("rows: each needs a mean between its lowest and its highest value, and there must be one")
    bound = 1.08 * max([abs(end) for row in rows for end in (row.lowest, row.highest)] + [0.1])
    names = row_axis(
        _FONT,
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[_row_name(row) for row in rows],
        gridcolor=theme.border,
        zeroline=False,
    )
    scale = two_sided_axis(text.scale, bound, theme, nticks=7, zerolinewidth=2, automargin=False)
    ends = ((0, "left", f"← {text.below}", theme.segments[1]), (1, "right", f"{text.above} →", theme.segments[0]))
    figure = go.Figure(
        [_dots(rows, theme, text)],
        {
            "xaxis": scale,
            "yaxis": names,
            "annotations": [_end(x, anchor, said, colour) for x, anchor, said, colour in ends],
            "hovermode": "closest",
            "dragmode": False,
            "clickmode": "event+select",
        },
    )
    dress(
        figure,
        theme,
        height=len(rows) * _ROW + _TOP + _AXIS,
        margin={"l": 14 + _FONT * max(width(row.name) for row in rows), "r": 10, "t": _TOP, "b": _AXIS},
    )
    return figure


def _dots(rows: Sequence[DotRow], theme: Theme, text: DotRangesText) -> dict[str, object]:
    """The means, each with its range as a line."""
    strongest = max([abs(row.mean) for row in rows] + [0.1])
    return {
        "type": "scatter",
        "x": [row.mean for row in rows],
        "y": list(range(len(rows))),
        "mode": "markers",
        "error_x": interval(
            [(row.lowest, row.mean, row.highest) for row in rows], color=theme.muted_text, thickness=1.5, width=0
        ),
        "marker": {
            "opacity": 1,
            "size": [17 if row.is_picked else 12 for row in rows],
            "color": [row.mean for row in rows],
            "colorscale": diverging_scale(theme),
            "cmin": -strongest,
            "cmax": strongest,
            "line": {"width": [3 if row.is_picked else 1.5 for row in rows], "color": theme.text},
        },
        "unselected": {"marker": {"opacity": 1}},
        "customdata": [[place, plain(row.name), row.lowest, row.highest] for place, row in enumerate(rows)],
        "hovertemplate": (
            f"<b>%{{customdata[1]}}</b><br>{text.mean}: %{{x:.3f}}<br>"
            f"{text.spread}: %{{customdata[2]:.3f}} … %{{customdata[3]:.3f}}<extra></extra>"
        ),
        "cliponaxis": False,
    }


def _end(x: int, anchor: str, said: str, colour: str) -> dict[str, object]:
    """What it means to lie at this end of the scale, above the rows."""
    return {
        "x": x,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "text": said,
        "showarrow": False,
        "xanchor": anchor,
        "yanchor": "bottom",
        "font": {"size": 15, "color": colour},
    }


def _row_name(row: DotRow) -> str:
    """The name at the left: bold where it is picked, in italics where the reader added it."""
    name = f"<i>{plain(row.name)}</i>" if row.is_own else plain(row.name)
    return f"<b>{name}</b>" if row.is_picked else name
