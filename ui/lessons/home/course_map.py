"""The map of the course: every lesson with its question, a link where it exists."""

from __future__ import annotations

import streamlit as st

from ui.course import COURSE
from ui.frame.foot import lesson_link
from ui.i18n import _


def show_course() -> None:
    """The lessons in their order, each in a frame of its own."""
    st.header(_("The course"), anchor=False)
    with st.container(key="course"):
        for number, each in enumerate(COURSE, 1):
            with st.container(key=f"course_{'open' if each.exists else 'planned'}_{number}", border=True):
                if each.exists:
                    lesson_link(each, label=f"{number} · {_(each.title)}")
                else:
                    st.markdown(f"{number} · {_(each.title)}")
                question = _(each.question)
                st.caption(question if each.exists else _("{question} Coming.").format(question=question))
