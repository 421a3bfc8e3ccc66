"""The foot of a page: what a reader takes along, and the ways to the lessons beside this one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence

import streamlit as st

from ui.address.hiding import hidden
from ui.address.session import shared_address
from ui.course import Entry, neighbours
from ui.frame.controls import switch
from ui.frame.notebook import Cell, notebook_button
from ui.frame.share import SWITCH, share_panel
from ui.i18n import _
from ui.plain import code_span


def foot(slug: str, functions: Sequence[Callable[..., object]], cells: Sequence[Cell] = ()) -> None:
    """What a reader takes along (the code that ran, a link, a notebook), and the ways to the lessons beside this one.

    Args:
        slug: of this lesson.
        functions: of lm_core, which computed what is shown; none where nothing was computed.
        cells: of the notebook that computes the same again; none where nothing was computed.
    """
    st.divider()
    with st.container(key="foot", horizontal=True, vertical_alignment="center", gap="large"):
        with_code = bool(functions) and switch(_("Show the code that ran"), name="code")
        sharing = switch(_("Share this page"), name=SWITCH)
        if cells:
            notebook_button(slug, cells)
    if sharing:
        share_panel(slug)
    if with_code:
        for function in functions:
            st.caption(code_span(f"{function.__module__}.{function.__qualname__}"))
            st.code(inspect.getsource(function), language="python", wrap_lines=True)
    if "map" in hidden():
        return
    before, after = neighbours(slug)
    with st.container(key="ways", horizontal=True, horizontal_alignment="distribute"):
        if before is not None:
            lesson_link(before, label=f"← {_(before.title)}")
        if after is not None:
            lesson_link(after, label=f"{_(after.title)} →")


def lesson_link(entry: Entry, *, label: str | None = None) -> None:
    """A link to a lesson that exists; it carries what all lessons share."""
    st.page_link(f"../{entry.file}", label=label or _(entry.title), query_params=shared_address())
