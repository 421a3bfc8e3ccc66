"""Labels and lengths are drawn as they were counted, and text from outside is never markup."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.theme import THEMES, ThemeName
from figures.training.class_balance import ClassBalanceText, class_balance
from figures.training.length_bars import BINS, LengthBarsText, length_bars

BALANCE = ClassBalanceText(examples="examples", train="to learn from", held_out="held out")
LENGTHS = LengthBarsText(pieces="pieces", examples="examples", limit="the limit", longer="more")


@pytest.mark.parametrize("theme", THEMES)
def test_each_label_has_a_bar_of_both_parts(theme: ThemeName) -> None:
    labels = ["<b>bad</b>", "good", "好"]
    figure = class_balance(labels, [3, 0, 9], [1, 2, 0], theme=THEMES[theme], text=BALANCE)
    learned, held_out = figure.data
    assert (list(learned.x), list(held_out.x)) == ([3, 0, 9], [1, 2, 0])
    assert learned.marker.color != held_out.marker.color
    assert figure.layout.xaxis.range[1] == 9
    assert "<b>" not in json.dumps(figure.layout.yaxis.ticktext)
    assert list(held_out.text) == ["3 + 1", "0 + 2", "9 + 0"]


@settings(max_examples=20)  # plotly takes its time
@given(st.lists(st.integers(2, 400), min_size=1, max_size=50), st.sampled_from([16, 32, 128, 512]))
def test_every_length_is_counted_once_in_the_bar_where_it_belongs(lengths: Sequence[int], positions: int) -> None:
    figure = length_bars(lengths, positions, theme=THEMES["light"], text=LENGTHS)
    (bars,) = figure.data
    assert sum(bars.y) == len(lengths)
    assert bars.y[-1] == sum(length > positions for length in lengths)
    width = max(1, positions // BINS)
    for middle, count in zip(bars.x[:-1], bars.y[:-1], strict=True):
        assert count == sum(abs(length - middle) < width / 2 for length in lengths)
