"""One head by hand: from X to the output in seven steps, on numbers small enough to check, or on the model's own."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "attention",
    N_("How does one word look at another?"),
    N_("Every token asks with a query, every token answers with a key, and the softmax turns matches into shares."),
    {
        "all": View(
            "",
            N_(
                "**Read.** Follow one attention head from its input to its output; six of its seven steps multiply "
                "two matrices. Click a number of the result: the row and the column that made it light up, and the "
                "sum is written out. Change any number of X or of the weights, and see what follows from it."
            ),
            "ui.lessons.attention.page",
        ),
    },
)
