"""What figures with axes have in common: ground, typeface, and the box that appears under the pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.theme import FONT_FAMILY, Theme

QUARTERS: Mapping[str, object] = {
    "tickvals": [0, 0.25, 0.5, 0.75, 1],
    "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
}
"""How every scale from 0 to 1 is divided."""

LEGEND_ABOVE: Mapping[str, object] = {
    "orientation": "h",
    "x": 0,
    "y": 1,
    "yanchor": "bottom",
    "font": {"size": 15},
    "itemclick": False,
    "itemdoubleclick": False,
}
"""A legend above the figure that only tells what is what."""


def dress(figure: go.Figure, theme: Theme, *, height: float, margin: Mapping[str, float]) -> None:
    """Give a figure its size and the look of the app.

    Args:
        figure: changed in place.
        theme: the variant of the palette.
        height: pixels.
        margin: pixels, by plotly's names l, r, t, b.
    """
    figure.update_layout(
        height=height,
        margin=dict(margin),
        paper_bgcolor=theme.background,
        plot_bgcolor=theme.background,
        font={"color": theme.text, "size": 14, "family": FONT_FAMILY},
        showlegend=False,
        hoverlabel={
            "bgcolor": theme.surface,
            "bordercolor": theme.border,
            "font": {"color": theme.text, "size": 15, "family": FONT_FAMILY},
        },
    )


def axis_title(text: str, theme: Theme, standoff: float = 8) -> dict[str, object]:
    """The title of an axis or a scale, as quiet as a caption."""
    return {"text": text, "font": {"color": theme.muted_text, "size": 14}, "standoff": standoff}


def diverging_scale(theme: Theme) -> list[tuple[float, str]]:
    """The colours around 0 as plotly wants them."""
    return [(step / 9, colour) for step, colour in enumerate(theme.diverging)]


def sequential_scale(theme: Theme) -> list[tuple[float, str]]:
    """The colours from 0 on as plotly wants them."""
    return [(step / 9, colour) for step, colour in enumerate(theme.sequential)]


def scale_axis(title: str, theme: Theme, **more: object) -> dict[str, object]:
    """An axis of numbers, as plotly wants it: faint lines across the figure, and nothing to drag."""
    return {
        "gridcolor": theme.border,
        "zeroline": False,
        "fixedrange": True,
        "title": axis_title(title, theme),
        **more,
    }


def probability_axis(title: str, theme: Theme) -> dict[str, object]:
    """A horizontal axis that is always 0 to 1, as plotly wants it."""
    return scale_axis(title, theme, range=[0, 1], automargin=False, **QUARTERS)


def two_sided_axis(title: str, bound: float, theme: Theme, **more: object) -> dict[str, object]:
    """An axis that reaches as far below 0 as above, with a line at 0, as plotly wants it."""
    return {
        "range": [-bound, bound],
        "gridcolor": theme.border,
        "zerolinecolor": theme.muted_text,
        "fixedrange": True,
        "title": axis_title(title, theme),
        **more,
    }


def interval(ends: Sequence[tuple[float, float, float]], **line: object) -> dict[str, object]:
    """The thin lines through points or bars, as plotly wants them.

    Args:
        ends: the lower end, the point itself and the upper end of each.
        line: how the lines look.
    """
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - middle for _low, middle, high in ends],
        "arrayminus": [middle - low for low, middle, _high in ends],
        **line,
    }


def cell_axis(**more: object) -> dict[str, object]:
    """An axis of rows or columns of cells, as plotly wants it: the cells themselves are the grid."""
    return {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True, **more}


def row_axis(font: float, **more: object) -> dict[str, object]:
    """A vertical axis whose labels are the names of rows, in pixels of their font, as plotly wants it."""
    return {
        "tickfont": {"size": font},
        "ticks": "",
        "fixedrange": True,
        "automargin": False,
        "ticklabelstandoff": 6,
        **more,
    }
