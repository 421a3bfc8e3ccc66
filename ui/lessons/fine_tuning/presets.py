"""Trainings that go well or wrong in an instructive way; each really runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ui.i18n import N_


@dataclass(frozen=True)
class Preset:
    """Some options as the address writes them, and what there is to see."""

    label: str
    look: str  # what to look for, told after the guess
    changes: Mapping[str, str] = field(default_factory=dict)  # to the defaults
    against: Mapping[str, str] = field(default_factory=dict)  # to these, for a second training beside; empty: none


PRESETS: Mapping[str, Preset] = {
    "sensible": Preset(
        N_("Sensible"),
        N_(
            "Look for the training loss falling first, the held-out accuracy following, and both levelling off as the "
            "learning rate runs out."
        ),
    ),
    "hot": Preset(
        N_("Rate too high"),
        N_(
            "Look at the accuracy: each of the first steps overshoots, and what had been pre-trained is lost. The "
            "model ends by giving every text the same answer, right as often as the most frequent label."
        ),
        {"rate": "0.01"},
    ),
    "overfit": Preset(
        N_("Overfitting"),
        N_(
            "Look for the two losses parting: on its 32 examples the model comes to be right nearly always, and on "
            "those held out it becomes surer of its errors."
        ),
        {"few": "32", "epochs": "30", "dropout": "0", "weight_decay": "0"},
    ),
    "underfit": Preset(
        N_("Underfitting"),
        N_(
            "Look how slowly the curves move: at this rate each step changes next to nothing, and the training ends "
            "before anything is learned."
        ),
        {"rate": "0.000003"},
    ),
    "frozen": Preset(
        N_("Frozen body"),
        N_(
            "Look at the speed, which is higher, and at the accuracy, which is lower: only the pooler and the head "
            "learn, from vectors that were made for another task."
        ),
        {"frozen": "body"},
    ),
    "scratch": Preset(
        N_("From nothing"),
        N_(
            "Look at the distance between the two curves of held-out accuracy: that is what pre-training is worth. "
            "Both see the same batches."
        ),
        {"start": "nothing"},
        {"start": "pretrained"},
    ),
}
"""By the name in the address."""
