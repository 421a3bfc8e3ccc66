"""Guesses about pairs that are not on the page yet: will the model believe this one, and which of two more?"""

from __future__ import annotations

from dataclasses import dataclass

from figures.bars import percent
from lm_core.explain.questions import shuffled
from ui.address.session import session
from ui.frame.asked import judged
from ui.frame.prediction import Question, predict_in_turn, yes_or_no
from ui.i18n import _
from ui.lessons.next_sentences.pair_examples import KINDS, VARIANTS, another_second, example_of
from ui.lessons.next_sentences.state import NextSentencesState
from ui.models.shelf import Reading
from ui.plain import code_span

_TOLD = 1e-3  # two probabilities that are nearer than this look alike


@dataclass(frozen=True)
class Candidate:
    """A pair to be judged, or two pairs of which the model believes one more."""

    first: str
    second: str
    kind: str  # one of KINDS
    other: str | None = None  # the second sentence of the other pair
    other_kind: str = ""


def guess_a_pair(reading: Reading) -> None:
    """One question after the other about A with another B."""
    first = reading.view.sentence
    candidates = _candidates(first, reading.trace.encoding.text_pair or "")
    predict_in_turn(
        [candidates[number] for number in shuffled(len(candidates), first)],
        lambda candidate: _ask(reading, candidate),
        series=f"pair {reading.serial} {first}",
        is_on_page=lambda candidate: _is_known(candidate) or _is_a_tie(reading, candidate),
    )


def _candidates(first: str, second: str) -> list[Candidate]:
    """What can be asked about A: with our own sentences behind it, or, of the reader's own, swapped and elsewhere."""
    example = example_of(first)
    if example is None:
        return [
            Candidate(second, first, "swapped"),
            Candidate(first, another_second(first, second), "random"),
        ]
    single = [Candidate(first, example.variant(name), name) for name in VARIANTS]
    double = [
        Candidate(first, example.follows, "follows", example.variant(name), name)
        for name in ("earlier", "paraphrase", "negated")
    ]
    return [*single, *double]


def _ask(reading: Reading, candidate: Candidate) -> Question:
    """A question about one pair, or about two."""
    probability = judged(reading, candidate.first, candidate.second).probability
    if candidate.other is not None:
        return _which(reading, candidate, probability)
    options, truth = yes_or_no(probability > 0.5)
    sentences = {"first": code_span(candidate.first), "second": code_span(candidate.second)}
    return Question(
        _("Will the model believe that {second} follows {first}, with a P(IsNext) above 50 %?").format(**sentences),
        options,
        truth,
        _("{kind}: P(IsNext) is {probability}.").format(
            kind=_(KINDS[candidate.kind]), probability=percent(probability)
        ),
    )


def _which(reading: Reading, candidate: Candidate, probability: float) -> Question:
    """Which of two second sentences the model believes more."""
    assert candidate.other is not None
    other = judged(reading, candidate.first, candidate.other).probability
    options = (code_span(candidate.second), code_span(candidate.other))
    return Question(
        _("Behind {first}: which does the model believe more?").format(first=code_span(candidate.first)),
        options,
        options[0] if probability > other else options[1],
        _("{kind}: P(IsNext) is {probability}. {other_kind}: {other}.").format(
            kind=_(KINDS[candidate.kind]),
            probability=percent(probability),
            other_kind=_(KINDS[candidate.other_kind]),
            other=percent(other),
        ),
    )


def _is_known(candidate: Candidate) -> bool:
    """Whether the figure shows the truth already."""
    asked = {candidate.second, candidate.other or candidate.second}
    return all((candidate.first, second) in session().kept(NextSentencesState).tried for second in asked)


def _is_a_tie(reading: Reading, candidate: Candidate) -> bool:
    """Whether two numbers are too near to each other to be asked about."""
    if candidate.other is None:
        return False
    one, other = (judged(reading, candidate.first, text).probability for text in (candidate.second, candidate.other))
    return abs(one - other) < _TOLD
