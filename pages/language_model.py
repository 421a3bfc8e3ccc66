"""Language model: counting against understanding, the probability of a sentence, minimal pairs, and a game."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui.frame import lesson
from ui.frame.controls import choice
from ui.i18n import _

lesson.heading(
    _("What does it mean to model language?"),
    _("To give every possible next word a probability: by counting what was seen, or by a network that has learned."),
)
words, stage = lesson.columns()
functions: Sequence[Callable[..., object]] = ()
cells: Sequence[Cell] = ()

views = {
    "count": _("Counting"),
    "sentence": _("A sentence"),
    "pairs": _("Minimal pairs"),
    "game": _("Guessing game"),
}
with stage:
    shown = choice(_("View"), list(views), name="view", shown=lambda name: views[name], label_visible=False)

read = {
    "count": _(
        "**Read.** The oldest language model counts. How often does the text have these words, and how often does "
        "each word follow them? The quotient is a probability. What the text lacks has the probability 0; smoothing "
        "takes a little from what was seen and gives it to the rest. Our model has counted nothing: it is asked for "
        "a gap before a full stop."
    ),
    "sentence": _(
        "**Read.** The probability of a sentence is a product, one factor for each word. Products of small numbers "
        "are unhandy, so take bits: a probability of ½ is 1 bit, ¼ is 2 bits, and the bits are added up. Their mean, "
        "as a power of 2, is the perplexity: as unsure as an even choice between so many."
    ),
    "pairs": _(
        "**Read.** Two sentences that differ in one place, one of them good English. A model that knows the rule finds "
        "the good one more probable. Nobody explains the rule to it, and it is asked for no judgement: only the "
        "two scores are compared."
    ),
    "game": _(
        "**Read.** Claude Shannon had people guess the next letter of a text, to measure how much of English can be "
        "foreseen. Play it with words, against counts and against the model. The sentences were written for this "
        "game: neither the counts nor the model were made from them."
    ),
}[shown]

with words:
    st.markdown(read)
    guess = st.container()
    notice, challenge = st.empty(), st.empty()

with stage, lesson.failures_told():
    reading = lesson.read_sentence()

    # Not before the words are on the page: what computes and what draws takes its time to be imported.
    from ui.frame.notebook import Cell, reading_cells
    from ui.lessons.language_model import counting, guessing_game, pairs, sentence_bits

    show = {
        "count": counting.show,
        "sentence": sentence_bits.show,
        "pairs": pairs.show,
        "game": guessing_game.show,
    }[shown]
    found = show(reading, guess)
    if found.noticed:
        lead = _("**Notice.** Measured just now:")
        notice.markdown("\n".join([lead, "", *(f"- {statement}" for statement in found.noticed)]))
    if found.challenge:
        challenge.markdown(found.challenge)
    functions = found.functions
    cells = [*reading_cells(reading), *(Cell(source) for source in found.computation)]

lesson.foot("language-model", functions, cells)
