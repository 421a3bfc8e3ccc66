"""What figures with axes have in common: ground, typeface, and the box that appears under the pointer."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from figures.theme import FONT_FAMILY, Theme


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


def probability_axis(title: str, theme: Theme) -> dict[str, object]:
    """A horizontal axis that is always 0 to 1, as plotly wants it."""
    return {
        "range": [0, 1],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
        "gridcolor": theme.border,
        "zeroline": False,
        "fixedrange": True,
        "automargin": False,
        "title": axis_title(title, theme),
    }
