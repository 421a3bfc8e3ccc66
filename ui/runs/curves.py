"""The curves of one training, or of two on the same axes, of whatever kind: its losses give the names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from figures.training.curves import Panel, Reference, Trace, training_curves
from lm_core.explain.training.histories import SMOOTHED_OVER, evenly, running_mean
from lm_core.training.fine_tuning import FineTuningPlan
from ui.appearance import theme
from ui.frame.controls import some_of
from ui.frame.downloads import csv_button
from ui.frame.figure import show_figure
from ui.frame.numbers import Row, as_csv
from ui.i18n import N_, _

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from lm_core.training.run import StepMetrics

MOST_POINTS = 300  # of one line: more than a screen can tell apart

TASKS: Mapping[str, str] = {
    "label": N_("labels"),
    "masked_lm": N_("masked words"),
    "next_sentence": N_("next sentence"),
}
"""What the losses of a training are about."""

Kind = Literal["loss", "accuracy", "rate", "norm", "speed"]
References = Mapping[str, Sequence[Reference]]
"""By the name of a chart: levels to hold its curves against."""


@dataclass(frozen=True)
class Chart:
    """One quantity of a training."""

    kind: Kind
    label: str  # in the reader's language
    task: str = ""  # of a loss or an accuracy


@dataclass(frozen=True)
class Drawn:
    """A training on the charts."""

    snapshot: Snapshot
    name: str = ""  # by which it is told from the other one; empty where it stands alone


def tasks_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The names of its losses; before there is any, those of its kind."""
    if snapshot.steps:
        return tuple(snapshot.steps[0].losses)
    return ("label",) if isinstance(snapshot.plan, FineTuningPlan) else ("masked_lm", "next_sentence")


def charts_of(tasks: Sequence[str]) -> dict[str, Chart]:
    """What can be drawn of a training with these tasks, by the names in the address."""
    charts: dict[str, Chart] = {}
    for task in tasks:
        suffix = f"-{task}" if len(tasks) > 1 else ""
        of_task = f" ({_(TASKS[task])})" if len(tasks) > 1 else ""
        charts[f"loss{suffix}"] = Chart("loss", _("Loss") + of_task, task)
        charts[f"accuracy{suffix}"] = Chart("accuracy", _("Accuracy") + of_task, task)
    charts["rate"] = Chart("rate", _("Learning rate"))
    charts["norm"] = Chart("norm", _("Gradient norm"))
    charts["speed"] = Chart("speed", _("Examples a second"))
    return charts


def chart_picker(tasks: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """Which quantities are drawn; two to begin with."""
    charts = charts_of(tasks)
    return some_of(
        _("Curves shown"), list(charts), name="charts", shown=lambda name: charts[name].label, default=default
    )


def curves_shown(
    runs: Sequence[Drawn], names: Sequence[str], references: References, *, held_out: str, marked: int | None = None
) -> None:
    """The figure, and under it what is smoothed and left out.

    Args:
        runs: one or two.
        names: of the charts.
        references: levels to hold the curves against.
        held_out: what the held-out points are measured on, as a sentence.
        marked: a step that the page is about.
    """
    first = runs[0].snapshot
    charts = charts_of(tasks_of(first))
    panels = [_panel(charts[name], runs, references.get(name, ())) for name in names if name in charts]
    show_figure(
        training_curves(
            panels,
            theme=theme(),
            x_title=_("step"),
            last_step=max(run.snapshot.total_steps for run in runs),
            revision=first.run_id,
            marked=marked,
        ),
        key="curves",
        file_name="training",
        alt=_alt(runs),
    )
    longest = max(len(run.snapshot.steps) for run in runs)
    notes = [
        _("Training: a thin line is the batch of each step, a thick one the mean of the last {count} steps.").format(
            count=SMOOTHED_OVER
        ),
        held_out,
    ]
    if longest > MOST_POINTS:
        notes.append(_("{drawn} of {count} steps are drawn.").format(drawn=MOST_POINTS, count=f"{longest:,}"))
    st.caption(" ".join(notes))


def metrics_table(snapshot: Snapshot) -> None:
    """Every step as a table to take away."""
    held_out = {each.step: each for each in snapshot.held_out}
    rows: list[Row] = []
    for each in snapshot.steps:
        row: Row = {_("step"): each.step}
        for task in each.losses:
            row |= {f"{_('loss')}: {_(TASKS[task])}": each.losses[task]}
            row |= {f"{_('accuracy')}: {_(TASKS[task])}": each.accuracies[task]}
            measured = held_out.get(each.step)
            row |= {f"{_('held-out loss')}: {_(TASKS[task])}": measured.losses[task] if measured else math.nan}
            row |= {f"{_('held-out accuracy')}: {_(TASKS[task])}": measured.accuracies[task] if measured else math.nan}
        row |= {_("Learning rate"): each.learning_rate, _("Gradient norm"): each.gradient_norm}
        rows.append(row | {_("Examples a second"): each.examples_per_second})
    formats = {name: st.column_config.NumberColumn(format="%.4g") for name in rows[0] if name != _("step")}
    st.dataframe(
        rows,
        hide_index=True,
        height=400,
        column_config=formats,
        alt=_("Every step of the training"),
        key="numbers",
    )
    csv_button(as_csv(rows), "training.csv")


def _panel(chart: Chart, runs: Sequence[Drawn], references: Sequence[Reference]) -> Panel:
    """One quantity of all runs."""
    units = {"loss": _("nats"), "accuracy": _("share of right answers"), "rate": "", "norm": "", "speed": ""}
    unit = units[chart.kind]
    traces = [trace for number, run in enumerate(runs) for trace in _traces(chart, run, number)]
    scale: Literal["from zero", "share", "log"] = (
        "share" if chart.kind == "accuracy" else "log" if chart.kind == "norm" else "from zero"
    )
    return Panel(f"{chart.label} ({unit})" if unit else chart.label, tuple(traces), tuple(references), scale)


def _traces(chart: Chart, run: Drawn, number: int) -> list[Trace]:
    """The lines of one run: where it stands alone training and held-out have a colour each, else each run has one."""
    colour = theme().segments[number]
    second = colour if run.name else theme().segments[1]
    steps = run.snapshot.steps
    values = [_value(chart)(each) for each in steps]
    kept = evenly(len(values), MOST_POINTS).tolist() if values else []
    x = [steps[place].step for place in kept]

    def named(name: str) -> str:
        return f"{name}: {run.name}" if run.name else name

    raw = [values[place] for place in kept]
    if chart.kind in ("rate", "speed", "norm"):
        smooth = raw if chart.kind == "rate" else running_mean(values)[kept].tolist() if kept else []
        faint = [] if chart.kind == "rate" else [Trace("", x, raw, colour, "raw")]
        return [*faint, Trace(named(_("training")), x, smooth, colour, "line")]
    smooth = running_mean(values)[kept].tolist() if kept else []
    measured = run.snapshot.held_out
    scores = [(each.losses if chart.kind == "loss" else each.accuracies).get(chart.task, math.nan) for each in measured]
    return [
        Trace("", x, raw, colour, "raw"),
        Trace(named(_("training")), x, smooth, colour, "line"),
        Trace(named(_("held out")), [each.step for each in measured], scores, second, "points"),
    ]


def _value(chart: Chart) -> Callable[[StepMetrics], float]:
    """What a step says of a chart's quantity."""
    readers: Mapping[Kind, Callable[[StepMetrics], float]] = {
        "loss": lambda each: each.losses.get(chart.task, math.nan),
        "accuracy": lambda each: each.accuracies.get(chart.task, math.nan),
        "rate": lambda each: each.learning_rate,
        "norm": lambda each: each.gradient_norm,
        "speed": lambda each: each.examples_per_second,
    }
    return readers[chart.kind]


def _alt(runs: Sequence[Drawn]) -> str:
    """Where the curves have come to, in words."""
    told = [
        _("{name}: at step {step} held-out loss {loss}, held-out accuracy {accuracy}").format(
            name=run.name or _(TASKS[task]),
            step=last.step,
            loss=f"{last.losses[task]:.3f}",
            accuracy=f"{last.accuracies[task]:.3f}",
        )
        for run in runs
        for last in run.snapshot.held_out[-1:]
        for task in last.losses
    ]
    return "; ".join([_("Curves of the training"), *told])
