"""Errors that a user meets: one sentence, translatable, and able to travel."""

from __future__ import annotations

import copy
import pickle

import pytest

from lm_core import CheckpointError, HubError, InputError, LMGlassboxError


@pytest.mark.parametrize("kind", [CheckpointError, HubError, InputError])
def test_an_error_is_its_template_with_its_fields_filled_in(kind: type[LMGlassboxError]) -> None:
    error = kind("{file} is {what}", file="a{b}.json", what=3)
    assert isinstance(error, LMGlassboxError)
    assert str(error) == error.template.format(**error.fields) == "a{b}.json is 3"


@pytest.mark.parametrize("travel", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_survives_being_copied_and_sent_to_another_process(travel: object) -> None:
    error = InputError("no word {number}", number=3)
    assert callable(travel)
    again = travel(error)
    assert type(again) is InputError
    assert (str(again), again.fields) == ("no word 3", {"number": 3})
