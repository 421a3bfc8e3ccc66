"""What counting words makes of the chosen data: the line to beat, kept for all who look at the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lm_core.text.examples import Duplicates, find_duplicates
from lm_core.text.naive_bayes import learn
from ui.runs.labelled_data import ChosenData

_KEPT = 24  # of a few hundred kilobytes at most


@dataclass(frozen=True)
class WordCounts:
    """How two classifiers without a model do on what is held out."""

    most_frequent: str  # the label that most examples to learn from have
    always_right: float  # share of the held-out examples that have it, 0 to 1
    accuracy: float  # of naive Bayes on them, 0 to 1
    true_probs: tuple[float, ...]  # per held-out example: how probable naive Bayes finds its label


def word_counts(data: ChosenData) -> WordCounts:
    """Naive Bayes learned from what is learned from, and asked about what is held out."""
    return _counted(data.key, data)


def duplicates(data: ChosenData) -> Duplicates:
    """Rows that say the same."""
    return _duplicates(data.key, data)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _counted(key: str, _data: ChosenData) -> WordCounts:  # noqa: ARG001 (the key of what is kept)
    train, held_out = _data.split.train, _data.split.held_out
    most_frequent = max(train.labels, key=lambda label: train.balance[label])
    bayes = learn(train)
    probs = [bayes.probabilities(row) for row in held_out.rows]
    right = sum(
        bayes.labels[row_probs.index(max(row_probs))] == row.label
        for row, row_probs in zip(held_out.rows, probs, strict=True)
    )
    return WordCounts(
        most_frequent,
        held_out.balance[most_frequent] / len(held_out.rows),
        right / len(held_out.rows),
        tuple(each[bayes.labels.index(row.label)] for row, each in zip(held_out.rows, probs, strict=True)),
    )


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _duplicates(key: str, _data: ChosenData) -> Duplicates:  # noqa: ARG001 (the key of what is kept)
    return find_duplicates(_data.tidied.examples)
