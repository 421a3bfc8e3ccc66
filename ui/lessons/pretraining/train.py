"""The view of the pre-training itself: options, a run that goes on, and its curves against those who know less."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.training.curves import Reference
from lm_core.text.small_text import unigram_loss
from lm_core.training.objectives import pretraining_scores
from lm_core.training.run import TrainingRun
from lm_core.training.small_pretraining import PreTrainingPlan
from ui.address.hiding import offered
from ui.address.session import SHIPPED_MODEL, view
from ui.frame.controls import switch
from ui.frame.lesson import failures_told
from ui.frame.reading import asked_model
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.pretraining.check import check_shown, lines_of
from ui.lessons.pretraining.judged import challenge, guess_what_is_first, notice
from ui.lessons.pretraining.learned_pieces import asked_size, learned_pieces
from ui.lessons.pretraining.options import Values, option_controls, read_options, values
from ui.lessons.pretraining.run_cells import run_cells
from ui.lessons.pretraining.source import TEXTS, SmallText, chosen_text, default_probes, text_picker
from ui.models.shelf import models
from ui.plain import code_span
from ui.runs.controls import refusal_told, run_controls, start
from ui.runs.curves import chart_picker, metrics_table, tasks_of
from ui.runs.live import live, words_beside
from ui.runs.options import typed_probes
from ui.runs.picker import run_pickers
from ui.runs.pool import current_snapshot

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot

_SEEN_FIRST = ("loss-masked_lm", "loss-next_sentence")


def show(words: DeltaGenerator) -> Shown:
    """The options and a button to begin, and below it the run that the address names.

    Args:
        words: the column of words, where the guess stands, what to notice and the challenge.
    """
    refusal_told()
    run = None
    with failures_told():
        run = pretraining_of_page()
    if run is None or switch(_("Other options for another training"), name="setup"):
        with failures_told():
            _setup()
    if run is None:
        with words:
            guess_what_is_first(None)
        return Shown()
    return _shown(run, words)


def pretraining_of_page() -> Snapshot | None:
    """The pre-training that the address names; None where it names none, or a run of another kind.

    Raises:
        InputError: there is no such run.
    """
    run = current_snapshot()
    if run is not None and not isinstance(run.plan, PreTrainingPlan):
        st.info(_("This training is a fine-tuning: it is shown in the lesson “Training live”."))
        return None
    return run


def _setup() -> None:
    """What is read, with which options; and the button that begins."""
    text_picker()
    text = chosen_text()
    held = values()
    option_controls(held)
    if held["start"] == "pretrained":
        asked_model()  # tells where another one stands in for it
    plan = _plan(text, held)
    parameters = plan.num_parameters(models().fetch)
    pieces = _("{count} pieces").format(count=f"{plan.options.vocab_size:,}")
    st.markdown(
        _(
            "{text}, {words} words, in {pieces} (“Text and pieces” changes both): a model of **{parameters}** "
            "parameters; **{steps}** steps of {batch} positions."
        ).format(
            text=_(TEXTS[text.name]),
            words=f"{sum(len(sentence.split()) for sentence in text.sentences):,}",
            pieces=pieces
            if held["start"] == "nothing"
            else _("the pieces of {model}").format(model=code_span(plan.model)),
            parameters=f"{parameters:,}",
            steps=f"{plan.total_steps:,}",
            batch=plan.options.tokens_per_batch,
        )
    )
    if offered("begin", _("Start training")):
        st.button(_("Start training"), key="begin", on_click=start, args=([lambda: _plan(text, held)],))


def _plan(text: SmallText, held: Values) -> PreTrainingPlan:
    """All that fixes the training that the page describes."""
    size = learned_pieces(text).size_at_most(asked_size())
    return PreTrainingPlan(
        text=text.text,
        options=read_options(held, size),
        model=_asked_name() if held["start"] == "pretrained" else "",
        probes=typed_probes() or default_probes(text),
        data=_(TEXTS[text.name]),
    )


def _asked_name() -> str:
    """The name of the reader's model; the shipped one where it is not in memory, which the page tells."""
    return view().model if models().has(view().model) else SHIPPED_MODEL


def _shown(run: Snapshot, words: DeltaGenerator) -> Shown:
    """The run of the address: its controls, its curves, and its numbers checked."""
    run_pickers(run, is_welcome=lambda each: isinstance(each, PreTrainingPlan))
    beside = None
    with failures_told():
        beside = current_snapshot("beside")
    run_controls(run)
    charts = chart_picker(tasks_of(run), _SEEN_FIRST)
    lines = lines_of(run)
    live(
        run,
        beside if beside is not None and beside.run_id != run.run_id else None,
        charts,
        {
            "loss-masked_lm": tuple(
                Reference(lines[name], label)
                for name, label in (("uniform", _("knows nothing")), ("unigram", _("knows frequencies")))
            ),
            "loss-next_sentence": (Reference(math.log(2), _("a coin")),),
            "accuracy-next_sentence": (Reference(0.5, _("a coin")),),
        },
        held_out=_("Held out: one document in ten, which it never learns from, with 15 % of the pieces masked."),
    )
    with st.container(key="switches", horizontal=True):
        with_table = switch(_("Numbers as a table"), name="table")
        with_check = switch(_("Check the lines and the loss"), name="check")
    if with_table and run.steps:
        metrics_table(run)
    if with_check and run.held_out:
        check_shown(run)
    with words:
        guess_what_is_first(run)
        words_beside(run, lambda now: st.markdown(f"{notice(now)}\n\n{challenge(now)}"))
    return Shown((TrainingRun.advance, pretraining_scores, unigram_loss), run_cells(run))
