"""The views of the heads: those of a single head, and those of all heads together; which of them is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from ui.address.session import change, option, seed_widget, widget_value
from ui.frame.controls import choice
from ui.i18n import N_, _

Functions = tuple[Callable[..., object], ...]
"""What a view of heads leaves for the foot of the page: the functions of lm_core that computed it."""


@dataclass(frozen=True)
class HeadsView:
    """One view of this lesson."""

    label: str  # on its button
    module: str  # below this folder; its `show` is called with the head that is looked at, and returns `Functions`
    has_files: bool = False  # whether it takes files of its own along, instead of those of the head


ONE_HEAD: Mapping[str, HeadsView] = {
    "lines": HeadsView(N_("Lines"), "lines"),
    "linked": HeadsView(N_("Lines and matrix"), "lines_and_matrix"),
    "heatmap": HeadsView(N_("Matrix"), "matrix"),
    "together": HeadsView(N_("Several words"), "several_words", has_files=True),
    "compare": HeadsView(N_("Two sentences"), "two_sentences", has_files=True),
    "table": HeadsView(N_("Table"), "table"),
}
ALL_HEADS: Mapping[str, HeadsView] = {
    "map": HeadsView(N_("Map"), "map", has_files=True),
    "heads": HeadsView(N_("Pictures"), "pictures"),
    "statistics": HeadsView(N_("Statistics"), "statistics", has_files=True),
    "likeness": HeadsView(N_("Likeness"), "likeness", has_files=True),
    "switchboard": HeadsView(N_("Switchboard"), "switchboard", has_files=True),
    "bertviz": HeadsView("BertViz", "bertviz_views"),
}


def scope_picker() -> Mapping[str, HeadsView]:
    """One head, or all of them: the views to choose from. The address names the view alone, and so the scope."""
    scopes = {"one": ONE_HEAD, "all": ALL_HEADS}
    names = {"one": _("One head"), "all": _("All heads")}
    seed_widget("scope", "all" if option("view") in ALL_HEADS else "one")
    st.segmented_control(
        _("How many heads"),
        list(scopes),
        format_func=lambda name: names[name],
        key="scope",
        required=True,
        on_change=lambda: change(view=next(iter(scopes[widget_value("scope")]))),
        label_visibility="collapsed",
    )
    return scopes[widget_value("scope")]


def view_picker(views: Mapping[str, HeadsView]) -> str:
    """One of the views."""
    return choice(
        _("View"),
        list(views),
        name="view",
        shown=lambda name: _(views[name].label),
        label_visible=False,
    )
