"""The least that a model of labelled texts has to beat: counts of words."""

from __future__ import annotations

import math
import re
from collections import Counter

from lm_core.examples import Examples


def naive_bayes(train: Examples, dev: Examples) -> float:
    """Share of right labels by the words that a text has, with one added to each count (Wang and Manning 2012)."""
    words = [(set(re.findall(r"[\w']+|[^\w\s]", row.text.lower())), row.label) for row in (*train.rows, *dev.rows)]
    learned, asked = words[: len(train.rows)], words[len(train.rows) :]
    counts = {label: Counter(word for text, its in learned if its == label for word in text) for label in train.labels}
    vocabulary = set().union(*counts.values())
    totals = {label: count.total() + len(vocabulary) for label, count in counts.items()}

    def score(text: set[str], label: str) -> float:
        known = text & vocabulary
        prior = math.log(train.balance[label])
        return prior + sum(math.log((counts[label][word] + 1) / totals[label]) for word in known)

    return sum(max(train.labels, key=lambda label: score(text, label)) == its for text, its in asked) / len(asked)
