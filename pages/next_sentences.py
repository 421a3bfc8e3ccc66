"""Next sentences: whether the model believes that one sentence follows another, what it goes by, and who fools it."""

from __future__ import annotations

import streamlit as st

from ui.frame import lesson
from ui.frame.views import Shown, view_picker
from ui.i18n import _
from ui.lessons.next_sentences.views import VIEWS

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
    from ui.lessons.next_sentences import cls, each_word, fooled, story_view, ten_pairs, two_sentences

    show = {
        "pair": two_sentences.show,
        "cls": cls.show,
        "words": each_word.show,
        "story": story_view.show,
        "ten": ten_pairs.show,
        "fooled": fooled.show,
    }
    shown = show[view](words)

lesson.foot("next-sentences", shown.functions, shown.cells)
