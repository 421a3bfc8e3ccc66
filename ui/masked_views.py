"""Which view of masked words is shown, what there is to read about it, and what every view gives back to the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ui.controls import choice
from ui.i18n import N_, _
from ui.notebook import Cell


@dataclass(frozen=True)
class View:
    """One view of the lesson; what draws it is `show(reading, words)` of a module of its own."""

    label: str  # on its button
    read: str  # the paragraph that stands in the column of words before anything is computed


@dataclass(frozen=True)
class Shown:
    """What a view leaves for the foot of the page."""

    functions: Sequence[Callable[..., object]] = ()  # of lm_core, which computed what is shown
    cells: Sequence[Cell] = ()  # of the notebook that computes the same again


VIEWS: Mapping[str, View] = {
    "answers": View(
        N_("Answers"),
        N_(
            "**Read.** This model learned English by one game above all: words of a text are hidden, and it says "
            "what stood there. Its answer is a probability for every piece of its vocabulary; together they make "
            "1. Entropy tells in one number how unsure it is: 0 bits is certainty, and each bit more is a choice "
            "twice as wide."
        ),
    ),
}


def view_picker() -> str:
    """The name of one of the views; the first, where the address names none."""
    return choice(_("View"), list(VIEWS), name="view", shown=lambda name: _(VIEWS[name].label), label_visible=False)
