"""The curves of trainings stand on an axis that does not move, whatever they are made of."""

from __future__ import annotations

import math

import pytest

from figures.theme import LIGHT
from figures.training.curves import Panel, Reference, Trace, training_curves


def trace(kind: str, y: list[float], name: str = "training") -> Trace:
    return Trace(name, list(range(1, len(y) + 1)), y, LIGHT.accent, kind)  # type: ignore[arg-type]


def test_a_loss_that_is_no_number_leaves_a_gap() -> None:
    panel = Panel("Loss", (trace("line", [1.0, math.nan, math.inf, 2.0]),))
    figure = training_curves([panel], theme=LIGHT, x_title="step", last_step=4, revision="a")
    assert [math.isnan(y) for y in figure.data[0].y] == [False, True, True, False]
    figure.to_json()


def test_a_name_stands_in_the_legend_once_and_a_faint_line_never() -> None:
    panels = [Panel("Loss", (trace("raw", [1.0], ""), trace("line", [1.0]))), Panel("Rate", (trace("line", [1.0]),))]
    figure = training_curves(panels, theme=LIGHT, x_title="step", last_step=4, revision="a")
    assert [bool(each.showlegend) for each in figure.data] == [False, True, False]


@pytest.mark.parametrize("drawn", [0, 1, 4])
def test_the_axis_reaches_to_the_last_step_from_the_beginning_on(drawn: int) -> None:
    panel = Panel("Loss", (trace("line", [0.5] * drawn),))
    figure = training_curves([panel, panel], theme=LIGHT, x_title="step", last_step=1000, revision="a", marked=3)
    for axis in (figure.layout.xaxis, figure.layout.xaxis2):
        low, high = axis.range
        assert low <= 0
        assert high >= 1000
    assert figure.layout.uirevision == "a"
    assert len(figure.layout.shapes) == 2  # the marked step, through both


def test_a_reference_has_its_name_and_its_level() -> None:
    panel = Panel("Accuracy", (), (Reference(0.5, "most <b>frequent</b>"), Reference(0.75, "Bayes")), "share")
    figure = training_curves([panel], theme=LIGHT, x_title="step", last_step=1, revision="a")
    texts = [each.text for each in figure.layout.annotations]
    assert texts == ["most &lt;b&gt;frequent&lt;/b&gt; 0.500", "Bayes 0.750"]
