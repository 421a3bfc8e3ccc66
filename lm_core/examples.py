"""Labelled texts to learn from: each a text or a pair, and what it is said to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Example:
    """One labelled text, or one labelled pair."""

    text: str
    label: str
    text_pair: str | None = None


@dataclass(frozen=True)
class Examples:
    """Labelled texts, all of them single or all of them pairs."""

    rows: tuple[Example, ...]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order of the alphabet: the number of one is its index in the classifier's output."""
        return tuple(sorted({row.label for row in self.rows}))

    @property
    def balance(self) -> Counter[str]:
        """How many examples each label has."""
        return Counter(row.label for row in self.rows)
