"""The trainings of one reader: which is looked at, and which one beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.address.hiding import offered
from ui.address.session import change, seed_widget, session, widget_value
from ui.i18n import N_, _
from ui.models.state import ModelsState
from ui.runs.pool import run_of_reader

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from lm_core.training.plans import Plan

FIELDS = {
    "learning_rate": N_("learning rate"),
    "schedule": N_("schedule"),
    "warmup_share": N_("warm-up"),
    "batch_size": N_("batch size"),
    "epochs": N_("epochs"),
    "steps": N_("steps"),
    "start": N_("start"),
    "frozen_layers": N_("frozen layers"),
    "layer_decay": N_("rate of each layer, of the one above"),
    "weight_decay": N_("weight decay"),
    "dropout": N_("dropout"),
    "patience": N_("patience"),
    "seed": N_("seed"),
}
"""The options by which two trainings are told apart; others are named as in the code."""

_WORDS = {"pretrained": N_("pre-trained weights"), "nothing": N_("fresh weights"), None: N_("none")}
_NO_RUN = ""
_DIFFERENCES = 2  # that a name holds


def run_pickers(run: Snapshot, *, is_welcome: Callable[[Plan], bool]) -> None:
    """Which of the reader's trainings is shown, and which one beside it, where there are several.

    Args:
        run: the one that the address names.
        is_welcome: whether a plan is of the kind that this page shows.
    """
    plans = {run_id: plan for run_id, plan in session().kept(ModelsState).runs.items() if is_welcome(plan)}
    if len(plans) < 2:
        return
    options = {run_id: asdict(plan.options) for run_id, plan in plans.items()}
    numbered = {run_id: number for number, run_id in enumerate(plans, 1)}
    varying = [name for name in options[run.run_id] if len({str(each.get(name)) for each in options.values()}) > 1]

    def shown(run_id: str) -> str:
        if run_id == _NO_RUN:
            return _("none")
        return " · ".join(filter(None, (str(numbered[run_id]), _named(options[run_id], varying))))

    with st.container(key="run_pickers", horizontal=True):
        _picker(_("Which training"), list(plans), "run", run.run_id, shown)
        others = [_NO_RUN, *(run_id for run_id in plans if run_id != run.run_id)]
        beside = run_of_reader("beside") or _NO_RUN
        _picker(_("Beside it"), others, "beside", beside if beside in others else _NO_RUN, shown)


def told_apart(first: Plan, second: Plan) -> tuple[str, str]:
    """What the options of two plans differ in, as a name for each."""
    mine, theirs = asdict(first.options), asdict(second.options)
    differing = [name for name in mine if mine[name] != theirs.get(name)]
    if not differing:
        return (_("this one"), _("the other one"))
    return _named(mine, differing[:_DIFFERENCES]), _named(theirs, differing[:_DIFFERENCES])


def _named(options: dict[str, Any], names: list[str]) -> str:
    """Each option with its value; words such as “fresh weights” speak for themselves."""
    told = {name: _value(options.get(name)) for name in names}
    return ", ".join(
        value if name == "start" else f"{_(FIELDS.get(name, name))} {value}" for name, value in told.items()
    )


def _value(value: object) -> str:
    if value is None or isinstance(value, str):
        return _(_WORDS[value]) if value in _WORDS else str(value)
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def summary(plan: Plan) -> str:
    """What tells one training from another at a glance."""
    options = asdict(plan.options)
    named = ("learning_rate", "epochs", "steps", "batch_size", "start", "frozen_layers")
    names = [name for name in named if options.get(name) is not None and not (name == "epochs" and options["steps"])]
    return _named(options, names)


def _picker(label: str, options: list[str], name: str, picked: str, shown: Callable[[str], str]) -> None:
    if not offered(name, label):
        return
    key = f"{name}_picker"
    seed_widget(key, picked)
    st.selectbox(
        label, options, key=key, format_func=shown, on_change=lambda: change(**{name: widget_value(key) or None})
    )
