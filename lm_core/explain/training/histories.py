"""What the curves of a training tell: smoothed and thinned to be seen, and the shape that they took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lm_core.training.experiment import HeldOut
from lm_core.training.run import StepMetrics

SMOOTHED_OVER = 10  # steps

_HARDLY = 0.02  # of the loss of guessing: whoever is not further below it has not learned
_RETURN = 0.1  # of the loss of guessing: a rise after the best larger than that is one

Shape = Literal["falls", "returns", "stays", "breaks"]
"""What a held-out loss does: it falls below guessing; it rises again; it stays above guessing; it is no number."""


def running_mean(values: Sequence[float], window: int = SMOOTHED_OVER) -> NDArray[np.float64]:
    """The mean of each value and those before it.

    Args:
        values: (step,)
        window: how many are averaged; fewer at the beginning, where there are no more.

    Returns:
        (step,) NaN where one of the values is not finite.
    """
    finite = np.asarray([value if math.isfinite(value) else math.nan for value in values], np.float64)
    if not len(finite):
        return finite
    sums = np.convolve(finite, np.ones(window))[: len(finite)]
    return sums / np.minimum(np.arange(1, len(finite) + 1), window)


def evenly(count: int, most: int) -> NDArray[np.int64]:
    """Indices of at most `most` of `count` things, spread evenly, the first and the last among them."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, most)).round().astype(np.int64))


def first_broken(steps: Sequence[StepMetrics]) -> int | None:
    """The first step whose losses are not all numbers any more; None where they are."""
    return next((each.step for each in steps if not all(map(math.isfinite, each.losses.values()))), None)


def held_out_shape(held_out: Sequence[HeldOut], guessing: float) -> Shape:
    """What the sum of the held-out losses has done, held against who knows no more than how frequent each answer is.

    It rises again where it ends above its best by more than a tenth of the loss of guessing; it stays where its best is
    not a fiftieth below guessing.

    Args:
        held_out: at least one measurement.
        guessing: nats.
    """
    losses = [math.fsum(each.losses.values()) for each in held_out]
    if not all(map(math.isfinite, losses)):
        return "breaks"
    if losses[-1] - min(losses) > _RETURN * guessing:
        return "returns"
    return "stays" if min(losses) > (1 - _HARDLY) * guessing else "falls"


def best(held_out: Sequence[HeldOut], name: str) -> HeldOut:
    """The measurement with the highest accuracy at one task; the first of several.

    Args:
        held_out: at least one measurement.
        name: of the task.
    """
    return max(held_out, key=lambda each: each.accuracies[name])


def before(held_out: Sequence[HeldOut], step: int) -> HeldOut:
    """The last measurement at or before a step; the first one where there is none."""
    return next((each for each in reversed(held_out) if each.step <= step), held_out[0])
