"""The curves of trainings, one panel under the other over the same steps, drawn anew while they grow."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from figures.look import axis_title, dress
from figures.theme import Theme

_PANEL = 235  # pixels
_BETWEEN = 26
_MARGIN = 0.015  # of the axis, beside the first and the last step
_TOP, _BOTTOM, _LEFT, _RIGHT = 44, 52, 64, 16


@dataclass(frozen=True)
class Trace:
    """One line, or one row of points."""

    name: str  # of our own; equal names share one entry of the legend
    x: Sequence[float]  # steps
    y: Sequence[float]  # as many; what is not finite leaves a gap
    colour: str  # of the palette
    kind: Literal["raw", "line", "points"]  # faint, a line, or points that a line joins


@dataclass(frozen=True)
class Reference:
    """A level to hold the curves against."""

    level: float
    name: str


@dataclass(frozen=True)
class Panel:
    """One quantity."""

    title: str  # with its unit
    traces: tuple[Trace, ...]
    references: tuple[Reference, ...] = ()
    scale: Literal["from zero", "share", "log"] = "from zero"


def training_curves(
    panels: Sequence[Panel], *, theme: Theme, x_title: str, last_step: int, revision: str, marked: int | None = None
) -> go.Figure:
    """Draw panels over the same axis, which reaches to the last step from the beginning on, so that nothing jumps.

    Args:
        panels: from above.
        theme: the variant of the palette.
        x_title: of the common axis, in the reader's language.
        last_step: of the longest training.
        revision: what a reader has zoomed into stays as long as this does.
        marked: a step with a line through all panels.
    """
    rows = len(panels)
    height = rows * _PANEL + (rows - 1) * _BETWEEN
    figure = make_subplots(rows=rows, cols=1, shared_xaxes=True, vertical_spacing=_BETWEEN / height if rows > 1 else 0)
    named: set[str] = set()
    for row, panel in enumerate(panels, 1):
        for trace in panel.traces:
            figure.add_trace(_scatter(trace, in_legend=trace.kind != "raw" and trace.name not in named), row, 1)
            named |= {trace.name} if trace.kind != "raw" else set()
        _references(figure, panel, row, theme)
        figure.update_yaxes(
            row=row,
            col=1,
            title=axis_title(panel.title, theme),
            gridcolor=theme.border,
            zeroline=False,
            fixedrange=True,
            **_range(panel),
        )
        if marked is not None:
            figure.add_vline(
                x=marked,
                row=row,
                col=1,
                exclude_empty_subplots=False,
                line={"color": theme.masked, "width": 2, "dash": "dot"},
            )
    figure.update_xaxes(
        range=[-_MARGIN * max(1, last_step), (1 + _MARGIN) * max(1, last_step)],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_xaxes(row=rows, col=1, title=axis_title(x_title, theme))
    dress(figure, theme, height=height + _TOP + _BOTTOM, margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM})
    figure.update_layout(
        uirevision=revision,
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 15}, "itemclick": False,
            "itemdoubleclick": False,
        },
    )  # fmt: skip
    return figure


def _scatter(trace: Trace, *, in_legend: bool) -> go.Scatter:
    y = np.asarray(trace.y, np.float32)
    return go.Scatter(
        x=np.asarray(trace.x, np.int32),
        y=np.where(np.isfinite(y), y, np.float32(np.nan)),
        name=html.escape(trace.name),
        legendgroup=html.escape(trace.name),
        showlegend=in_legend,
        mode="lines+markers" if trace.kind == "points" else "lines",
        line={"color": trace.colour, "width": 1 if trace.kind == "raw" else 2.5},
        marker={"size": 8, "symbol": "diamond"},
        cliponaxis=trace.kind != "points",
        opacity=0.3 if trace.kind == "raw" else 1.0,
        hoverinfo="skip" if trace.kind == "raw" else "all",
        hovertemplate=None
        if trace.kind == "raw"
        else f"{html.escape(trace.name)}<br>%{{x}}: <b>%{{y:.4g}}</b><extra></extra>",
    )


def _references(figure: go.Figure, panel: Panel, row: int, theme: Theme) -> None:
    """Dashed levels with their names at the right; the lowest has its name below, the others above."""
    lowest = min((each.level for each in panel.references), default=0.0)
    for each in panel.references:
        below = len(panel.references) > 1 and each.level == lowest
        figure.add_hline(
            y=each.level,
            exclude_empty_subplots=False,
            row=row,
            col=1,
            line={"color": theme.muted_text, "width": 1.5, "dash": "dash"},
            annotation={
                "text": f"{html.escape(each.name)} {each.level:.3f}",
                "font": {"color": theme.muted_text, "size": 13},
                "x": 1,
                "xanchor": "right",
                "yanchor": "top" if below else "bottom",
                "showarrow": False,
            },
        )


def _range(panel: Panel) -> dict[str, object]:
    """How the vertical axis is divided."""
    if panel.scale == "share":
        return {"range": [0, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    return {"type": "log", "dtick": 1} if panel.scale == "log" else {"rangemode": "tozero", "exponentformat": "power"}
