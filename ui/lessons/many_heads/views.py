"""Which view of the heads is shown: one of those of a single head, or one of those of all heads together."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui.address.session import change, option, seed_widget, widget_value
from ui.frame.controls import choice
from ui.i18n import N_, _

ONE_HEAD: Mapping[str, str] = {
    "lines": N_("Lines"),
    "linked": N_("Lines and matrix"),
    "heatmap": N_("Matrix"),
    "together": N_("Several words"),
    "compare": N_("Two sentences"),
    "table": N_("Table"),
}
ALL_HEADS: Mapping[str, str] = {
    "map": N_("Map"),
    "heads": N_("Pictures"),
    "statistics": N_("Statistics"),
    "likeness": N_("Likeness"),
    "switchboard": N_("Switchboard"),
    "bertviz": "BertViz",
}


def scope_picker() -> Mapping[str, str]:
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


def view_picker(views: Mapping[str, str]) -> str:
    """One of the views."""
    return choice(
        _("View"),
        list(views),
        name="view",
        shown=lambda name: views[name] if name == "bertviz" else _(views[name]),
        label_visible=False,
    )
