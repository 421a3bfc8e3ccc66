"""Masked words: hide words from the model, see what it expects there and how sure it is, and why."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "masked-words",
    N_("What belongs in the gap?"),
    N_("The model reads what stands on both sides of a gap and gives every piece it knows a probability."),
    {
        "answers": View(
            N_("Answers"),
            N_(
                "**Read.** This model learned English by one game above all: words of a text are hidden, and it says "
                "what stood there. Its answer is a probability for every piece of its vocabulary; together they make "
                "1. Entropy tells in one number how unsure it is: 0 bits is certainty, and each bit more is a choice "
                "twice as wide."
            ),
            "ui.lessons.masked_words.answers",
        ),
        "layers": View(
            N_("Layer by layer"),
            N_(
                "**Read.** The answer is not found at once. Every layer rewrites the vector at the gap, and only the "
                "last one goes to the head that names the word. The logit lens (nostalgebraist 2020) puts that head "
                "on the earlier layers, too: it shows what would be answered if the model stopped there."
            ),
            "ui.lessons.masked_words.layers",
        ),
        "context": View(
            N_("Which word mattered"),
            N_(
                "**Read.** What does the answer rest on? Take one word of the context away, and ask again. If the "
                "probability of the hidden word falls, the answer needed that word; if it rises, the word stood in "
                "its way. All words are asked about in turn, in one pass of the model."
            ),
            "ui.lessons.masked_words.context",
        ),
        "training": View(
            N_("The training game"),
            N_(
                "**Read.** This is how the model learned. Of the chosen pieces 80 % give way to [MASK], 10 % to a "
                "random piece, and 10 % stay (Devlin et al. 2019). For each the model pays −ln of the probability "
                "that it gave to what stood there; nothing else is scored. Training made this loss small, over many "
                "millions of pieces."
            ),
            "ui.lessons.masked_words.training",
        ),
        "against": View(
            N_("Two sentences"),
            N_(
                "**Read.** Two sentences that differ in a word or two, with a gap in each. Every point is a piece: "
                "the further right, the more probable in the first sentence; the further up, the more probable in the "
                "second. On the dotted diagonal both expect it alike. What lies far from it is what the change of the "
                "sentence means to the model. Click a point to see where its numbers come from."
            ),
            "ui.lessons.masked_words.against",
        ),
        "bias": View(
            N_("He or she"),
            N_(
                "**Read.** A model learns from texts that people wrote, and what they took for granted comes along. "
                "Here it fills the gap in sentences about occupations. A dot is the mean over several sentences of "
                "how much the occupation moves the model from “she” to “he”; the line reaches from the least of them "
                "to the greatest. It is a measurement of a model, not of people."
            ),
            "ui.lessons.masked_words.bias",
        ),
    },
)
