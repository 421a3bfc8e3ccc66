"""How a training stands, in one line: its state, its place, its speed, and the time that is left."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import streamlit as st

from ui.address.session import session
from ui.i18n import _, told
from ui.runs.controls import is_active
from ui.runs.state import RunsState

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot

_RECENT = 20  # steps that the speed is measured over
_LONG_ENOUGH = 3.0  # seconds of looking on before a time is foretold


def status_shown(snapshot: Snapshot) -> None:
    """The line, and what went wrong if anything did."""
    from lm_core.explain.training.histories import first_broken

    parts = [f"**{_state(snapshot)}**", _steps(snapshot)]
    if is_active(snapshot) and snapshot.steps:
        parts.append(_speed(snapshot))
        left = _seconds_left(snapshot)
        if left is not None:
            parts.append(_told_time(left))
    if is_active(snapshot) and snapshot.active_runs > 1:
        before = _("{place} before you").format(place=snapshot.place) if snapshot.place else ""
        together = _("{active} train on this server").format(active=snapshot.active_runs)
        parts.append(", ".join(filter(None, (before, together))))
    st.markdown(" · ".join(parts))
    broken = first_broken(snapshot.steps)
    if broken is not None:
        st.warning(
            _(
                "The loss of step {step} is not a number any more: the steps were so large that the weights have run "
                "out of what a computer can write. Nothing brings it back; reset, or start again with a smaller rate."
            ).format(step=broken)
        )
    if snapshot.status == "failed":
        reason = told(snapshot.error) if snapshot.error is not None else _("The training broke off.")
        st.warning(_("{reason} Reset begins it anew.").format(reason=reason))


def _state(snapshot: Snapshot) -> str:
    """One word, or two."""
    if is_active(snapshot):
        return _("Training") if snapshot.step else _("Getting ready …")
    if snapshot.status == "done":
        return _("Stopped early") if snapshot.stopped_early else _("Done")
    if snapshot.status == "failed":
        return _("Broken off")
    return _("Paused") if snapshot.step else _("Ready to begin")


def _steps(snapshot: Snapshot) -> str:
    return _("step {step} of {total}").format(step=f"{snapshot.step:,}", total=f"{snapshot.total_steps:,}")


def _speed(snapshot: Snapshot) -> str:
    """Examples a second while it has its turn: the time in which others have theirs is not counted."""
    recent = snapshot.steps[-_RECENT:]
    speed = sum(each.examples for each in recent) / max(math.fsum(each.step_seconds for each in recent), 1e-9)
    return _("{speed} examples a second").format(speed=f"{speed:,.0f}")


def _seconds_left(snapshot: Snapshot) -> float | None:
    """Foretold from how fast it went while this reader looked on, turns of others included; None at first."""
    now = time.monotonic()
    since, at = session().kept(RunsState).pace.setdefault(snapshot.run_id, (now, snapshot.step))
    if now - since < _LONG_ENOUGH or snapshot.step <= at:
        return None
    return (snapshot.total_steps - snapshot.step) * (now - since) / (snapshot.step - at)


def _told_time(seconds: float) -> str:
    if seconds < 60:
        return _("less than a minute left")
    return _("about {minutes} min left").format(minutes=math.ceil(seconds / 60))
