"""Numbers along a training, over its steps, with the moment that is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import plain
from figures.look import axis_title, dress
from figures.theme import Theme

_HEIGHT = 230  # pixels
_ROOM = 0.08  # of the axis, that two ticks keep apart


@dataclass(frozen=True)
class StepLine:
    """One number at each step."""

    name: str
    y: Sequence[float]
    is_meant: bool = True  # drawn in the accent, before those that are only company


def over_steps(
    steps: Sequence[int],
    lines: Sequence[StepLine],
    *,
    theme: Theme,
    x_title: str,
    y_title: str,
    highest: float,
    now: int,
) -> go.Figure:
    """Draw lines over an axis on which equal factors of 1 + step have equal distances, as a film's frames are taken.

    Args:
        steps: ascending, from 0.
        lines: what was measured at each step.
        theme: the variant of the palette.
        x_title, y_title: of the axes, in the reader's language.
        highest: the top of the vertical axis, which begins at 0.
        now: the place among the steps that is marked.

    Returns:
        A figure whose y are the numbers given.

    Raises:
        ValueError: a line has not one number for each step.
    """
    if any(len(line.y) != len(steps) for line in lines):
        raise ValueError(f"each line needs {len(steps)} numbers, not {[len(line.y) for line in lines]}")
    x = [math.log1p(step) for step in steps]
    figure = go.Figure(
        [
            go.Scatter(
                x=x,
                y=list(line.y),
                mode="lines+markers" if line.is_meant else "lines",
                name=plain(line.name),
                line={
                    "color": theme.accent if line.is_meant else theme.muted_text,
                    "width": 3 if line.is_meant else 1.5,
                },
                opacity=1.0 if line.is_meant else 0.4,
                marker={"size": [13 if place == now else 6 for place in range(len(steps))]},
                customdata=list(steps),
                hovertemplate=f"{plain(line.name)}<br>{x_title} %{{customdata}}: <b>%{{y:.4f}}</b><extra></extra>",
            )
            for line in sorted(lines, key=lambda line: line.is_meant)
        ]
    )
    figure.add_vline(x=x[now], line={"color": theme.text, "width": 1.5}, layer="below")
    axis = {"zeroline": False, "fixedrange": True, "tickfont": {"size": 14}}
    ticks = tick_steps(steps[-1])
    figure.update_xaxes(
        **axis,
        showgrid=False,
        tickvals=[math.log1p(step) for step in ticks],
        ticktext=[f"{step:,}" for step in ticks],
        title=axis_title(x_title, theme),
    )
    figure.update_yaxes(
        **axis, gridcolor=theme.border, range=[-0.02 * highest, 1.04 * highest], title=axis_title(y_title, theme)
    )
    dress(figure, theme, height=_HEIGHT, margin={"l": 60, "r": 16, "t": 10, "b": 50})
    return figure


def tick_steps(last: int) -> list[int]:
    """Round steps that stand apart on the axis: 0, 1, 3, 10, 30, …, and the last."""
    last = max(1, last)
    whole = math.log1p(last)
    ticks = [0]
    for step in (each * 10**power for power in range(len(str(last))) for each in (1, 3)):
        apart = min(math.log1p(step) - math.log1p(ticks[-1]), whole - math.log1p(step))
        if step < last and apart > _ROOM * whole:
            ticks.append(step)
    return [*ticks, last]
