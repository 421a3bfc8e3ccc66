"""Masked words: hide words from the model, see what it expects there and how sure it is, and why."""

from __future__ import annotations

import streamlit as st

from ui.frame import lesson
from ui.frame.views import Shown, view_picker
from ui.i18n import _
from ui.lessons.masked_words.views import VIEWS

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
    from ui.lessons.masked_words import against, answers, bias, context, layers, training

    show = {
        "answers": answers.show,
        "layers": layers.show,
        "context": context.show,
        "training": training.show,
        "against": against.show,
        "bias": bias.show,
    }
    shown = show[view](reading, words)

lesson.foot("masked-words", shown.functions, shown.cells)
