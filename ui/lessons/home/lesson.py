"""The first page: what this is, the model at work on one sentence, and the map of the course."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "home",
    N_("What does a language model know about a sentence?"),
    N_("Hide a word, and see what the model puts in its place."),
    {
        "all": View(
            "",
            N_(
                "LM Glassbox opens up a small Transformer language model, so that you see what it reads, where it "
                "looks and what it expects. Every number you meet was computed by the model in the same pass over "
                "your sentence, and you can follow the sum that made it. Everything runs on the computer that serves "
                "this page; your sentences go nowhere else."
            ),
            "ui.lessons.home.page",
        ),
    },
)
