"""A few of the examples, for a training that shall see little."""

from __future__ import annotations

import numpy as np

from lm_core.text.examples import Example, Examples


def fewer(examples: Examples, count: int, seed: int = 0) -> Examples:
    """So many of the examples, as many of each label as can be; all of them where there are no more.

    Args:
        examples: at least one of each label.
        count: how many; at least one of each label is taken.
        seed: the same takes the same ones.
    """
    if count >= len(examples.rows):
        return examples
    chance = np.random.default_rng(seed)
    left: dict[str, list[Example]] = {label: [] for label in examples.labels}
    for index in chance.permutation(len(examples.rows)).tolist():
        row = examples.rows[index]
        left[row.label].append(row)
    taken: list[Example] = []
    # One of each label in turn: where one has no more, the others give the rest.
    while len(taken) < max(count, len(left)):
        for rows in left.values():
            if rows and len(taken) < max(count, len(left)):
                taken.append(rows.pop())
    return Examples(tuple(taken))
