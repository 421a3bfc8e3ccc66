"""Language model: counting against understanding, the probability of a sentence, minimal pairs, and a game."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "language-model",
    N_("What does it mean to model language?"),
    N_("To give every possible next word a probability: by counting what was seen, or by a network that has learned."),
    {
        "count": View(
            N_("Counting"),
            N_(
                "**Read.** The oldest language model counts. How often does the text have these words, and how often "
                "does each word follow them? The quotient is a probability. What the text lacks has the probability "
                "0; smoothing takes a little from what was seen and gives it to the rest. Our model has counted "
                "nothing: it is asked for a gap before a full stop."
            ),
            "ui.lessons.language_model.counting",
        ),
        "sentence": View(
            N_("A sentence"),
            N_(
                "**Read.** The probability of a sentence is a product, one factor for each word. Products of small "
                "numbers are unhandy, so take bits: a probability of ½ is 1 bit, ¼ is 2 bits, and the bits are added "
                "up. Their mean, as a power of 2, is the perplexity: as unsure as an even choice between so many."
            ),
            "ui.lessons.language_model.sentence_bits",
        ),
        "pairs": View(
            N_("Minimal pairs"),
            N_(
                "**Read.** Two sentences that differ in one place, one of them good English. A model that knows the "
                "rule finds the good one more probable. Nobody explains the rule to it, and it is asked for no "
                "judgement: only the two scores are compared."
            ),
            "ui.lessons.language_model.pairs",
        ),
        "game": View(
            N_("Guessing game"),
            N_(
                "**Read.** Claude Shannon had people guess the next letter of a text, to measure how much of English "
                "can be foreseen. Play it with words, against counts and against the model. The sentences were "
                "written for this game: neither the counts nor the model were made from them."
            ),
            "ui.lessons.language_model.guessing_game",
        ),
    },
)
