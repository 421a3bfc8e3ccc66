"""What stands above the figure of every view of this lesson: its switches, and the box for a second sentence."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.address.entries import text_entry
from ui.address.examples import LONGEST_SENTENCE
from ui.frame.reading import read_sentence
from ui.i18n import _
from ui.models.shelf import Reading


def switches() -> DeltaGenerator:
    """The row in which a view puts its controls."""
    return st.container(key="switches", horizontal=True)


def read_with_second(controls: DeltaGenerator) -> Reading:
    """The sentence as the model read it, with a second one where the reader has typed one.

    Args:
        controls: where the box for it stands.

    Raises:
        InputError: there is no sentence, or the model reads no pairs.
        CheckpointError: the shipped model cannot be read.
    """
    with controls:
        pair = text_entry(_("Second sentence (English)"), name="pair", longest=LONGEST_SENTENCE, placeholder=_("none"))
    return read_sentence(pair if pair.strip() else None)
