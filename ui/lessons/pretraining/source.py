"""The small text that the address names: which one, what a reader brought, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from lm_core.errors import InputError
from lm_core.text.data_shelf import data_shelf
from lm_core.text.small_text import LONGEST_TEXT, decode_text, held_out_documents, read_text
from ui.address.entries import LONGEST_IN_ADDRESS
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, session, widget_value
from ui.frame.controls import choice
from ui.i18n import N_, _, told
from ui.lessons.pretraining.state import PretrainingState
from ui.runs.small_text import SMALL_TEXT

WORKADAY, STORY, OWN = "workaday", "story", "own"
TEXTS = {WORKADAY: N_("Everyday scenes"), STORY: N_("Anna and Ben"), OWN: N_("Your own text")}
"""By the name in the address: two texts that come with the app, and what a reader brings."""

_PROBES = {
    WORKADAY: (
        "The farmer milks the [MASK] every morning.",
        "The children played in the [MASK].",
        "She [MASK] the door.",
        "He went to [MASK] kitchen.",
    ),
    STORY: (
        "The dog ran after the [MASK].",
        "Anna [MASK] the ball.",
        "Mia sat on [MASK] wall.",
        "It was [MASK] in the evening.",
    ),
}  # what a film of a training on these texts asks, as long as the reader asks nothing

_CORPUS = Path(__file__).parents[3] / "corpora" / "workaday.txt"
_LARGEST_FILE = 4 * LONGEST_TEXT  # bytes: a character takes four at most
_KEPT = 12  # texts in memory


@dataclass(frozen=True)
class SmallText:
    """A text to learn from."""

    name: str  # in the address
    text: str
    documents: tuple[tuple[str, ...], ...]  # its sentences

    @property
    def sentences(self) -> list[str]:
        """All sentences, in order."""
        return [sentence for document in self.documents for sentence in document]

    @property
    def held_out(self) -> list[tuple[str, ...]]:
        """The documents that the model never learns from."""
        return list(held_out_documents(self.documents))


def text_picker() -> None:
    """Which text; and where the reader brings it, the box and the button for it."""
    source = choice(_("Text"), list(TEXTS), name="set", shown=lambda name: _(TEXTS[name]))
    if source == OWN:
        _own_text()


def chosen_text() -> SmallText:
    """The text that the address names; draws nothing.

    Raises:
        InputError: there is none, it cannot be read, or it is too long or too short to learn from.
    """
    name = text_name()
    text = _brought() if name == OWN else shipped_text(name)
    if not text.strip():
        raise InputError("Paste a text, or bring a .txt file: twenty sentences or more.")
    return SmallText(name, text, _documents(text))


def default_probes(text: SmallText) -> tuple[str, ...]:
    """Sentences for the film: of a reader's text three held-out ones, each with a gap in its middle."""
    if text.name in _PROBES:
        return _PROBES[text.name]
    return tuple(map(_with_gap, [document[0] for document in text.held_out][:3]))


def _with_gap(sentence: str) -> str:
    """The sentence without the word in its middle; without a character, where it is written without blanks."""
    words = sentence.split()
    if len(words) > 1:
        words[len(words) // 2] = "[MASK]"
        return " ".join(words)
    middle = len(sentence) // 2
    return f"{sentence[:middle]}[MASK]{sentence[middle + 1 :]}"


def text_name() -> str:
    """One of TEXTS; the first, where the address names none."""
    asked = option("set")
    return asked if asked in TEXTS else WORKADAY


@st.cache_resource(show_spinner=False)
def shipped_text(name: str) -> str:
    """One of the texts that come with the app."""
    return SMALL_TEXT if name == STORY else _CORPUS.read_text(encoding="utf-8")


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _documents(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, read_text(text)))


def _brought() -> str:
    """What the reader pasted or uploaded, from the address, this session or the shelf.

    Raises:
        InputError: the shelf does not have it any more, or the file is no text.
    """
    key = option("data")
    if key:
        return decode_text(data_shelf().get(key))
    return option("text") or session().long_texts.get("text", "")


def _own_text() -> None:
    """A box to paste into, and beside it a button for a file; what cannot be kept or read is told, and stays."""
    label = _("Paste a text; an empty line begins a new document")
    if offered("text", label):
        try:
            typed = _brought()
        except InputError as error:
            st.warning(told(error))
            typed = str(widget_value("text_box") or "")
        seed_widget("text_box", typed[:LONGEST_TEXT])
        st.text_area(label, key="text_box", height=160, max_chars=LONGEST_TEXT, on_change=_keep_typed)
    label = _("Or a text file (.txt)")
    if offered("data", label):
        st.file_uploader(
            label, type=["txt"], key="upload", max_upload_size=max(1, _LARGEST_FILE // 10**6), on_change=_keep_file
        )
    refused = session().kept(PretrainingState).not_kept
    if refused is not None:
        st.warning(told(refused))


def _keep_typed() -> None:
    """Into the address where there is room, else on the shelf; where that fails, in this session alone."""
    typed = str(widget_value("text_box") or "")
    session().kept(PretrainingState).not_kept = None
    session().long_texts["text"] = ""
    if len(typed) <= LONGEST_IN_ADDRESS:
        change(text=typed or None, data=None)
        return
    try:
        change(text=None, data=data_shelf().put(typed.encode("utf-8", "replace")))
    except InputError as error:
        session().kept(PretrainingState).not_kept = error
        session().long_texts["text"] = typed
        change(text=None, data=None)


def _keep_file() -> None:
    """What was uploaded, onto the shelf, if it can be read; otherwise what was there before stays in use."""
    uploaded = widget_value("upload")
    session().kept(PretrainingState).not_kept = None
    if uploaded is None:
        return
    try:
        read_text(decode_text(uploaded.getvalue()))
        change(text=None, data=data_shelf().put(uploaded.getvalue()))
    except InputError as error:
        session().kept(PretrainingState).not_kept = error
