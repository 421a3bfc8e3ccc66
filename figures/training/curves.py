"""The curves of trainings, one panel under the other over the same steps, drawn anew while they grow."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from figures.look import LEGEND_ABOVE, axis_title, dress, scale_axis
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
    share = (_PANEL / height, (_PANEL + _BETWEEN) / height)  # of the height: a panel, and from one to the next
    data: list[dict[str, object]] = []
    layout: dict[str, object] = {}
    shapes: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    named: set[str] = set()
    for row, panel in enumerate(panels):
        axis = str(row + 1) if row else ""
        top = 1 - row * share[1]
        for trace in panel.traces:
            in_legend = trace.kind != "raw" and trace.name not in named
            data.append(_scatter(trace, axis, in_legend=in_legend))
            named |= {trace.name} if in_legend else set()
        layout[f"xaxis{axis}"] = {
            "anchor": f"y{axis}",
            "matches": "x" if row else None,
            "range": [-_MARGIN * max(1, last_step), (1 + _MARGIN) * max(1, last_step)],
            "showticklabels": row == rows - 1,
            "title": axis_title(x_title, theme) if row == rows - 1 else None,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        }
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}",
            "domain": [max(0.0, top - share[0]), top],
            **scale_axis(panel.title, theme),
            **_range(panel),
        }
        levels = _levels(panel, axis, theme)
        shapes += [shape for shape, _name in levels]
        annotations += [name for _shape, name in levels]
        if marked is not None:
            line = {"color": theme.masked, "width": 2, "dash": "dot"}
            place = {"x0": marked, "x1": marked, "y0": 0, "y1": 1, "xref": f"x{axis}", "yref": f"y{axis} domain"}
            shapes.append({"type": "line", "line": line, **place})
    layout |= {"shapes": shapes, "annotations": annotations, "uirevision": revision, "legend": LEGEND_ABOVE}
    # In one piece: plotly takes several times as long for a figure that is put together bit by bit.
    figure = go.Figure({"data": data, "layout": layout})
    dress(figure, theme, height=height + _TOP + _BOTTOM, margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM})
    figure.layout.showlegend = True
    return figure


def _scatter(trace: Trace, axis: str, *, in_legend: bool) -> dict[str, object]:
    """One trace, as plotly wants it."""
    y = np.asarray(trace.y, np.float32)
    is_raw = trace.kind == "raw"
    name = html.escape(trace.name)
    return {
        "type": "scatter",
        "x": np.asarray(trace.x, np.int32),
        "y": np.where(np.isfinite(y), y, np.float32(np.nan)),
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "name": name,
        "legendgroup": name,
        "showlegend": in_legend,
        "mode": "lines+markers" if trace.kind == "points" else "lines",
        "line": {"color": trace.colour, "width": 1 if is_raw else 2.5},
        "marker": {"size": 8, "symbol": "diamond"},
        "cliponaxis": trace.kind != "points",
        "opacity": 0.3 if is_raw else 1.0,
        "hoverinfo": "skip" if is_raw else "all",
        "hovertemplate": None if is_raw else f"{name}<br>%{{x}}: <b>%{{y:.4g}}</b><extra></extra>",
    }


def _levels(panel: Panel, axis: str, theme: Theme) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Dashed lines with their names at the right; the lowest has its name below, the others above."""
    lowest = min((each.level for each in panel.references), default=0.0)
    return [
        (
            {
                "type": "line",
                "x0": 0,
                "x1": 1,
                "xref": f"x{axis} domain",
                "y0": each.level,
                "y1": each.level,
                "yref": f"y{axis}",
                "line": {"color": theme.muted_text, "width": 1.5, "dash": "dash"},
            },
            {
                "text": f"{html.escape(each.name)} {each.level:.3f}",
                "font": {"color": theme.muted_text, "size": 13},
                "x": 1,
                "xref": f"x{axis} domain",
                "xanchor": "right",
                "y": math.log10(each.level) if panel.scale == "log" else each.level,
                "yref": f"y{axis}",
                "yanchor": "top" if len(panel.references) > 1 and each.level == lowest else "bottom",
                "showarrow": False,
                "bgcolor": theme.background,
                "opacity": 0.85,
            },
        )
        for each in panel.references
    ]


def _range(panel: Panel) -> dict[str, object]:
    """How the vertical axis is divided."""
    if panel.scale == "share":
        return {"range": [0, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    if panel.scale == "log":
        return {"type": "log", "dtick": 1}
    return {"rangemode": "tozero", "exponentformat": "power"}
