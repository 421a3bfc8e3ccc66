"""What a lesson is, and the order of its page: question, answer, words and figure, what is taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.errors import LMGlassboxError
from ui.frame.foot import foot
from ui.frame.notice import listed
from ui.frame.views import Shown, View, view_picker
from ui.i18n import _, told


@dataclass(frozen=True)
class Lesson:
    """One lesson, as the `lesson.py` of its folder describes it; importing it computes nothing and draws nothing."""

    slug: str  # its address
    question: str  # the title of its page
    answer: str  # the one line that answers it
    views: Mapping[str, View]  # by their names in the address; the first one is shown where it names none


def show_lesson(lesson: Lesson) -> None:
    """The page of a lesson: its views, and the foot."""
    shown = show_views(lesson)
    foot(lesson.slug, shown.functions, shown.cells)


def show_views(lesson: Lesson) -> Shown:
    """Question and answer, and the view that the address names; what it leaves for the foot of the page."""
    _heading(_(lesson.question), _(lesson.answer))
    words, stage = _columns()
    with stage:
        opened = lesson.views[view_picker(lesson.views)]
    with words:
        st.markdown(_(opened.read))
    shown = Shown()
    with stage, failures_told():
        # Not before the words are on the page: what computes and what draws takes its time to be imported.
        draw: Callable[[DeltaGenerator], Shown] = import_module(opened.module).show
        shown = draw(words)
    with words:
        if shown.noticed:
            lead = _("**Notice.** Measured just now:")
            st.markdown(listed(lead, shown.noticed))
        if shown.challenge:
            st.markdown(shown.challenge)
    return shown


def _heading(question: str, answer: str) -> None:
    """The title as a question, and under it the one line that answers it."""
    st.title(question, anchor=False)
    with st.container(key="answer"):
        st.markdown(answer)


def _columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A third for the words, two thirds for controls and figure; on a narrow screen one column, controls first."""
    with st.container(key="lesson"):
        words, stage = st.columns([1, 2], gap="large")
    return words.container(key="prose"), stage


@contextmanager
def failures_told() -> Iterator[None]:
    """What a reader can meet is told in a sentence, and the rest of the page stands."""
    try:
        yield
    except LMGlassboxError as error:
        st.warning(told(error))
