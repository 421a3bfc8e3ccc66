"""Pairs that were judged: by the reader, by the model, and by us who wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lm_core.explain.sentences.next_sentence import PairJudgement
from ui.frame.prediction import Guess
from ui.lessons.next_sentences.pair_pool import KINDS, JudgedPair, Kind

FOLLOWS, DOES_NOT = "follows", "does not"  # a reader's answers, as the session keeps them


def is_right(pair: JudgedPair, answer: PairJudgement) -> bool:
    """Whether the model finds the truth the more probable."""
    return (answer.probability > 0.5) == pair.follows


@dataclass(frozen=True)
class Judged:
    """A pair, and what is known about it."""

    pair: JudgedPair
    model: PairJudgement
    reader: Guess | None  # None as long as the reader has not judged it

    @property
    def model_is_right(self) -> bool:
        """Whether the model finds the truth the more probable."""
        return is_right(self.pair, self.model)


def reader_right(judged: Sequence[Judged]) -> int:
    """How many of them the reader has right."""
    return sum(each.reader is not None and each.reader.is_right for each in judged)


def right_by_kind(answers: Mapping[JudgedPair, PairJudgement]) -> dict[Kind, tuple[int, int]]:
    """For each kind how many of its pairs the model has right, and of how many."""
    by_kind = {
        kind: [is_right(pair, answer) for pair, answer in answers.items() if pair.kind == kind] for kind in KINDS
    }
    return {kind: (sum(rights), len(rights)) for kind, rights in by_kind.items()}


def mark(is_right: bool) -> str:
    """Right or wrong, in one sign."""
    return "✓" if is_right else "✗"
