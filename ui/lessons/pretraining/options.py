"""The options of a pre-training: each stands in the address, and what the address leaves out comes from a preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from ui.address.entries import stop_entry
from ui.address.session import option
from ui.frame.controls import choice, switch
from ui.i18n import N_, _
from ui.lessons.pretraining.learned_pieces import asked_size
from ui.runs.options import asked_seed, probes_entry, read_patience, schedule_names, seed_entry

if TYPE_CHECKING:
    from lm_core.training.small_pretraining import PreTrainingOptions

STOPS: Mapping[str, tuple[str, ...]] = {
    "steps": ("50", "100", "200", "400", "600", "1000", "1500", "2000", "3000", "5000"),
    "rate": ("0.0001", "0.0002", "0.0005", "0.001", "0.002", "0.003", "0.005", "0.007", "0.01", "0.02", "0.05"),
    "mask": ("5", "10", "15", "20", "30", "40", "50", "60", "80"),  # per cent
    "batch": ("256", "512", "1024", "2048", "4096"),
    "layers": ("1", "2", "3", "4", "6"),
    "heads": ("1", "2", "4", "8"),
    "width": ("32", "64", "96", "128", "192", "256"),
    "length": ("16", "32", "64", "128"),
    "warmup": ("0", "5", "10", "20", "30"),  # per cent
    "weight_decay": ("0", "0.01", "0.05", "0.1", "0.3"),
    "dropout": ("0", "0.05", "0.1", "0.2", "0.3"),
    "patience": ("off", "2", "3", "5", "8"),
    "start": ("nothing", "pretrained"),
    "optimizer": ("muon", "adamw"),
    "schedule": ("linear", "cosine", "constant"),
}
"""What each option can be, as it stands in the address."""

DEFAULTS: Mapping[str, str] = {
    "steps": "3000",
    "rate": "0.005",
    "mask": "30",
    "batch": "512",
    "layers": "2",
    "heads": "4",
    "width": "64",
    "length": "32",
    "warmup": "5",
    "weight_decay": "0.01",
    "dropout": "0",
    "patience": "off",
    "start": "nothing",
    "optimizer": "muon",
    "schedule": "linear",
}

NAMES: Mapping[str, str] = {
    "steps": N_("Steps"),
    "rate": N_("Learning rate"),
    "mask": N_("Masked (% of the pieces)"),
    "batch": N_("Positions a batch"),
    "layers": N_("Layers"),
    "heads": N_("Heads a layer"),
    "width": N_("Width of the stream"),
    "length": N_("Positions of a sequence"),
    "warmup": N_("Warm-up (% of the steps)"),
    "weight_decay": N_("Weight decay"),
    "dropout": N_("Dropout"),
    "patience": N_("Early stopping"),
}


@dataclass(frozen=True)
class Preset:
    """Some options as the address writes them, and what there is to see."""

    label: str
    look: str
    changes: Mapping[str, str] = field(default_factory=dict)  # to the defaults


PRESETS: Mapping[str, Preset] = {
    "minute": Preset(
        N_("A minute"),
        N_("Look for the loss resting on the unigram line for a while before it goes on: frequencies come first."),
    ),
    "hot": Preset(
        N_("Rate too high"),
        N_("Look for a loss that stays near the unigram line: each step is so large that it undoes the one before."),
        {"rate": "0.05", "steps": "600"},
    ),
    "continued": Preset(
        N_("On from a trained model"),
        N_(
            "Look at the first measurement: the model starts far below the line that a model from nothing needs a "
            "minute to reach. Its vocabulary is its own, so the lines lie elsewhere."
        ),
        {"start": "pretrained", "rate": "0.0002", "steps": "200", "mask": "20", "batch": "1024"},
    ),
}
"""By the name in the address."""

Values = Mapping[str, str]
"""The options as the address writes them."""


def picked_preset() -> Preset:
    """The preset of the address; the first, where it names none."""
    return PRESETS.get(option("preset") or "", PRESETS["minute"])


def values() -> dict[str, str]:
    """The options that hold: what the address says, else the preset, else the defaults."""
    given = {**DEFAULTS, **picked_preset().changes}
    asked = {name: option(name) for name in given}
    return {name: str(asked[name]) if asked[name] in STOPS[name] else value for name, value in given.items()}


def read_options(held: Values, vocab_size: int | None = None) -> PreTrainingOptions:
    """The options that a training takes.

    Args:
        held: as `values` gives them.
        vocab_size: pieces at most; None takes what the address says.
    """
    from lm_core.training.small_pretraining import PreTrainingOptions

    return PreTrainingOptions(
        start=held["start"],  # type: ignore[arg-type]
        vocab_size=asked_size() if vocab_size is None else vocab_size,
        hidden_size=int(held["width"]),
        num_hidden_layers=int(held["layers"]),
        num_attention_heads=int(held["heads"]),
        max_length=int(held["length"]),
        learning_rate=float(held["rate"]),
        schedule=held["schedule"],  # type: ignore[arg-type]
        warmup_share=int(held["warmup"]) / 100,
        steps=int(held["steps"]),
        tokens_per_batch=int(held["batch"]),
        masking_rate=int(held["mask"]) / 100,
        optimizer=held["optimizer"],  # type: ignore[arg-type]
        weight_decay=float(held["weight_decay"]),
        dropout=float(held["dropout"]),
        patience=read_patience(held["patience"]),
        seed=asked_seed(),
    )


def option_controls(held: Values) -> None:
    """The presets, the options that matter most, and behind a switch the rest."""
    choice(
        _("Preset"),
        list(PRESETS),
        name="preset",
        shown=lambda name: _(PRESETS[name].label),
        clears=tuple(DEFAULTS),
    )
    from_nothing = held["start"] == "nothing"
    with st.container(key="options"):
        _stop("steps", held)
        _stop("rate", held)
        _stop("mask", held)
        _stop("width" if from_nothing else "batch", held)
    if not switch(_("More options"), name="more"):
        return
    with st.container(key="more_options"):
        starts = {"nothing": _("random weights"), "pretrained": _("the model at the side")}
        choice(_("Start from"), list(starts), name="start", shown=lambda name: starts[name], default=held["start"])
        optimizers = {"muon": "Muon", "adamw": "AdamW"}
        choice(
            _("Optimizer"),
            list(optimizers),
            name="optimizer",
            shown=lambda name: optimizers[name],
            default=held["optimizer"],
        )
        if from_nothing:
            for name in ("batch", "layers", "heads", "length"):
                _stop(name, held)
        schedules = schedule_names()
        stop_entry(
            _("Schedule"),
            STOPS["schedule"],
            name="schedule",
            default=held["schedule"],
            shown=lambda name: schedules[name],
        )
        for name in ("warmup", "weight_decay", "dropout"):
            _stop(name, held)
        _stop("patience", held, {"off": _("off")})
        seed_entry()
    probes_entry()


def _stop(name: str, held: Values, shown: Mapping[str, str] | None = None) -> None:
    """One option as a slider."""
    stop_entry(
        _(NAMES[name]),
        STOPS[name],
        name=name,
        default=held[name],
        shown=lambda value: (shown or {}).get(value, value),
    )
