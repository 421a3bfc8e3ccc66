"""Curves hold the numbers that were measured."""

from __future__ import annotations

import pytest

from figures.curves import Curve, curves
from figures.theme import LIGHT


def test_every_line_has_its_numbers_and_its_name_at_its_end() -> None:
    lines = [Curve("one", [1.0, 2.0], LIGHT.accent), Curve("<b>two", [3.0, 1.0], LIGHT.query)]
    figure = curves([1, 2], lines, theme=LIGHT, x_title="x", y_title="y", x_is_log=True)
    assert [list(trace.y) for trace in figure.data] == [[1.0, 2.0], [3.0, 1.0]]
    assert figure.data[0].text[-1] == "one"
    assert figure.data[1].text[-1] == "&lt;b&gt;two"


def test_a_line_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 2 values"):
        curves([1, 2], [Curve("one", [1.0], LIGHT.accent)], theme=LIGHT, x_title="x", y_title="y")


@pytest.mark.parametrize("ends", [[1.0, 1.0, 1.01], [0.0, 5.0, 4.9], [3.0, 3.0, 3.0]])
def test_names_whose_lines_end_together_are_moved_apart(ends: list[float]) -> None:
    lines = [Curve(str(number), [0.0, end], LIGHT.accent) for number, end in enumerate(ends)]
    figure = curves([1, 2], lines, theme=LIGHT, x_title="x", y_title="y")
    lifts = {annotation.text: annotation.yshift for annotation in figure.layout.annotations}
    in_place = {trace.text[-1] for trace in figure.data} - {""}
    assert sorted([*lifts, *in_place]) == ["0", "1", "2"]
    assert all(lift > 0 for lift in lifts.values())
    assert lifts


def test_a_line_that_has_no_value_at_its_end_moves_no_other() -> None:
    lines = [Curve("one", [1.0, float("nan")], LIGHT.accent), Curve("two", [1.0, 2.0], LIGHT.query)]
    figure = curves([1, 2], lines, theme=LIGHT, x_title="x", y_title="y")
    assert not figure.layout.annotations
