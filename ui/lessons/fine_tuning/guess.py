"""How will the curve look? The reader commits before the run, and the run settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lm_core.explain.training.histories import held_out_shape
from ui.address.session import option
from ui.frame.prediction import settle, show_score, wager
from ui.i18n import N_, _
from ui.lessons.fine_tuning.presets import PRESETS

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot

SHAPES = {
    "falls": N_("It falls below guessing and stays there"),
    "returns": N_("It falls, then rises again"),
    "stays": N_("It does not get below guessing"),
}

_CAME = {
    "falls": N_("it fell from {first} to {last} nats, its best was {best}, and guessing costs {guessing}"),
    "returns": N_("it fell from {first} to {best} nats, then rose to {last}"),
    "stays": N_("its best was {best} nats, and guessing costs {guessing}"),
    "breaks": N_("it is not a number any more"),
}


def guess_the_shape(run: Snapshot | None, guessing: float) -> None:
    """What the held-out loss of the preset will do; once the run is done, what it did.

    Args:
        run: that the page shows, if any.
        guessing: nats, the loss of whoever knows only how frequent each label is.

    Args:
        run: that the page shows, if any.
    """
    name = option("preset") or next(iter(PRESETS))
    if name not in PRESETS:
        return
    key = f"shape {name} {option('set')}"
    if run is not None and run.status == "done":
        _settled(run, guessing, key=key)
        return
    answer = wager(
        _("With the preset “{preset}”: what will the **held-out loss** do?").format(preset=_(PRESETS[name].label)),
        list(SHAPES),
        lambda shape: _(SHAPES[shape]),
        key=key,
    )
    if answer is not None:
        st.markdown(_(PRESETS[name].look))


def _settled(run: Snapshot, guessing: float, *, key: str) -> None:
    """What was guessed, and what came."""
    losses = [sum(each.losses.values()) for each in run.held_out]
    shape = held_out_shape(run.held_out, guessing)
    came = _(_CAME[shape]).format(
        first=f"{losses[0]:.3f}", best=f"{min(losses):.3f}", last=f"{losses[-1]:.3f}", guessing=f"{guessing:.3f}"
    )
    right = settle(shape, key=key)
    if right is None:
        st.markdown(_("**What came.** The held-out loss: {came}.").format(came=came))
        return
    st.markdown(_("✓ Right: {came}.").format(came=came) if right else _("It came otherwise: {came}.").format(came=came))
    show_score()
