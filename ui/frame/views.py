"""A lesson of several views: what each of them is, what it leaves for the foot of the page, and how one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ui.frame.controls import choice
from ui.frame.notebook import Cell
from ui.i18n import _


@dataclass(frozen=True)
class View:
    """One view of a lesson; what draws it is a module of its own, imported when the view is opened."""

    label: str  # on its button; none where a lesson has one view only
    read: str  # the paragraph that stands in the column of words before anything is computed
    module: str  # dotted name; its `show` is called with the column of words, draws the view and returns a `Shown`


@dataclass(frozen=True)
class Shown:
    """What a view leaves for the column of words and for the foot of the page."""

    functions: Sequence[Callable[..., object]] = ()  # of lm_core, which computed what is shown
    cells: Sequence[Cell] = ()  # of the notebook that computes the same again
    noticed: Sequence[str] = ()  # measured statements, as Markdown
    challenge: str | None = None  # won or open, as the same numbers say


def view_picker(views: Mapping[str, View]) -> str:
    """The name of one of the views; the first, where the address names none."""
    if len(views) == 1:
        return next(iter(views))
    return choice(_("View"), list(views), name="view", shown=lambda name: _(views[name].label), label_visible=False)
