"""Masked words: hide words from the model, see what it expects there and how sure it is, and why."""

from __future__ import annotations

import streamlit as st

from ui import lesson
from ui.i18n import _
from ui.masked_views import VIEWS
from ui.views import Shown, view_picker

lesson.heading(
    _("What belongs in the gap?"),
    _("The model reads what stands on both sides of a gap and gives every piece it knows a probability."),
)
words, stage = lesson.columns()

with stage:
    view = view_picker(VIEWS)
with words:
    st.markdown(_(VIEWS[view].read))

shown = Shown()
with stage, lesson.failures_told():
    reading = lesson.read_sentence()

    # Not before the words are on the page: what computes and what draws takes its time to be imported.
    from ui import masked_against, masked_answers, masked_bias, masked_context, masked_layers, masked_training

    show = {
        "answers": masked_answers.show,
        "layers": masked_layers.show,
        "context": masked_context.show,
        "training": masked_training.show,
        "against": masked_against.show,
        "bias": masked_bias.show,
    }
    shown = show[view](reading, words)

lesson.foot("masked-words", shown.functions, shown.cells)
