"""The view of the answers: words to hide, what the model expects there and how sure it is, and the sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.explain.words.changes import AnswerChange
from lm_core.explain.words.prediction import MaskAnswer, answer_mask, read_answer
from lm_core.explain.words.softmax import softmax_of, softmax_step
from lm_core.explain.words.whole_words import beside_the_rest
from ui.frame.controls import mask_picker, switch
from ui.frame.notebook import Cell
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.masked_words import cells as answers_cells
from ui.lessons.masked_words import pieces
from ui.models.shelf import Reading
from ui.panels import answers, answers_guess

CHARTS = 4  # gaps drawn at once; of more, the table has all
TOP = 8  # answers to a gap
TOP_OF_SEVERAL = 5  # answers to each, where there are several gaps


def show(words: DeltaGenerator) -> Shown:
    """The words to click, the answers to each gap, and one probability in full.

    Args:
        words: the column of words, where the question, what to notice and the challenge stand.
    """
    reading = read_sentence()
    mask_picker(reading, key="words")
    positions = reading.trace.encoding.masked_positions
    top = TOP if len(positions) == 1 else TOP_OF_SEVERAL
    gaps = [answer_mask(reading.trace, position, reading.model.tokenizer, top) for position in positions]
    guessing = False
    changes: Mapping[int, AnswerChange] = {}
    cells: list[Cell] = []
    if not gaps:
        st.info(_("Nothing is hidden yet. Click a word above, and the model says what it expects there."))
    else:
        with st.container(key="switches", horizontal=True, gap="large"):
            guessing = switch(_("Let me guess first"), name="guess")
            as_table = switch(_("Numbers as a table"), name="table")
        changes = {} if guessing else pieces.beside_the_rest_of_words(reading)
        if _gaps_shown(reading, gaps, changes, guessing=guessing):
            if changes:
                pieces.numbers_of(changes, as_table=as_table)
            if as_table:
                answers.table(reading, gaps)
            checked = answers.sum_written_out(reading, gaps)
            cells = [
                *answers_cells.answer_cells(reading, len(gaps[0].predictions), checked),
                *pieces.piece_cells(changes),
            ]
    with words:
        _words(reading, gaps, guessing=guessing)
    functions: tuple[Callable[..., object], ...] = (answer_mask, read_answer, softmax_step, softmax_of) if gaps else ()
    return Shown((*functions, beside_the_rest) if changes else functions, cells)


def _gaps_shown(
    reading: Reading, gaps: Sequence[MaskAnswer], changes: Mapping[int, AnswerChange], *, guessing: bool
) -> bool:
    """The first gaps side by side; whether the answers to all of them stand on the page.

    Args:
        reading: the sentence.
        gaps: the answers.
        changes: by position, what becomes of an answer when the other pieces of its word are seen.
        guessing: whether the reader guesses first.
    """
    is_open = True
    with st.container(key="gaps"):
        for gap in gaps[:CHARTS]:
            with st.container():
                if gap.position in changes:
                    pieces.change_shown(reading, changes[gap.position])
                else:
                    is_open &= answers.gap_shown(reading, gap, guessing=guessing)
    if len(gaps) > CHARTS:
        st.caption(
            _("The first {drawn} of {gaps} gaps are drawn; the table has all of them.").format(
                drawn=CHARTS, gaps=len(gaps)
            )
        )
    return is_open


def _words(reading: Reading, gaps: Sequence[MaskAnswer], *, guessing: bool) -> None:
    """A question about another word, what to notice, and a challenge that the answers judge."""
    if not guessing:
        answers_guess.guess_a_word(reading)
    st.markdown(
        _(
            "**Notice.** Hide a second word, and the first answer changes too: the model now knows less. Change a "
            "word far from the gap, and see how far it reaches."
        )
    )
    if pieces.is_piecewise(reading):
        st.markdown(
            _(
                "A word of several pieces is hidden as a whole: the pieces that are left would give the others away. "
                "BERT's first release hid single pieces; hiding whole words raised BERT-large from 91.0 to 92.8 F1 on "
                "SQuAD 1.1 (google-research/bert, May 2019)."
            )
        )
    st.markdown(
        _("**Challenge.** ✓ Here the model is sure and wrong. What in the sentence led it there?")
        if any(gap.entropy < 1 and gap.rank is not None and gap.rank > 1 for gap in gaps)
        else _(
            "**Challenge.** Find a gap where the model is sure (below 1 bit) and wrong (the word that stood there "
            "is not its first answer)."
        )
    )
