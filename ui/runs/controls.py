"""Play, pause, step, reset and remove: what a reader does with a training, of whatever kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import InputError, LMGlassboxError
from ui.address.hiding import offered
from ui.address.session import change, session
from ui.i18n import _, told
from ui.models.state import ModelsState
from ui.runs.pool import pool
from ui.runs.state import RunsState

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from lm_core.training.plans import Plan

LEAPS = (1, 10)  # steps of the two buttons that go on a little


def is_active(snapshot: Snapshot) -> bool:
    """Whether it goes on by itself."""
    return snapshot.status in ("waiting", "running")


def run_controls(snapshot: Snapshot) -> None:
    """The buttons, in one row; what cannot be done now cannot be pressed."""
    run_id, active = snapshot.run_id, is_active(snapshot)
    over = snapshot.status in ("done", "failed")
    if not offered("controls", _("Play, pause, step, reset")):
        return
    with st.container(key="run_controls", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Pause") if active else _("Play"),
            key="play",
            type="secondary" if active or over else "primary",
            on_click=_ask,
            args=(lambda: pool().pause(run_id) if active else pool().resume(run_id),),
            disabled=over,
        )
        for leap in LEAPS:
            st.button(
                f"+{leap}",
                key=f"leap_{leap}",
                help=_("Go on for {steps} steps, then pause").format(steps=leap),
                on_click=_ask,
                args=(lambda leap=leap: pool().step(run_id, leap),),
                disabled=over or active,
            )
        st.button(
            _("Reset"),
            key="reset",
            help=_("Back to before the first step, with the same seed: it will go the same way again"),
            on_click=_ask,
            args=(lambda: pool().reset(run_id),),
            disabled=snapshot.step == 0 and snapshot.status == "paused",
        )
        st.button(
            _("Remove"),
            key="remove",
            type="tertiary",
            help=_("Stop, and forget all that it has learned"),
            on_click=_ask,
            args=(lambda: _remove(run_id),),
        )


def start(plans: Sequence[Callable[[], Plan]]) -> None:
    """Begin a training, and others beside it; for a callback. The address names the first two.

    Args:
        plans: each makes the plan, when it is its turn. The first one that fails ends it, and what began goes on.
    """
    begun: list[str] = []

    def begin() -> None:
        for make in plans:
            plan = make()
            begun.append(pool().submit(plan))
            session().kept(ModelsState).runs[begun[-1]] = plan

    _ask(begin)
    if begun:
        change(run=begun[0], beside=begun[1] if len(begun) > 1 else None, setup=None, at=None)


def refusal_told() -> None:
    """Why what was asked last was not done; once."""
    refusal, session().kept(RunsState).refusal = session().kept(RunsState).refusal, None
    if refusal is not None:
        st.warning(told(refusal))


def _ask(what: Callable[[], object]) -> None:
    """Ask the pool for something; what it refuses is told in the run that follows."""
    session().kept(RunsState).refusal = None
    session().kept(RunsState).pace.clear()  # another pace begins
    try:
        what()
    except LMGlassboxError as error:
        session().kept(RunsState).refusal = error


def _remove(run_id: str) -> None:
    """Remove a run, from the address too."""
    with suppress(InputError):  # somebody else may have done it
        pool().remove(run_id)
    session().kept(ModelsState).runs.pop(run_id, None)
    change(run=None, beside=None, at=None)
