"""What a classifier answers to labelled examples, held against their labels: confusion matrix, accuracy, F1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from lm_core.text.examples import Examples
from lm_core.training.classifier import Classifier

_TOGETHER = 256  # examples between two reports of how far it is


@dataclass(frozen=True)
class LabelScore:
    """How well one label is found."""

    right: int  # examples of this label that got it
    answered: int  # examples that got it
    there: int  # examples of it

    @property
    def precision(self) -> float:
        """Share of the answers with this label that are right; 0 where there are none."""
        return self.right / self.answered if self.answered else 0.0

    @property
    def recall(self) -> float:
        """Share of the examples of this label that got it; 0 where there are none."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both, 2 · right / (answered + there); 0 where the label is neither."""
        return 2 * self.right / (self.answered + self.there) if self.answered + self.there else 0.0


@dataclass(frozen=True, eq=False)
class Judged:
    """What a classifier makes of labelled examples."""

    probs: Tensor  # (example, label) probabilities; each row sums to 1
    truths: Tensor  # (example,) the label that each is said to have, an index

    @cached_property
    def answers(self) -> Tensor:
        """(example,) the most probable label of each."""
        return self.probs.argmax(dim=-1)

    @cached_property
    def is_right(self) -> Tensor:
        """(example,) whether the most probable label is the true one."""
        return self.answers == self.truths

    @cached_property
    def confusion(self) -> Tensor:
        """(label, label) how many examples of the row's label got the column's."""
        return confusion(self.truths, self.answers, self.probs.shape[-1])

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return int(self.confusion.trace()) / len(self.truths)

    @property
    def scores(self) -> tuple[LabelScore, ...]:
        """How well each label is found."""
        return label_scores(self.confusion)

    @property
    def macro_f1(self) -> float:
        """The mean of the labels' F1: each label counts alike, however rare it is."""
        return sum(score.f1 for score in self.scores) / len(self.scores)

    @property
    def most_sure_and_wrong(self) -> list[int]:
        """Numbers of the examples that got a wrong label, those with the most probable wrong label first."""
        wrong = (~self.is_right).nonzero().flatten().tolist()
        sure = self.probs.max(dim=-1).values.tolist()
        return sorted(wrong, key=lambda number: -sure[number])


def judge_examples(
    classifier: Classifier, examples: Examples, on_progress: Callable[[int, int], None] | None = None
) -> Judged:
    """Ask a classifier about every example.

    Args:
        classifier: who answers.
        examples: whose labels are among the classifier's.
        on_progress: called now and then with how many are answered, and of how many.

    Raises:
        InputError: a text is blank.
    """
    numbers = {label: number for number, label in enumerate(classifier.labels)}
    probs = []
    for first in range(0, len(examples.rows), _TOGETHER):
        encoded = classifier.encode(Examples(examples.rows[first : first + _TOGETHER]))
        probs.append(classifier.encoded_label_probs(encoded))
        if on_progress is not None:
            on_progress(min(first + _TOGETHER, len(examples.rows)), len(examples.rows))
    return Judged(torch.cat(probs), torch.tensor([numbers[row.label] for row in examples.rows]))


def confusion(truths: Tensor, answers: Tensor, num_labels: int) -> Tensor:
    """How often each label was taken for each.

    Args:
        truths, answers: (example,) indices of labels.
        num_labels: how many there are.

    Returns:
        (label, label) counts; the row is what an example is, the column what it was taken for.
    """
    counts = torch.bincount(truths * num_labels + answers, minlength=num_labels**2)
    return counts.reshape(num_labels, num_labels)


def label_scores(confusion: Tensor) -> tuple[LabelScore, ...]:
    """How well each label is found, off a confusion matrix, (label, label)."""
    answered, there = confusion.sum(dim=0).tolist(), confusion.sum(dim=1).tolist()
    return tuple(map(LabelScore, confusion.diagonal().tolist(), answered, there))


def flipped(before: Judged, after: Judged) -> tuple[list[int], list[int]]:
    """Numbers of the examples that were wrong and are right now, and of those that were right and are wrong now."""
    better, worse = ~before.is_right & after.is_right, before.is_right & ~after.is_right
    return better.nonzero().flatten().tolist(), worse.nonzero().flatten().tolist()


def accuracy_by(judged: Judged, groups: Sequence[str]) -> dict[str, tuple[int, int]]:
    """For each group of examples how many are right, and of how many.

    Args:
        judged: the answers.
        groups: (example,) the name of the group of each; they come out in the order in which they first appear.
    """
    counts: dict[str, tuple[int, int]] = {}
    for group, is_right in zip(groups, judged.is_right.tolist(), strict=True):
        right, count = counts.get(group, (0, 0))
        counts[group] = right + is_right, count + 1
    return counts
