"""The first page: what this is, the model at work on one sentence, and the map of the course."""

from __future__ import annotations

import streamlit as st

from ui.course import COURSE
from ui.frame import lesson
from ui.frame.controls import mask_picker
from ui.i18n import _

lesson.heading(
    _("What does a language model know about a sentence?"),
    _("Hide a word, and see what the model puts in its place."),
)
words, stage = lesson.columns()

with words:
    st.markdown(
        _(
            "LM Glassbox opens up a small Transformer language model, so that you see what it reads, where it "
            "looks and what it expects. Every number you meet was computed by the model in the same pass over "
            "your sentence, and you can follow the sum that made it. Everything runs on the computer that serves "
            "this page; your sentences go nowhere else."
        )
    )

with stage, lesson.failures_told():
    reading = lesson.read_sentence()

    from lm_core.explain.words.prediction import answer_mask
    from ui.panels import answers

    mask_picker(reading, key="words")
    masked = reading.trace.encoding.masked_positions
    if masked:
        answers.gap_shown(reading, answer_mask(reading.trace, masked[0], reading.model.tokenizer, 5))
    else:
        st.info(_("Nothing is hidden yet. Click a word above, and the model says what it expects there."))

st.header(_("The course"), anchor=False)
with st.container(key="course"):
    for number, each in enumerate(COURSE, 1):
        with st.container(key=f"course_{'open' if each.exists else 'planned'}_{number}", border=True):
            if each.exists:
                lesson.lesson_link(each, label=f"{number} · {_(each.title)}")
            else:
                st.markdown(f"{number} · {_(each.title)}")
            question = _(each.question)
            st.caption(question if each.exists else _("{question} Coming.").format(question=question))
