"""The figures of two sentences and of occupations draw the numbers they are given, whatever the words are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.bars import fine_percent
from figures.labels import plain
from figures.theme import LIGHT, THEMES, Theme
from figures.words.contrast import ContrastText, contrast_scatter
from figures.words.dot_ranges import DotRangesText, DotRow, dot_ranges
from figures.words.ratio_bars import RatioBarsText, factor, ratio_bars

TEXT = ContrastText(axes=("first", "second"), more_in=("more in 1", "more in 2"), ratio="×{ratio}")
DOTS = DotRangesText("scale", "less", "more", "mean", "range")
both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())

log_prob = st.floats(-600, -1e-9)
pieces = st.lists(st.tuples(st.text(max_size=30), log_prob, log_prob), min_size=1, max_size=25)


@settings(max_examples=40)
@given(pieces=pieces, picked=st.integers(0, 30))
def test_points_are_the_numbers_given_on_two_like_axes_that_hold_them_all(
    pieces: list[tuple[str, float, float]], picked: int
) -> None:
    tokens = [token for token, _first, _second in pieces]
    log_probs = np.array([numbers for _token, *numbers in pieces], dtype=np.float64)
    figure = contrast_scatter(tokens, log_probs, theme=LIGHT, text=TEXT, picked=picked)
    shown = {}
    for side, trace in enumerate(figure.data):
        assert trace.marker.color == LIGHT.segments[side]
        for (place,), x, y, told in zip(trace.customdata, trace.x, trace.y, trace.hovertext, strict=True):
            shown[place] = x, y
            assert plain(tokens[place]) in told
            assert (y > x) == (side == 1)
    for place, numbers in enumerate(log_probs / math.log(10)):
        assert shown[place] == pytest.approx(tuple(numbers))
    low, high = figure.layout.xaxis.range
    assert figure.layout.yaxis.range == (low, high)
    assert all(low <= number <= high for point in shown.values() for number in point)
    assert 1 <= len(figure.layout.xaxis.tickvals) <= 12
    for label in figure.layout.annotations:
        assert label.text.removeprefix("<b>").removesuffix("</b>") in {plain(token) for token in tokens}
    outlined = [
        place
        for trace in figure.data
        for (place,), line in zip(trace.customdata, trace.marker.line.width, strict=True)
        if line
    ]
    assert outlined == ([picked] if picked < len(tokens) else [])


@both_themes
def test_with_room_every_word_stands_on_the_figure_in_the_colour_of_its_side(theme: Theme) -> None:
    log_probs = np.log([[0.5, 0.01], [0.01, 0.5], [0.1, 0.1]])
    figure = contrast_scatter(["a", "<b>", "c"], log_probs, theme=theme, text=TEXT)
    colours = {label.text: label.font.color for label in figure.layout.annotations}
    assert colours == {"a": theme.segments[0], "&lt;b&gt;": theme.segments[1], "c": theme.segments[0]}


@settings(max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=30), st.floats(-500, 500)), max_size=12))
def test_ratio_bars_are_the_numbers_given_each_with_its_factor(pieces: list[tuple[str, float]]) -> None:
    tokens, ratios = [token for token, _ in pieces], [ratio for _, ratio in pieces]
    (bars,) = ratio_bars(tokens, ratios, theme=LIGHT, text=RatioBarsText("ratio")).data
    assert list(bars.x) == ratios
    assert len(set(bars.y)) == len(tokens), "equal tokens must not merge"
    assert list(bars.marker.color) == [LIGHT.segments[int(ratio < 0)] for ratio in ratios]


@pytest.mark.parametrize(("ratio", "said"), [(0, "×1.0"), (math.log(9.96), "×10"), (-math.log(1234), "×1,234")])
def test_a_factor_is_never_below_one(ratio: float, said: str) -> None:
    assert factor(ratio) == said


row = st.lists(st.floats(-20, 20), min_size=1, max_size=6).map(
    lambda values: (sum(values) / len(values), min(values), max(values))
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=30), row), min_size=1, max_size=30))
def test_dots_and_ranges_are_the_numbers_given(named: list[tuple[str, tuple[float, float, float]]]) -> None:
    figure = dot_ranges([DotRow(name, *values) for name, values in named], theme=LIGHT, text=DOTS)
    (dots,) = figure.data
    low, high = figure.layout.xaxis.range
    assert low == -high
    for place, (name, (mean, lowest, highest)) in enumerate(named):
        assert dots.x[place] == mean
        assert dots.x[place] - dots.error_x.arrayminus[place] == pytest.approx(lowest, abs=1e-6)
        assert dots.x[place] + dots.error_x.array[place] == pytest.approx(highest, abs=1e-6)
        assert low <= lowest <= highest <= high
        assert list(dots.customdata[place]) == [place, plain(name), lowest, highest]
        assert figure.layout.yaxis.ticktext[place] == plain(name)
    assert dots.marker.cmax == -dots.marker.cmin, "the colours are centred on nought"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        contrast_scatter(["a", "b"], np.zeros((1, 2)), theme=LIGHT, text=TEXT)
    with pytest.raises(ValueError, match="2 tokens"):
        ratio_bars(["a", "b"], [0.1], theme=LIGHT, text=RatioBarsText("ratio"))
    for rows in ([], [DotRow("a", 2, 0, 1)]):
        with pytest.raises(ValueError, match="rows"):
            dot_ranges(rows, theme=LIGHT, text=DOTS)


@pytest.mark.parametrize(
    ("prob", "said"), [(1, "100 %"), (0.5, "50 %"), (0.0123, "1.2 %"), (3.4e-7, "0.000034 %"), (0.1, "10 %")]
)
def test_a_small_probability_keeps_two_digits(prob: float, said: str) -> None:
    assert fine_percent(prob) == said.replace(" ", "\u00a0")
