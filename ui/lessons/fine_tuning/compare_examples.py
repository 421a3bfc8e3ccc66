"""The held-out examples behind the figures: those that flipped, the surest mistakes, those of a cell; one in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from lm_core.explain.training.confusion import Judged, flipped
from ui.address.entries import index_option, number_entry
from ui.address.hiding import offered
from ui.address.session import change, seed_widget, widget_value
from ui.frame.controls import choice
from ui.i18n import _
from ui.lessons.fine_tuning.label_bars import label_bars_of_two
from ui.lessons.fine_tuning.label_words import show_label_words
from ui.lessons.fine_tuning.run_models import RunModels, measured_examples
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core.text.examples import Example

_ON_A_PAGE = 6


@dataclass(frozen=True)
class PickedCell:
    """A cell of one of the two matrices."""

    side: str  # before or after
    truth: int  # the row: what an example is
    answer: int  # the column: what it was taken for


def show_examples(run: RunModels, before: Judged, after: Judged, picked: PickedCell | None) -> None:
    """A list to choose from, and what both models make of the chosen one."""
    st.header(_("Example by example"), anchor=False)
    lists = _lists(before, after, picked)
    titles = {
        "worse": _("Wrong now ({count})"),
        "better": _("Right now ({count})"),
        "sure": _("Surest mistakes ({count})"),
        "cell": _("The picked cell ({count})"),
    }
    listed = choice(
        _("Which examples"),
        list(lists),
        name="rows",
        shown=lambda name: titles[name].format(count=len(lists[name])),
        default="sure",
    )
    numbers = lists[listed]
    if not numbers:
        st.caption(_("There is no such example."))
        return
    rows = measured_examples(run)
    number = _pick(run, rows, numbers, before, after)
    row = rows[number]
    if row.text_pair is not None:
        st.markdown(f"{code_span(row.text)} + {code_span(row.text_pair)}")
    label_bars_of_two(
        run.labels,
        before.probs[number].tolist(),
        after.probs[number].tolist(),
        key="example_bars",
        truth=run.labels.index(row.label),
    )
    st.caption(_("The true label has a colour of its own."))
    show_label_words(run, row.text, row.text_pair, truth=run.labels.index(row.label))


def _lists(before: Judged, after: Judged, picked: PickedCell | None) -> dict[str, list[int]]:
    """The numbers of the examples of each list."""
    better, worse = flipped(before, after)
    lists = {"sure": after.most_sure_and_wrong, "worse": worse, "better": better}
    if picked is not None:
        judged = before if picked.side == "before" else after
        in_cell = (judged.truths == picked.truth) & (judged.answers == picked.answer)
        lists["cell"] = in_cell.nonzero().flatten().tolist()
    return lists


def _pick(run: RunModels, rows: Sequence[Example], numbers: Sequence[int], before: Judged, after: Judged) -> int:
    """A page of the list, and the one that the address names; else the first of the page."""
    pages = -(-len(numbers) // _ON_A_PAGE)
    page = number_entry(_("Page of {count}").format(count=pages), pages, name="page", default=0) if pages > 1 else 0
    shown = list(numbers[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE])
    asked = index_option("example", len(rows))
    number = asked if asked in shown else shown[0]
    label = _("An example to look at")
    if offered("example", label):
        seed_widget("example_picker", number)
        st.radio(
            label,
            shown,
            format_func=lambda place: code_span(rows[place].text),
            captions=[_about(run, rows[place], before, after, place) for place in shown],
            key="example_picker",
            on_change=lambda: change(example=widget_value("example_picker") + 1),
        )
    return number


def _about(run: RunModels, row: Example, before: Judged, after: Judged, place: int) -> str:
    """What it is, and what both take it for, in a line of Markdown."""
    then, now = (
        f"{code_span(run.labels[int(judged.answers[place])])} {percent(float(judged.probs[place].max()))}"
        for judged in (before, after)
    )
    return _("is {label}; before {then}, after {now}").format(label=code_span(row.label), then=then, now=now)
