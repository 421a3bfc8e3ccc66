"""Next sentences: whether the model believes that one sentence follows another, what it goes by, and who fools it."""

from __future__ import annotations

import streamlit as st

from ui import lesson
from ui.i18n import _
from ui.pair_views import VIEWS
from ui.views import Shown, view_picker

lesson.heading(
    _("Does this sentence follow?"),
    _("The model reads two sentences at once and says how probable it is that the second stood behind the first."),
)
words, stage = lesson.columns()

with stage:
    view = view_picker(VIEWS)
with words:
    st.markdown(_(VIEWS[view].read))

shown = Shown()
with stage, lesson.failures_told():
    # Not before the words are on the page: what computes and what draws takes its time to be imported.
    from ui import pair_cls, pair_fooled, pair_view, pair_words, story_view, ten_pairs

    show = {
        "pair": pair_view.show,
        "cls": pair_cls.show,
        "words": pair_words.show,
        "story": story_view.show,
        "ten": ten_pairs.show,
        "fooled": pair_fooled.show,
    }
    shown = show[view](words)

lesson.foot("next-sentences", shown.functions, shown.cells)
