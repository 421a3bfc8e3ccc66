"""The guesses of minimal pairs: which of two sentences the model finds more probable."""

from __future__ import annotations

from dataclasses import replace

from figures.sentences.bits import in_bits
from lm_core.explain.questions import shuffled
from ui.frame.asked import likelihood
from ui.frame.prediction import Question, predict, predict_in_turn
from ui.i18n import _
from ui.lessons.language_model.minimal_pair_examples import EXAMPLES, PairExample
from ui.models.shelf import Reading
from ui.plain import code_span


def guess_in_turn(reading: Reading, on_page: tuple[str, str]) -> None:
    """Which one the model prefers, about examples that are not on the page."""
    predict_in_turn(
        [EXAMPLES[number] for number in shuffled(len(EXAMPLES), "minimal pairs")],
        lambda example: _about(reading, example),
        series=f"pairs {reading.model.name}",
        is_on_page=lambda example: set(example.sentences) == set(on_page),
    )


def _about(reading: Reading, example: PairExample) -> Question:
    """A question about one example."""
    question = _preference(reading, *example.sentences)
    return replace(
        question,
        text=f"{_(example.phenomenon)} – {question.text}",
        why=f"{question.why} {_('Good English is {good}.').format(good=code_span(example.good))}",
    )


def guess_these(reading: Reading, first: str, second: str) -> bool:
    """The same about the two sentences of the page; whether it has been answered."""
    return predict(_preference(reading, first, second), key=f"these {reading.model.name} {first} {second}")


def _preference(reading: Reading, first: str, second: str) -> Question:
    """Which of two sentences has fewer bits."""
    bits = [likelihood(reading, text).bits for text in (first, second)]
    options = _("the first"), _("the second")  # a button has no room for a sentence
    return Question(
        text=f"{_('Which of these does the model find more probable?')}\n1. {code_span(first)}\n2. {code_span(second)}",
        options=options,
        truth=options[bits.index(min(bits))],
        why=_("They cost {bits} bits.").format(bits=" / ".join(map(in_bits, bits))),
    )
