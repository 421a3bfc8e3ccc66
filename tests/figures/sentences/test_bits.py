"""Surprise, differences and scores are drawn as exactly the numbers given."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.bars import percent
from figures.labels import plain
from figures.sentences.bits import BitsText, DifferenceText, bit_bars, difference_bars, in_bits, signed
from figures.sentences.scores import CHANCE, Score, ScoresText, score_bars
from figures.theme import LIGHT

words = st.text(max_size=30)
bits = st.one_of(st.floats(0, 60), st.just(math.inf))


@given(st.lists(st.tuples(words, bits), min_size=1, max_size=9))
def test_a_bar_is_as_long_as_its_bits_and_one_without_end_says_so(rows: list[tuple[str, float]]) -> None:
    tokens, surprises = zip(*rows, strict=True)
    figure = bit_bars(tokens, surprises, theme=LIGHT, text=BitsText(bits="<b>bits</b>"), picked=0)
    (bar,) = figure.data
    end = figure.layout.xaxis.range[1]
    for drawn, surprise, told in zip(bar.x, surprises, bar.text, strict=True):
        assert told == in_bits(surprise)
        assert drawn == surprise if math.isfinite(surprise) else (drawn == end and told == "∞")
        assert drawn <= end
    assert len(set(bar.y)) == len(tokens), "equal tokens must not merge"
    assert list(figure.layout.yaxis.ticktext) == list(map(plain, tokens))


@given(st.lists(st.tuples(words, st.floats(-50, 50)), min_size=1, max_size=9))
def test_a_difference_points_to_the_sentence_that_it_speaks_for(rows: list[tuple[str, float]]) -> None:
    labels, differences = zip(*rows, strict=True)
    text = DifferenceText(bits="bits", first="first", second="second")
    bar, written = difference_bars(labels, differences, theme=LIGHT, text=text).data
    assert tuple(bar.x) == differences
    assert list(written.text) == list(map(signed, differences))
    first, second = LIGHT.segments
    assert list(bar.marker.color) == [first if each >= 0 else second for each in differences]


@given(st.lists(st.tuples(words, st.one_of(st.none(), st.floats(0, 1)), st.booleans()), min_size=1, max_size=9))
def test_scores_stand_beside_the_line_of_chance(rows: list[tuple[str, float | None, bool]]) -> None:
    scores = [Score(*row) for row in rows]
    figure = score_bars(scores, theme=LIGHT, text=ScoresText(share="share", chance="chance"))
    bar, written = figure.data
    assert [each for each in bar.x if each is not None] == [each.share for each in scores if each.share is not None]
    assert list(written.text) == ["" if each.share is None else percent(each.share) for each in scores]
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == CHANCE


@pytest.mark.parametrize(("value", "said"), [(-1.234, "−1.23"), (2.0, "+2.00"), (-0.001, "0.00")])
def test_a_difference_has_a_sign_unless_it_rounds_to_nothing(value: float, said: str) -> None:
    assert signed(value) == said


def test_numbers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        bit_bars(["a", "b"], [0.1], theme=LIGHT, text=BitsText(bits="bits"))
    with pytest.raises(ValueError, match="1 labels"):
        difference_bars(["a"], [], theme=LIGHT, text=DifferenceText("bits", "first", "second"))
