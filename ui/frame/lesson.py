"""What a lesson is, and the order of its page: question, answer, words and figure, what is taken along."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.errors import LMGlassboxError
from ui.address.hiding import hidden
from ui.address.session import SHIPPED_MODEL, shared_address, view
from ui.course import Entry, neighbours
from ui.frame.controls import switch
from ui.frame.notebook import Cell, notebook_button
from ui.frame.share import SWITCH, share_panel
from ui.frame.views import Shown, View, view_picker
from ui.i18n import _, told
from ui.models.own import is_own
from ui.models.shelf import Reading, reader_model, reading
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core import LanguageModel


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
    heading(_(lesson.question), _(lesson.answer))
    words, stage = columns()
    with stage:
        view = lesson.views[view_picker(lesson.views)]
    with words:
        st.markdown(_(view.read))
    shown = Shown()
    with stage, failures_told():
        # Not before the words are on the page: what computes and what draws takes its time to be imported.
        draw: Callable[[DeltaGenerator], Shown] = import_module(view.module).show
        shown = draw(words)
    with words:
        if shown.noticed:
            lead = _("**Notice.** Measured just now:")
            st.markdown("\n".join([lead, "", *(f"- {statement}" for statement in shown.noticed)]))
        if shown.challenge:
            st.markdown(shown.challenge)
    return shown


def heading(question: str, answer: str) -> None:
    """The title as a question, and under it the one line that answers it."""
    st.title(question, anchor=False)
    with st.container(key="answer"):
        st.markdown(answer)


def columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A third for the words, two thirds for controls and figure; on a narrow screen one column, controls first."""
    with st.container(key="lesson"):
        words, stage = st.columns([1, 2], gap="large")
    return words.container(key="prose"), stage


def read_sentence(pair: str | None = None, *, with_masks: bool = True) -> Reading:
    """The reader's sentence as the model read it, with what the reader should know about it.

    Args:
        pair: a second sentence that the model reads with it.
        with_masks: whether the words that the address hides are hidden.

    Raises:
        InputError: there is no sentence, or the model reads no pairs.
        CheckpointError: the shipped model cannot be read.
    """
    with st.spinner(_("The model is reading …")):
        read = reading(pair, with_masks=with_masks)
    notes(read)
    return read


def asked_model() -> tuple[int, LanguageModel]:
    """The reader's model, for a view that does not read the sentence, and the serial number of its loading.

    Raises:
        CheckpointError: the shipped model cannot be read.
    """
    serial, model, is_missing = reader_model()
    if is_missing:
        _model_missing(view().model)
    return serial, model


@contextmanager
def failures_told() -> Iterator[None]:
    """What a reader can meet is told in a sentence, and the rest of the page stands."""
    try:
        yield
    except LMGlassboxError as error:
        st.warning(told(error))


def notes(reading: Reading) -> None:
    """What was not as the address or the sentence asked: cut, left out, or read by another model."""
    for problem in reading.view.problems:
        st.warning(told(problem))
    if reading.model_missing:
        _model_missing(reading.view.model)
    lost = [index + 1 for index in reading.view.masked_words if index not in reading.masked_words]
    if lost:
        st.warning(
            _("There is no word {numbers} here: the model reads {count} words of this sentence.").format(
                numbers=", ".join(map(str, lost)), count=len(reading.trace.encoding.words)
            )
        )
    encoding = reading.trace.encoding
    for text, cut in ((encoding.text, encoding.truncated_at), (encoding.text_pair, encoding.pair_truncated_at)):
        if text is None or cut is None:
            continue
        st.warning(
            _(
                "This is longer than the model's {positions} positions. It read the first {cut} characters, and "
                "nothing from {rest} on."
            ).format(
                positions=reading.model.config.max_position_embeddings,
                cut=f"{cut:,}",
                rest=code_span(text[cut : cut + 30]),
            )
        )


def _model_missing(name: str) -> None:
    """Say that another model answers than the one that the address names."""
    if is_own(name):
        st.warning(
            _(
                "The model {name} is not kept on this server, or not any more, so {shipped} answers. Whoever has "
                "its zip can "
                "bring it back at the side."
            ).format(name=code_span(name), shipped=SHIPPED_MODEL)
        )
        return
    st.warning(
        _(
            "The model {name} is not in memory here, so {shipped} answers. To load it, use “Load another” at the side."
        ).format(name=code_span(name), shipped=SHIPPED_MODEL)
    )


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
