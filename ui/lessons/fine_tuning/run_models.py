"""The two models of a run, before and after its training, and what is measured on both, kept by run and step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.errors import InputError
from lm_core.explain.training.confusion import Judged, judge_examples
from lm_core.explain.training.head_changes import head_changes
from lm_core.text.example_sets import SETS
from lm_core.text.examples import Examples
from lm_core.training.classifier import Classifier, load_classifier
from lm_core.training.fine_tuning import FineTuningPlan, add_head
from ui.address.session import change, session
from ui.address.sources import data_name
from ui.i18n import _
from ui.lessons.fine_tuning.state import FineTuningState
from ui.models.own import RUN, own_model
from ui.models.shelf import models
from ui.panels.masked_kept import progress
from ui.plain import code_span
from ui.runs.pool import current_snapshot, pool

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.runs.pool import Snapshot
    from lm_core.text.examples import Example

_AFTER_IN_MEMORY = 6  # the shipped shape takes 22 MB; loaded again in a tenth of a second
_BEFORE_IN_MEMORY = 12  # a head each, where the body is the pre-trained one
_MEASURED_IN_MEMORY = 64  # some numbers for each held-out example
MOST_HELD_OUT = 4000  # examples that are measured; of more, so many are taken, evenly
SENTENCES_FOR_HEADS = 32


@dataclass(frozen=True, eq=False)
class RunModels:
    """A run's classifier before its first step and at a later one."""

    snapshot: Snapshot
    plan: FineTuningPlan  # the snapshot's
    step: int  # of `after`
    before: Classifier
    after: Classifier

    @property
    def key(self) -> tuple[str, int]:
        """What is computed from the two is kept by this."""
        return self.snapshot.run_id, self.step

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels."""
        return self.plan.labels


@dataclass(eq=False)
class _Measured:
    """What both say to the held-out examples, once it is computed."""

    judged: tuple[Judged, Judged] | None = None


@dataclass(eq=False)
class _Changed:
    """How much each head has changed, once it is computed."""

    bits: Tensor | None = None  # (layer, head)


def run_of_page() -> RunModels | None:
    """The models of the run that the address names; where it names none, the page says what to do.

    As long as a run goes on, what is measured stays that of the step at which it was first asked for, and a button
    takes the model of now: numbers that change under the reader's hands cannot be checked.

    Raises:
        LMGlassboxError: there is no such run, or its model cannot be had.
    """
    snapshot = current_snapshot()
    if snapshot is None:
        st.info(_("No training is chosen yet: this view looks at a model that you have trained."))
        st.button(_("To the training"), type="primary", on_click=lambda: change(view="train"), key="to_training")
        return None
    plan = snapshot.plan
    if not isinstance(plan, FineTuningPlan):
        raise InputError("This training learns to fill gaps, not to label texts.")
    asked = _step_to_measure(snapshot)
    step, after = _after(snapshot.run_id, asked)
    session().kept(FineTuningState).measured[snapshot.run_id] = asked
    return RunModels(snapshot, plan, step, _before(snapshot.run_id, plan), after)


def step_shown(run: RunModels) -> None:
    """Which step is looked at, in small; while the run goes on, a button that takes the model of now."""
    moving = run.snapshot.status in ("waiting", "running")
    name = data_name(run.plan.data)
    with st.container(horizontal=True, vertical_alignment="center", key="step_shown"):
        st.caption(
            _("{data}: before the first step, and after step {step} of {total}.").format(
                data=name if run.plan.data in SETS else code_span(name),
                step=f"{run.step:,}",
                total=f"{run.snapshot.total_steps:,}",
            )
        )
        if moving and run.snapshot.step > run.step:
            st.button(
                _("Measure again at step {step}").format(step=f"{run.snapshot.step:,}"),
                key="measure_again",
                on_click=_measure_again,
                args=(run.snapshot.run_id,),
            )


def _measure_again(run_id: str) -> None:
    """Forget at which step the run was measured."""
    session().kept(FineTuningState).measured.pop(run_id, None)


def measured_examples(run: RunModels) -> tuple[Example, ...]:
    """The held-out examples that are measured: all, or of very many some, evenly."""
    rows = run.plan.held_out.rows
    count = min(len(rows), MOST_HELD_OUT)
    return tuple(rows[place * len(rows) // count] for place in range(count))


def judged_both(run: RunModels, place: DeltaGenerator) -> tuple[Judged, Judged]:
    """What both say to the held-out examples.

    Args:
        run: the two models.
        place: where the progress is shown.
    """
    kept = _measured(*run.key)
    if kept.judged is None:
        examples = Examples(measured_examples(run))
        told = progress(place, _("{done} of {total} held-out examples"))
        count = len(examples.rows)
        before = judge_examples(run.before, examples, lambda done, _total: told(done, 2 * count))
        after = judge_examples(run.after, examples, lambda done, _total: told(count + done, 2 * count))
        kept.judged = before, after
    return kept.judged


def judged_all(run: RunModels) -> Judged:
    """What the trained model says to every held-out example, also to those that the page leaves out."""
    kept = _measured(*run.key)
    if kept.judged is not None and len(kept.judged[1].truths) == len(run.plan.held_out.rows):
        return kept.judged[1]
    return judge_examples(run.after, run.plan.held_out)


def sentences_for_heads(run: RunModels) -> list[tuple[str, str | None]]:
    """The held-out texts on which heads are compared: some of them, evenly."""
    rows = run.plan.held_out.rows
    count = min(len(rows), SENTENCES_FOR_HEADS)
    chosen: Sequence[Example] = [rows[place * len(rows) // count] for place in range(count)]
    return [(row.text, row.text_pair) for row in chosen]


def heads_changed(run: RunModels, place: DeltaGenerator) -> Tensor:
    """(layer, head) how much each head has changed, in bits.

    Args:
        run: the two models.
        place: where the progress is shown.
    """
    kept = _changed(*run.key)
    if kept.bits is None:
        told = progress(place, _("{done} of {total} sentences"))
        kept.bits = head_changes(run.before.lm, run.after.lm, sentences_for_heads(run), told)
    return kept.bits


def _step_to_measure(snapshot: Snapshot) -> int:
    """The step whose model is wanted: the one that was measured, as long as the run goes on beyond it."""
    pinned = session().kept(FineTuningState).measured.get(snapshot.run_id)
    moving = snapshot.status in ("waiting", "running")
    return pinned if moving and pinned is not None and pinned <= snapshot.step else snapshot.step


@st.cache_resource(max_entries=_AFTER_IN_MEMORY, show_spinner=False)
def _after(run_id: str, asked: int) -> tuple[int, Classifier]:  # noqa: ARG001 (part of the key)
    """The run's model as it is now, and the step that it has come to."""
    pool().snapshot(run_id)
    own = own_model(RUN + run_id)
    assert own.step is not None
    return own.step, load_classifier(own.folder)


@st.cache_resource(max_entries=_BEFORE_IN_MEMORY, show_spinner=False)
def _before(run_id: str, _plan: FineTuningPlan) -> Classifier:  # noqa: ARG001 (the key)
    """The run's model before its first step: the same head of the same seed, as `plan.begin` gives it.

    A pre-trained body is the one on the shelf itself, not a copy: nobody trains this one.
    """
    lm = models().fetch(_plan.model)
    fresh = add_head(lm, _plan.labels, _plan.options)
    fresh.model.eval().requires_grad_(False)
    if _plan.options.start == "pretrained" and lm.has_next_sentence:
        fresh.model.body = lm.model.body
        return Classifier(fresh.model, fresh.labels, lm)
    return fresh


@st.cache_resource(max_entries=_MEASURED_IN_MEMORY, show_spinner=False)
def _measured(run_id: str, step: int) -> _Measured:  # noqa: ARG001 (the key)
    """An empty place. It is filled outside of here, since whoever fills it shows a progress of their own."""
    return _Measured()


@st.cache_resource(max_entries=_MEASURED_IN_MEMORY, show_spinner=False)
def _changed(run_id: str, step: int) -> _Changed:  # noqa: ARG001 (the key)
    """An empty place, filled as `_measured`."""
    return _Changed()
