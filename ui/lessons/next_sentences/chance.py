"""What the measured intervals allow to say: guesses about texts that are not on the page, and the verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from figures.bars import percent
from lm_core.explain.questions import shuffled
from lm_core.measured.next_sentence_test import Accuracy, NextSentenceTable
from lm_core.text.passages import LENGTHS, NEGATIVES, TRUE
from ui.frame.notice import listed
from ui.frame.prediction import Question, predict_in_turn, yes_or_no
from ui.i18n import N_, _
from ui.models.shelf import Reading
from ui.plain import code_span

KINDS = {
    TRUE: N_("True neighbours"),
    "random": N_("B from another document"),
    "topic": N_("B from elsewhere in the same document"),
    "swapped": N_("True neighbours, swapped"),
}
"""What a pair of the test can be, in words."""


@dataclass(frozen=True)
class Asked:
    """What a question is about."""

    source: str
    length: str
    negative: str


def tasks(table: NextSentenceTable, length: str, source: str | None) -> dict[str, Accuracy]:
    """The accuracy by kind of negative, of those that there are."""
    tasks = {negative: table.task(length, negative, source) for negative in NEGATIVES}
    return {negative: task for negative, task in tasks.items() if task is not None}


def guess_about_chance(reading: Reading, table: NextSentenceTable, length: str, source: str | None) -> None:
    """Whether the model beats chance on another text, by the interval."""
    candidates = [
        Asked(name, each, negative) for name in table.sources for each in LENGTHS for negative in ("swapped", "topic")
    ]
    candidates = [each for each in candidates if table.task(each.length, each.negative, each.source) is not None]

    def ask(asked: Asked) -> Question:
        task = table.task(asked.length, asked.negative, asked.source)
        assert task is not None
        low, high = task.interval
        options, truth = yes_or_no(low > 0.5)
        texts = {
            ("swapped", "sentences"): _(
                "Single sentences of {source}: does the model tell their order, better than chance?"
            ),
            ("swapped", "segments"): _("Segments of {source}: does the model tell their order, better than chance?"),
            ("topic", "sentences"): _(
                "Single sentences of {source}: does the model tell the next one from another of the same document, "
                "better than chance?"
            ),
            ("topic", "segments"): _(
                "Segments of {source}: does the model tell the next one from another of the same document, better than "
                "chance?"
            ),
        }
        return Question(
            texts[asked.negative, asked.length].format(source=code_span(asked.source)),
            options,
            truth,
            _("{share} of {pairs} pairs are judged right; the interval goes from {low} to {high}.").format(
                share=percent(task.share), pairs=f"{task.pairs:,}", low=percent(low), high=percent(high)
            ),
        )

    predict_in_turn(
        [candidates[number] for number in shuffled(len(candidates), table.weights)],
        ask,
        series=f"fooled {reading.serial}",
        is_on_page=lambda asked: (asked.length, asked.source) == (length, source),
    )


def against_chance(table: NextSentenceTable, length: str, source: str | None) -> str:
    """What the intervals allow to say."""
    lines = []
    for negative, task in tasks(table, length, source).items():
        low, high = task.interval
        verdict = (
            _("better than chance")
            if low > 0.5
            else _("worse than chance")
            if high < 0.5
            else _("no better than chance")
        )
        lines.append(
            _("{kind}: {share} right, {verdict}.").format(
                kind=_(KINDS[negative]), share=percent(task.share), verdict=verdict
            )
        )
    lines.append(
        _(
            "From another document B can be told apart by its topic alone. In the same document the topic is the same, "
            "and swapped the words are the same: what is left is which follows from which."
        )
    )
    return listed(_("**Notice.** Measured on held-out text:"), lines)
