"""Pre-training from nothing: a small text, its pieces, a model that learns them, and what became of it."""

from __future__ import annotations

import streamlit as st

from ui.frame import lesson
from ui.frame.views import Shown, view_picker
from ui.i18n import _
from ui.lessons.pretraining.views import VIEWS

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
    from ui.film import view as film_view
    from ui.lessons.pretraining import predict, recording, text, train

    show = {
        "text": text.show,
        "train": train.show,
        "film": film_view.show,
        "recording": recording.show,
        "predict": predict.show,
    }
    shown = show[view](words)

lesson.foot("pretraining", shown.functions, shown.cells)
