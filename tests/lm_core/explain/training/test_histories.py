"""Curves are smoothed, thinned and judged by what they are, whatever the training was."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm_core.explain.training.histories import Shape, before, best, evenly, first_broken, held_out_shape, running_mean
from lm_core.training.experiment import HeldOut
from lm_core.training.run import StepMetrics

losses = st.lists(st.floats(0, 100), min_size=1, max_size=60)


def step(number: int, loss: float) -> StepMetrics:
    return StepMetrics(number, 0, 0.0, 0.0, 0.0, {"label": loss}, {"label": 0.0}, 1, 0.1)


def measured(*values: float) -> list[HeldOut]:
    return [HeldOut(10 * place, {"label": value}, {"label": -value}) for place, value in enumerate(values)]


@given(losses, st.integers(1, 12))
def test_a_running_mean_is_the_mean_of_what_came_last(values: list[float], window: int) -> None:
    means = running_mean(values, window)
    for place in range(len(values)):
        part = values[max(0, place + 1 - window) : place + 1]
        assert means[place] == pytest.approx(sum(part) / len(part), abs=1e-6)


def test_a_running_mean_has_a_gap_as_long_as_something_in_it_is_no_number() -> None:
    means = running_mean([1.0, math.inf, 1.0, 1.0, 1.0], 3)
    assert [math.isnan(mean) for mean in means] == [False, True, True, True, False]
    assert len(running_mean([])) == 0


@given(st.integers(0, 5000), st.integers(2, 400))
def test_what_is_thinned_keeps_its_ends_and_its_order(count: int, most: int) -> None:
    kept = evenly(count, most).tolist()
    assert kept == sorted(set(kept))
    assert len(kept) <= min(count, most) or count == 0
    if count:
        assert (kept[0], kept[-1]) == (0, count - 1)
    if count <= most:
        assert kept == list(range(count))


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([1.5, 0.5, 0.3, 0.31], "falls"),
        ([1.5, 0.4, 0.9], "returns"),
        ([1.5, 0.72, 0.9], "returns"),
        ([1.5, 1.2, 0.7], "stays"),
        ([0.7], "stays"),
        ([1.0, math.nan, 0.2], "breaks"),
    ],
)
def test_the_shape_of_a_curve_is_told_by_its_best_and_its_return(values: list[float], shape: Shape) -> None:
    assert held_out_shape(measured(*values), guessing=math.log(2)) == shape


def test_the_first_loss_that_is_no_number_is_found() -> None:
    assert first_broken([step(1, 0.5), step(2, 0.4)]) is None
    assert first_broken([step(1, 0.5), step(2, math.inf), step(3, math.nan)]) == 2


def test_the_best_measurement_and_the_one_before_a_step() -> None:
    history = measured(0.7, 0.4, 0.5)
    assert best(history, "label").step == 10
    assert [before(history, at).step for at in (0, 9, 10, 25)] == [0, 0, 10, 20]
