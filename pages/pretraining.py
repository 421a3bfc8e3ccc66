"""Pre-training from nothing: a small text, its pieces, a model that learns them, and what became of it."""

from __future__ import annotations

import streamlit as st

from ui import lesson
from ui.i18n import _
from ui.pretraining_views import VIEWS
from ui.views import Shown, view_picker

lesson.heading(
    _("What does a model learn first?"),
    _("From nothing: at the start every piece is as likely as any other, and what it knows it has read in one text."),
)
words, stage = lesson.columns()

with stage:
    view = view_picker(VIEWS)
with words:
    st.markdown(_(VIEWS[view].read))

shown = Shown()
with stage, lesson.failures_told():
    # Not before the words are on the page: what computes and what draws takes its time to be imported.
    from ui import film_view, pretraining_predict, pretraining_recording, pretraining_text, pretraining_train

    show = {
        "text": pretraining_text.show,
        "train": pretraining_train.show,
        "film": film_view.show,
        "recording": pretraining_recording.show,
        "predict": pretraining_predict.show,
    }
    shown = show[view](words)

lesson.foot("pretraining", shown.functions, shown.cells)
