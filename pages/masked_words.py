"""Masked words: hide words from the model, see what it expects there and how sure it is, and check the sum."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui import lesson
from ui.controls import mask_picker, switch
from ui.i18n import _
from ui.notebook import Cell

CHARTS = 4  # gaps drawn at once; of more, the table has all
TOP = 8  # answers to a gap
TOP_OF_SEVERAL = 5  # answers to each, where there are several gaps

lesson.heading(
    _("What belongs in the gap?"),
    _("The model reads what stands on both sides of a gap and gives every piece it knows a probability."),
)
words, stage = lesson.columns()
functions: list[Callable[..., object]] = []
cells: list[Cell] = []

with words:
    st.markdown(
        _(
            "**Read.** This model learned English by one game above all: words of a text are hidden, and it says "
            "what stood there. Its answer is a probability for every piece of its vocabulary; together they make "
            "1. Entropy tells in one number how unsure it is: 0 bits is certainty, and each bit more is a choice "
            "twice as wide."
        )
    )
    guess = st.container()
    st.markdown(
        _(
            "**Notice.** Hide a second word, and the first answer changes too: the model now knows less. Change a "
            "word far from the gap, and see how far it reaches."
        )
    )
    challenge = st.empty()

with stage, lesson.failures_told():
    reading = lesson.read_sentence()

    # Not before the words are on the page: what computes and what draws takes its time to be imported.
    from lm_core.explain.prediction import answer_mask
    from lm_core.explain.softmax import softmax_step
    from ui import answers, answers_cells, answers_guess

    mask_picker(reading, key="words")
    positions = reading.trace.encoding.masked_positions
    gaps = [
        answer_mask(reading.trace, position, reading.model.tokenizer, TOP if len(positions) == 1 else TOP_OF_SEVERAL)
        for position in positions
    ]
    guessing = False
    if not gaps:
        st.info(_("Nothing is hidden yet. Click a word above, and the model says what it expects there."))
    else:
        with st.container(key="switches", horizontal=True, gap="large"):
            guessing = switch(_("Let me guess first"), name="guess")
            as_table = switch(_("Numbers as a table"), name="table")
        is_open = True
        with st.container(key="gaps"):
            for gap in gaps[:CHARTS]:
                with st.container():
                    is_open &= answers.gap_shown(reading, gap, guessing=guessing)
        if len(gaps) > CHARTS:
            st.caption(
                _("The first {drawn} of {gaps} gaps are drawn; the table has all of them.").format(
                    drawn=CHARTS, gaps=len(gaps)
                )
            )
        if is_open:
            if as_table:
                answers.table(reading, gaps)
            checked = answers.sum_written_out(reading, gaps)
            cells = answers_cells.answer_cells(reading, len(gaps[0].predictions), checked)
    if not guessing:
        with guess:
            answers_guess.guess_a_word(reading)
    challenge.markdown(
        _("**Challenge.** ✓ Here the model is sure and wrong. What in the sentence led it there?")
        if any(gap.entropy < 1 and gap.rank is not None and gap.rank > 1 for gap in gaps)
        else _(
            "**Challenge.** Find a gap where the model is sure (below 1 bit) and wrong (the word that stood there "
            "is not its first answer)."
        )
    )
    functions = [answer_mask, softmax_step] if gaps else []

lesson.foot("masked-words", functions, cells)
