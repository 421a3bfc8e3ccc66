"""The line to beat: naive Bayes, which sees the words of a text and neither their order nor what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from nltk import NaiveBayesClassifier  # of the package itself, which two threads can import at once

from lm_core.text.examples import Example, Examples
from lm_core.text.near_duplicates import words_of


@dataclass(frozen=True, eq=False)
class NaiveBayes:
    """NLTK's classifier on the words that stand in a text (Maron 1961); it counts, and is done in a blink."""

    labels: tuple[str, ...]
    classifier: NaiveBayesClassifier

    def probabilities(self, row: Example) -> tuple[float, ...]:
        """How probable each label is, in the order of `labels`; words never learned from say nothing."""
        found = self.classifier.prob_classify(_words_in(row))
        return tuple(float(found.prob(label)) for label in self.labels)

    def label_of(self, row: Example) -> str:
        """The most probable label; the first of the alphabet among equals."""
        probs = self.probabilities(row)
        return self.labels[probs.index(max(probs))]

    def accuracy(self, examples: Examples) -> float:
        """The share that it labels right, 0 to 1."""
        return sum(self.label_of(row) == row.label for row in examples.rows) / len(examples.rows)


def learn(examples: Examples) -> NaiveBayes:
    """Count the words of each label."""
    return NaiveBayes(examples.labels, NaiveBayesClassifier.train((_words_in(row), row.label) for row in examples.rows))


def _words_in(row: Example) -> dict[str, bool]:
    """The different words of a text; in a pair, those of the second are told apart from those of the first."""
    second = (f"{word} (2)" for word in words_of(row.text_pair or ""))
    return dict.fromkeys((*words_of(row.text), *second), True)
