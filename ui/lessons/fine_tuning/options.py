"""The options of a fine-tuning: each stands in the address, and what the address leaves out comes from a preset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import InputError
from ui.address.entries import stop_entry, text_entry
from ui.address.session import option
from ui.frame.controls import choice, switch
from ui.i18n import N_, _
from ui.lessons.fine_tuning.presets import PRESETS, Preset
from ui.runs.options import asked_seed, probes_entry, read_patience, schedule_names, seed_entry

if TYPE_CHECKING:
    from lm_core.training.fine_tuning import FineTuningOptions

MOST_STEPS = 5000  # of one training: a quarter of an hour of a core

RATES = tuple(f"{digit * 10.0**-power:.{power}f}" for power in range(6, 0, -1) for digit in (1, 2, 3, 5))
STOPS: Mapping[str, tuple[str, ...]] = {
    "rate": RATES,
    "epochs": ("0.25", "0.5", "1", "2", "3", "4", "5", "6", "8", "10", "15", "20", "30"),
    "batch": ("4", "8", "16", "32", "64"),
    "few": ("16", "32", "64", "128", "256", "512", "all"),
    "warmup": ("0", "5", "10", "20", "30"),  # per cent
    "layer_decay": ("1", "0.95", "0.9", "0.8", "0.65", "0.5"),
    "weight_decay": ("0", "0.01", "0.05", "0.1", "0.3"),
    "dropout": ("0", "0.05", "0.1", "0.2", "0.3", "0.5"),
    "patience": ("off", "2", "3", "5", "8"),
    "start": ("pretrained", "nothing"),
    "schedule": ("linear", "cosine", "constant"),
}
"""What each option can be, as it stands in the address; `frozen` depends on the model."""

DEFAULTS: Mapping[str, str] = {
    "rate": "0.0005",
    "epochs": "4",
    "batch": "32",
    "few": "all",
    "warmup": "10",
    "layer_decay": "1",
    "weight_decay": "0.01",
    "dropout": "0.1",
    "patience": "off",
    "start": "pretrained",
    "schedule": "linear",
    "frozen": "none",
}

NAMES: Mapping[str, str] = {
    "rate": N_("learning rate"),
    "epochs": N_("epochs"),
    "batch": N_("batch size"),
    "few": N_("examples to learn from"),
    "warmup": N_("warm-up (% of the steps)"),
    "layer_decay": N_("rate of each layer, of the one above"),
    "weight_decay": N_("weight decay"),
    "dropout": N_("dropout"),
    "patience": N_("early stopping"),
    "start": N_("start"),
    "schedule": N_("schedule"),
    "frozen": N_("frozen"),
}
"""What each option is called."""

Values = Mapping[str, str]
"""The options as the address writes them."""


def picked_preset() -> Preset:
    """The preset of the address; the first, where it names none."""
    return PRESETS.get(option("preset") or "", next(iter(PRESETS.values())))


def values(num_layers: int) -> dict[str, str]:
    """The options that hold: what the address says, else the preset, else the defaults.

    Args:
        num_layers: of the model.
    """
    given = {**DEFAULTS, **picked_preset().changes}
    asked = {name: option(name) for name in DEFAULTS}
    stops = {**STOPS, "frozen": frozen_stops(num_layers)}
    held = {name: asked[name] if asked[name] in stops[name] else value for name, value in given.items()}
    # A preset says "body", whatever the number of layers of the model is.
    return {name: stops["frozen"][-1] if value == "body" else str(value) for name, value in held.items()}


def frozen_stops(num_layers: int) -> tuple[str, ...]:
    """Nothing, the embeddings, the embeddings and some layers, up to the whole body."""
    return ("none", *map(str, range(num_layers + 1)))


def read_options(held: Values) -> FineTuningOptions:
    """The options that a training takes.

    Args:
        held: as `values` gives them.

    Raises:
        InputError: the number of steps is none.
    """
    from lm_core.training.fine_tuning import FineTuningOptions
    from lm_core.training.precision import bfloat16_is_native

    return FineTuningOptions(
        learning_rate=float(held["rate"]),
        schedule=held["schedule"],  # type: ignore[arg-type]
        warmup_share=int(held["warmup"]) / 100,
        batch_size=int(held["batch"]),
        epochs=float(held["epochs"]),
        steps=_steps(),
        start=held["start"],  # type: ignore[arg-type]
        frozen_layers=None if held["frozen"] == "none" else int(held["frozen"]),
        layer_decay=float(held["layer_decay"]),
        weight_decay=float(held["weight_decay"]),
        dropout=float(held["dropout"]),
        patience=read_patience(held["patience"]),
        bfloat16=bfloat16_is_native(),
        seed=asked_seed(),
    )


def option_controls(held: Values, num_layers: int) -> None:
    """The presets, the four options that matter most, and behind a switch the rest."""
    choice(
        _("Preset"),
        list(PRESETS),
        name="preset",
        shown=lambda name: _(PRESETS[name].label),
        clears=(*DEFAULTS, "steps"),
    )
    with st.container(key="options"):
        _stop("rate", held)
        _stop("epochs", held)
        _stop("batch", held)
        starts = {"pretrained": _("pre-trained"), "nothing": _("fresh")}
        choice(
            _("Weights at the start"),
            list(starts),
            name="start",
            shown=lambda name: starts[name],
            default=held["start"],
        )
    if not switch(_("More options"), name="more"):
        return
    frozen = frozen_stops(num_layers)
    with st.container(key="more_options"):
        _stop("few", held, {"all": _("all")})
        text_entry(_("Steps, instead of epochs"), name="steps", longest=5, placeholder="120")
        schedules = schedule_names()
        _stop("schedule", held, schedules)
        _stop("warmup", held)
        depths = {name: _("embeddings and {count} layers").format(count=name) for name in frozen[2:]}
        ends = {"none": _("none"), "0": _("embeddings"), frozen[-1]: _("the whole body")}
        stop_entry(
            _(NAMES["frozen"]).capitalize(),
            frozen,
            name="frozen",
            default=held["frozen"],
            shown=lambda name: {**depths, **ends}[name],
        )
        _stop("layer_decay", held)
        _stop("weight_decay", held)
        _stop("dropout", held)
        _stop("patience", held, {"off": _("off")})
        seed_entry()
    probes_entry()


def against(held: Values) -> dict[str, str] | None:
    """The options of the second training that a preset starts beside the first, if it does."""
    changes = picked_preset().against
    return {**held, **changes} if changes else None


def _stop(name: str, held: Values, shown: Mapping[str, str] | None = None) -> None:
    """One option as a slider."""
    stop_entry(
        _(NAMES[name]).capitalize(),
        STOPS[name],
        name=name,
        default=held[name],
        shown=lambda value: (shown or {}).get(value, value),
    )


def _steps() -> int | None:
    """How many steps the reader asks for instead of epochs."""
    typed = (option("steps") or "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_STEPS):
        raise InputError(
            "The number of steps has to be a whole number from 1 to {most}, not {steps}.", most=MOST_STEPS, steps=typed
        )
    return int(typed)
