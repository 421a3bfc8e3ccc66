"""The figures of orders and of verdicts hold every number they are given, and whose it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.matrix import matrix_svg
from figures.sentences.order_scores import OrderMark, OrderScoresText, order_scores
from figures.sentences.verdicts import Verdict, VerdictsText, verdicts
from figures.theme import DARK, LIGHT

TEXT = OrderScoresText(rank="rank", score="score")
WORDS = VerdictsText(probability="P", follows="follows", does_not="does not")
some = settings(max_examples=25, deadline=None)
falling = st.lists(st.floats(-50, 0), min_size=2, max_size=120).map(lambda scores: sorted(scores, reverse=True))


@some
@given(falling, st.data())
def test_every_order_is_a_point_and_the_named_ones_stand_where_theirs_is(
    scores: list[float], data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(0, len(scores) - 1), min_size=1, max_size=3))
    marks = [OrderMark(f"name {number}", place, LIGHT.accent) for number, place in enumerate(places)]
    names = [f"order {number}" for number in range(len(scores))]
    figure = order_scores(np.asarray(scores), names, marks, theme=LIGHT, text=TEXT)
    points, named = figure.data
    assert list(points.y) == scores
    assert list(points.x) == list(range(1, len(scores) + 1))
    assert list(points.text) == names
    assert list(named.x) == [place + 1 for place in places]
    assert list(named.y) == [scores[place] for place in places]
    assert len(figure.layout.annotations) == len(set(places))
    written = {each.x: each.text for each in figure.layout.annotations}
    assert all(mark.name in written[mark.place + 1] for mark in marks)
    spots = [(each.x, each.y, each.ax, each.ay) for each in figure.layout.annotations]
    assert len(set(spots)) == len(spots)


def test_scores_without_names_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        order_scores(np.zeros(2), ["one"], [], theme=LIGHT, text=TEXT)


answers = st.lists(
    st.builds(
        Verdict,
        kind=st.integers(0, 2),
        log_odds=st.floats(-12, 12),
        is_right=st.booleans(),
        first=st.text(max_size=20),
        then=st.text(max_size=20),
        number=st.none() | st.integers(1, 10),
    ),
    max_size=20,
)


@some
@given(answers)
def test_each_verdict_is_a_point_at_its_log_odds_in_the_row_of_its_kind(given_answers: list[Verdict]) -> None:
    figure = verdicts(["a", "b", "c"], ["1 of 2"] * 3, given_answers, theme=DARK, text=WORDS)
    drawn = [point for trace in figure.data for point in zip(trace.x, trace.y, trace.marker.symbol, strict=True)]
    expected = sorted((each.log_odds, each.kind, each.is_right) for each in given_answers)
    assert sorted((x, round(y), symbol == "circle") for x, y, symbol in drawn) == expected
    low, high = figure.layout.xaxis.range
    assert all(low < x < high for x, _y, _symbol in drawn)
    assert -low == high


def test_the_scale_of_log_odds_names_probabilities() -> None:
    axis = verdicts(["a"], ["1 of 2"], [], theme=LIGHT, text=WORDS).layout.xaxis
    for place, written in zip(axis.tickvals, axis.ticktext, strict=True):
        assert float(written.removesuffix("\u00a0%")) == pytest.approx(100 / (1 + np.exp(-place)))


def test_markup_in_a_pair_is_text_under_the_pointer() -> None:
    hostile = Verdict(0, 1.0, is_right=True, first="<b>bold</b>", then="<img src=x>", number=1)
    figure = verdicts(["<i>"], ["<b>"], [hostile], theme=LIGHT, text=WORDS)
    assert "<b>bold" not in figure.data[1].hovertext[0]
    assert "<img" not in figure.data[1].hovertext[0]
    assert not any("<i>" in each.text for each in figure.layout.annotations)


def test_a_cell_without_a_number_stays_empty_in_the_picture() -> None:
    values = np.asarray([[np.nan, -1.0], [-2.0, np.nan]], dtype=np.float32)
    svg = matrix_svg(values, ["A", "B"], ["A", "B"], theme=LIGHT, is_probability=False)
    assert "nan" not in svg
    assert "-2.00" in svg
