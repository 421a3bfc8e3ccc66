"""Numbers along a training are drawn as they are, on an axis of equal factors."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.theme import THEMES, ThemeName
from figures.training.over_steps import StepLine, over_steps, tick_steps


@pytest.mark.parametrize("name", THEMES)
def test_every_number_is_drawn_and_the_line_that_is_meant_lies_in_front(name: ThemeName) -> None:
    lines = [StepLine("<b>x</b>", [0.1, 0.2, 0.4]), StepLine("company", [1.0, 0.5, 0.0], is_meant=False)]
    figure = over_steps([0, 1, 9], lines, theme=THEMES[name], x_title="step", y_title="probability", highest=1.0, now=1)
    company, meant = figure.data
    assert list(meant.y) == lines[0].y
    assert list(company.y) == lines[1].y
    assert list(meant.x) == pytest.approx([0.0, math.log(2), math.log(10)])
    assert list(meant.customdata) == [0, 1, 9]
    assert "&lt;b&gt;" in meant.hovertemplate
    assert figure.layout.shapes[0].x0 == pytest.approx(math.log(2))
    assert "NaN" not in json.dumps(json.loads(figure.to_json()))


def test_a_line_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="3 numbers"):
        over_steps([0, 1, 2], [StepLine("x", [1.0])], theme=THEMES["light"], x_title="", y_title="", highest=1.0, now=0)


@given(st.integers(0, 10**8))
def test_ticks_go_from_the_first_step_to_the_last_and_stand_apart(last: int) -> None:
    ticks = tick_steps(last)
    assert (ticks[0], ticks[-1]) == (0, max(1, last))
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 14
