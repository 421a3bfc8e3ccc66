"""Pre-training from nothing: a small text, its pieces, a model that learns them, and what became of it."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "pretraining",
    N_("What does a model learn first?"),
    N_("From nothing: at the start every piece is as likely as any other, and what it knows it has read in one text."),
    {
        "text": View(
            N_("Text and pieces"),
            N_(
                "**Read.** Before anything is learned, the text is cut into pieces. At first every character is one. "
                "Then the two that stand side by side most often become a piece of their own, and again, and again. "
                "Frequent words come out whole, rare ones stay in parts. Move the slider: a smaller vocabulary is the "
                "beginning of a larger one."
            ),
            "ui.lessons.pretraining.text",
        ),
        "train": View(
            N_("Train"),
            N_(
                "**Read.** The weights are drawn at random. Then the model reads the text with gaps, over and over, "
                "and is changed a little after each batch. Two lines tell what its loss is worth: who knows nothing "
                "pays ln of the number of pieces; who knows how frequent each piece is pays the unigram loss. Below "
                "that line it knows more than word frequencies."
            ),
            "ui.lessons.pretraining.train",
        ),
        "film": View(
            N_("The film"),
            N_(
                "**Read.** While it learned, the model was asked about a few sentences at moments that lie close "
                "together at the beginning. Drag along the loss: the answers go from noise to frequent pieces, then "
                "to words of the right kind, and heads that looked everywhere begin to look somewhere."
            ),
            "ui.film.view",
        ),
        "recording": View(
            N_("The recording"),
            N_(
                "**Read.** What a minute cannot show: a much longer pre-training, of the kind that made the model of "
                "this app, recorded on one processor core. Drag the handle through all of it. How long it took, and "
                "what it is not, stands above the film."
            ),
            "ui.lessons.pretraining.recording",
        ),
        "predict": View(
            N_("Ask it, take it home"),
            N_(
                "**Read.** Write a sentence with one or more [MASK] and ask your model, beside the one that comes "
                "with the app. Yours has read one small text; whatever is not in it, it cannot know. It is a whole "
                "language model all the same: take it along, or look at it in the other lessons."
            ),
            "ui.lessons.pretraining.predict",
        ),
    },
)
