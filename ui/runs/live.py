"""A training that is looked at while it goes on: what stands here is asked for anew and anew, the page is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui.frame.lesson import failures_told
from ui.runs.controls import is_active
from ui.runs.curves import Drawn, References, curves_shown
from ui.runs.picker import told_apart
from ui.runs.pool import pool
from ui.runs.status import status_shown

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot

_EVERY = 1.0  # seconds
_LATER = 0.1  # seconds more for each training of the server: where many take turns, each changes less often
_WORDS_EVERY = 5.0  # seconds


def live(
    run: Snapshot,
    beside: Snapshot | None,
    charts: Sequence[str],
    references: References,
    *,
    held_out: str,
    marked: int | None = None,
) -> None:
    """The line that says how the run stands, and the curves of it and of the one beside it.

    Each look renews the lease of both runs. When the first one comes to rest, the whole page is drawn once more.

    Args:
        run: as it stands now.
        beside: a second run on the same charts.
        charts: names of what is drawn.
        references: levels to hold the curves against.
        held_out: what the held-out points are measured on, as a sentence.
        marked: a step that the page is about.
    """
    ids = [each.run_id for each in (run, beside) if each is not None]
    began = [is_active(each) for each in (run, beside) if each is not None]

    def look() -> None:
        with failures_told():
            now = [pool().snapshot(run_id) for run_id in ids]
            if began != [is_active(each) for each in now]:
                st.rerun()
            status_shown(now[0])
            names = told_apart(*(each.plan for each in now)) if len(now) > 1 else ("",)
            shown = [Drawn(snapshot, name) for snapshot, name in zip(now, names, strict=True)]
            curves_shown(shown, charts, references, held_out=held_out, marked=marked)

    st.fragment(look, run_every=_EVERY + _LATER * run.active_runs if any(began) else None)()


def words_beside(run: Snapshot, tell: Callable[[Snapshot], object]) -> None:
    """What is said about a run, said anew now and then while it goes on.

    Args:
        run: as it stands now.
        tell: writes what there is to say.
    """

    def look() -> None:
        with failures_told():
            tell(pool().snapshot(run.run_id))

    st.fragment(look, run_every=_WORDS_EVERY if is_active(run) else None)()
