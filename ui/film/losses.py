"""The losses of a training as lines over its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.components.film import Line
from ui.i18n import N_, _

if TYPE_CHECKING:
    from lm_core.training.experiment import HeldOut
    from lm_core.training.run import StepMetrics

Points = tuple[tuple[int, float], ...]  # steps and losses in nats; one that is not finite is not drawn

_NAMES: Mapping[str, str] = {
    "label": N_("labels"),
    "masked_lm": N_("masked words"),
    "next_sentence": N_("next sentences"),
}


@dataclass(frozen=True)
class LossCurve:
    """One loss of a training."""

    name: str  # as the training has it: label, masked_lm, next_sentence
    training: Points  # of the batch of each step
    held_out: Points = ()  # on examples that are never learned from

    @property
    def title(self) -> str:
        """What it is called, in the reader's language; a name that we do not know as it is."""
        return _(_NAMES[self.name]) if self.name in _NAMES else self.name

    @property
    def lines(self) -> list[Line]:
        """What is drawn."""
        drawn = [Line("training", _("training"), self.training), Line("held-out", _("held out"), self.held_out)]
        return [line for line in drawn if line.points]


def losses_of(steps: Sequence[StepMetrics], held_out: Sequence[HeldOut]) -> list[LossCurve]:
    """A curve for each loss of a run, in the order in which the run names them."""
    measured = [each.losses for each in steps[:1]] + [each.losses for each in held_out[:1]]
    names = dict.fromkeys(name for losses in measured for name in losses)
    return [
        LossCurve(
            name,
            tuple((each.step, each.losses[name]) for each in steps),
            tuple((each.step, each.losses[name]) for each in held_out),
        )
        for name in names
    ]
