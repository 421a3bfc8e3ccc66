"""Training live: fine-tune a pre-trained model on labelled texts, from the data to what it predicts."""

from __future__ import annotations

import streamlit as st

from ui.frame import lesson
from ui.frame.views import Shown, view_picker
from ui.i18n import _
from ui.lessons.fine_tuning.views import VIEWS

lesson.heading(
    _("How does a model learn?"),
    _("It is shown examples, errs, and each of its numbers is changed a little so that it errs less."),
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
    from ui.lessons.fine_tuning import before_after, data, predict, train

    show = {
        "data": data.show,
        "train": train.show,
        "film": film_view.show,
        "compare": before_after.show,
        "predict": predict.show,
    }
    shown = show[view](words)

lesson.foot("fine-tuning", shown.functions, shown.cells)
