"""The model at work on one sentence."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.explain.words.prediction import answer_mask
from ui.frame.controls import mask_picker
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.panels import answers


def show(_words: DeltaGenerator) -> Shown:
    """The words to click, and the answers to the first gap."""
    reading = read_sentence()
    mask_picker(reading, key="words")
    masked = reading.trace.encoding.masked_positions
    if masked:
        answers.gap_shown(reading, answer_mask(reading.trace, masked[0], reading.model.tokenizer, 5))
    else:
        st.info(_("Nothing is hidden yet. Click a word above, and the model says what it expects there."))
    return Shown()
