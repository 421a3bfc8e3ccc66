"""Many heads: every layer and head of the model on the reader's sentence, and what each of them looks at."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "many-heads",
    N_("Who looks at whom?"),
    N_("In every head each word shares out its attention: 100 % of it, over all the words it can see."),
    {
        "all": View(
            "",
            N_(
                "**Read.** A line runs from the word that looks, at the left, to the word it looks at; the stronger, "
                "the more. Point at a word to see its lines alone, click to keep them. Hide a word of the sentence: "
                "the lines change, and so does the answer."
            ),
            "ui.lessons.many_heads.page",
        ),
    },
)
