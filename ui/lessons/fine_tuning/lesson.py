"""Training live: fine-tune a pre-trained model on labelled texts, from the data to what it predicts."""

from __future__ import annotations

from ui.film.view import FILM
from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "fine-tuning",
    N_("How does a model learn?"),
    N_("It is shown examples, errs, and each of its numbers is changed a little so that it errs less."),
    {
        "data": View(
            N_("Data and head"),
            N_(
                "**Read.** A model that has read a lot learns a task from few examples. Each example is a text and "
                "its label. Part of them is held out: never learned from, only asked about, to see whether something "
                "was learned or only remembered. On top of the trained body comes a head: a few fresh numbers that "
                "turn the vector of [CLS] into a score for each label."
            ),
            "ui.lessons.fine_tuning.data",
        ),
        "train": View(
            N_("Train"),
            N_(
                "**Read.** A step takes a few examples, asks the model, and changes every weight a little so that the "
                "true labels become more probable. How little is the learning rate: it warms up, then runs out. The "
                "loss is the surprise at the true label, in nats; what counts is the loss on examples held out. "
                "Trainings on this server take turns. Yours goes on while this page is open; its address finds it "
                "again."
            ),
            "ui.lessons.fine_tuning.train",
        ),
        "film": FILM,
        "compare": View(
            N_("Before and after"),
            N_(
                "**Read.** Accuracy says how often the model is right; the confusion matrix says what it takes for "
                "what. F1 of a label counts its misses and its false alarms alike, and macro-F1 is the mean over the "
                "labels. All is measured on examples that were never learned from, with the model as it began and as "
                "it is now."
            ),
            "ui.lessons.fine_tuning.before_after",
        ),
        "predict": View(
            N_("Predict and take home"),
            N_(
                "**Read.** Now the model labels what nobody has labelled. It gives every label a probability; the "
                "entropy says in bits how unsure it is. The model is yours: take it home as a Hugging Face folder, "
                "and look at it in all other lessons."
            ),
            "ui.lessons.fine_tuning.predict",
        ),
    },
)
