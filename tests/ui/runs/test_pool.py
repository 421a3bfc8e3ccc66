"""The pool of the server: how much it gives to training stands in the environment."""

from __future__ import annotations

import pytest

from lm_core.errors import TrainingError
from lm_core.runs.pool import Limits
from ui.runs.pool import WHOLE_NUMBERS, limits_of


def test_without_a_word_of_the_environment_the_limits_are_the_defaults() -> None:
    assert limits_of({"LM_GLASSBOX_TRAINING_WORKERS": " "}) == Limits()


def test_each_variable_sets_its_limit() -> None:
    for variable, (field, unit) in WHOLE_NUMBERS.items():
        assert getattr(limits_of({variable: "7"}), field) == 7 * unit


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "²", "1e3", "9" * 30])
def test_what_is_no_number_from_1_is_refused_by_name(value: str) -> None:
    with pytest.raises(TrainingError, match="LM_GLASSBOX_TRAINING_RUNS has to be a whole number from 1"):
        limits_of({"LM_GLASSBOX_TRAINING_RUNS": value})
