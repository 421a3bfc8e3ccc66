"""Bars around 0 hold the numbers they were given, each under its own word."""

from __future__ import annotations

import math

import pytest

from figures.theme import THEMES, Theme
from figures.words.along import effect_bars


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_every_word_has_its_bar_up_or_down_and_a_hidden_one_has_none(theme: Theme) -> None:
    figure = effect_bars(["a", "<b>", "a"], [1.5, math.nan, -0.5], theme=theme, title="bits", picked=2, masked=[1])
    (bars,) = figure.data
    assert list(bars.y) == [1.5, None, -0.5]
    assert len(set(bars.x)) == 3
    assert bars.marker.color[0] in theme.diverging[5:]
    assert bars.marker.color[2] in theme.diverging[:5]
    assert bars.marker.line.width[2] > bars.marker.line.width[0]
    labels = figure.layout.xaxis.ticktext
    assert labels[0] == labels[2] == "a"
    assert theme.masked in labels[1]
    assert "&lt;b&gt;" in labels[1]


def test_words_without_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        effect_bars(["a"], [], theme=THEMES["light"], title="bits")
