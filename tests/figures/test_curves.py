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
