"""The view of the training itself, step 3 of fine-tuning: options, a run that goes on, and its curves as they come."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.training.curves import Reference
from lm_core.errors import InputError
from lm_core.text.example_sets import SETS
from lm_core.text.examples import Examples
from lm_core.text.fewer import fewer
from lm_core.training.fine_tuning import MEASURED_LIVE, FineTuningPlan, add_head
from lm_core.training.run import TrainingRun, learning_rate
from ui.address.hiding import offered
from ui.address.sources import SOURCES
from ui.frame.controls import switch
from ui.frame.lesson import failures_told
from ui.frame.reading import asked_model
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.fine_tuning.baselines import baselines
from ui.lessons.fine_tuning.cells import cells
from ui.lessons.fine_tuning.check import check_shown, chosen_step
from ui.lessons.fine_tuning.code import code_beside
from ui.lessons.fine_tuning.guess import guess_the_shape
from ui.lessons.fine_tuning.notes import challenge, notice
from ui.lessons.fine_tuning.options import (
    MOST_STEPS,
    Values,
    against,
    option_controls,
    read_options,
    values,
)
from ui.lessons.fine_tuning.steps import steps_shown
from ui.plain import code_span
from ui.runs.controls import refusal_told, run_controls, start
from ui.runs.curves import chart_picker, metrics_table, tasks_of
from ui.runs.labelled_data import ChosenData, chosen_data, data_source
from ui.runs.live import live, words_beside
from ui.runs.options import typed_probes
from ui.runs.picker import run_pickers, summary
from ui.runs.pool import current_snapshot

if TYPE_CHECKING:
    from lm_core import LanguageModel
    from lm_core.runs.pool import Snapshot

_GAP = "This is a [MASK] day."  # a sentence with a gap for the film, whatever the labels are about


def show(words: DeltaGenerator) -> Shown:
    """The options and a button to begin, and below it the run that the address names.

    Args:
        words: the column of words, where the guess stands, what to notice and the challenge.
    """
    steps_shown((3,))
    refusal_told()
    run = None
    with failures_told():
        run = current_snapshot()
    plan = run.plan if run is not None else None
    if run is not None and not isinstance(plan, FineTuningPlan):
        st.info(_("This training is a pre-training: it is shown in the lesson on pre-training."))
        run = None
    if run is None or switch(_("Other options for another training"), name="setup"):
        with failures_told():
            _setup()
    if run is None or not isinstance(plan, FineTuningPlan):
        with words:
            guess_the_shape(None, 0.0)
        return Shown()
    return _shown(run, plan, words)


def _setup() -> None:
    """What is learned from, with which options; and the button that begins."""
    data = chosen_data()
    _serial, model = asked_model()
    held = values(model.config.num_hidden_layers)
    option_controls(held, model.config.num_hidden_layers)
    plan = _plan(data, model, held)
    st.markdown(
        _("{data}: **{train}** examples to learn from, **{held_out}** held out; **{steps}** steps of {batch}.").format(
            data=code_span(data.name),
            train=f"{len(plan.train.rows):,}",
            held_out=f"{len(plan.held_out.rows):,}",
            steps=f"{plan.total_steps:,}",
            batch=plan.options.batch_size,
        )
    )
    second = against(held)
    if offered("begin", _("Start training")):
        st.button(
            _("Start both trainings") if second else _("Start training"),
            key="begin",
            type="primary",
            on_click=start,
            args=([lambda held=held: _plan(data, model, held) for held in (held, second) if held],),
        )


def _plan(data: ChosenData, model: LanguageModel, held: Values) -> FineTuningPlan:
    """All that fixes the training that the page describes.

    Raises:
        InputError: it would take too many steps, or an option cannot be read.
    """
    options = read_options(held)
    train = data.split.train
    if held["few"] != "all":
        train = fewer(train, int(held["few"]), options.seed)
    plan = FineTuningPlan(
        model.name, train, data.split.held_out, options, _probes(data.split.held_out), _data_name(data)
    )
    if plan.total_steps > MOST_STEPS:
        raise InputError(
            "That would be {steps} steps, and {most} are the most: choose fewer epochs, larger batches or "
            "fewer examples.",
            steps=plan.total_steps,
            most=MOST_STEPS,
        )
    return plan


def _data_name(data: ChosenData) -> str:
    """What a run calls its data, in whatever language its readers are: a set by its name in the address."""
    source = data_source()
    return source if source in SETS else data.name


def _probes(held_out: Examples) -> tuple[str, ...]:
    """The reader's sentences for the film; else one with a gap, and held-out texts of the first two labels."""
    if typed := typed_probes():
        return typed
    first = [next(row.text for row in held_out.rows if row.label == label) for label in held_out.labels[:2]]
    return (_GAP, *first)


def _behind_switches(run: Snapshot, plan: FineTuningPlan, step: int | None) -> None:
    """The numbers as a table, one step checked, the code: each when it is asked for."""
    with st.container(key="switches", horizontal=True):
        with_table = switch(_("Numbers as a table"), name="table")
        with_check = switch(_("Check the numbers of a step"), name="check")
        with_code = switch(_("The code of this step, and in transformers"), name="step_code")
    if with_table and run.steps:
        metrics_table(run)
    if with_check and run.steps:
        check_shown(run, step)
    if with_code:
        code_beside(plan)


def _shown(run: Snapshot, plan: FineTuningPlan, words: DeltaGenerator) -> Shown:
    """The run of the address: its controls, its curves, one step of it checked, and the code."""
    run_pickers(run, is_welcome=lambda each: isinstance(each, FineTuningPlan))
    beside = None
    with failures_told():
        beside = current_snapshot("beside")
    run_controls(run)
    st.caption(
        _("{data}: {train} examples to learn from, {held_out} held out; {options}.").format(
            data=_(SOURCES[plan.data]) if plan.data in SETS else code_span(plan.data),
            train=f"{len(plan.train.rows):,}",
            held_out=f"{len(plan.held_out.rows):,}",
            options=summary(plan),
        )
    )
    tasks = tasks_of(run)
    charts = chart_picker(tasks, ("loss", "accuracy"))
    step = chosen_step(run)
    lines = baselines(plan)
    live(
        run,
        beside if beside is not None and beside.run_id != run.run_id else None,
        charts,
        {
            "loss": (Reference(lines.guessing, _("guessing")),),
            "accuracy": (
                Reference(lines.majority, _("most frequent label")),
                Reference(lines.naive_bayes, _("naive Bayes")),
            ),
        },
        held_out=_("Held out: {count} examples that it never learns from.").format(
            count=min(MEASURED_LIVE, len(plan.held_out.rows))
        ),
        marked=step,
    )
    _behind_switches(run, plan, step)
    with words:
        guess_the_shape(run, lines.guessing)
        words_beside(run, lambda now: st.markdown(f"{notice(now, lines)}\n\n{challenge(now, lines)}"))
    data = None
    with suppress(InputError):  # what the address names may be gone, and the run goes on
        data = chosen_data()
    return Shown((TrainingRun.advance, learning_rate, add_head), cells(run, data))
