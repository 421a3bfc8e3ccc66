"""The figures of the lesson on tokens draw the numbers they are given, whatever the words are."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from figures.labels import plain
from figures.pieces.changes import ChangesText, change_grid
from figures.pieces.distance import Curve, CurvesText, distance_curves
from figures.pieces.diverging import DivergingText, Group, vector_rows
from figures.pieces.map import MapText, PointKind, word_map
from figures.pieces.staircase import MOST_TRIES, StaircaseText, Try, staircase
from figures.theme import LIGHT, THEMES, Theme

STAIRS = StaircaseText(tried="no", found="yes")
CHANGES = ChangesText(change="change", start="input", layer="layer")
MAP = MapText(axes=("first", "second"), kinds={"picked": "picked", "sentence": "sentence", "neighbour": "neighbour"})
HOSTILE = ("<b>bold</b>", "</script><script>alert(1)</script>", "<br>", "&lt;", "<img onerror=x>")
words = st.lists(st.text(max_size=12), min_size=1, max_size=12)
both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())


def numbers(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def tries_of(word: str) -> list[Try]:
    """One piece for each letter, found at the last moment."""
    return [
        Try(start, end, word[start:end], is_piece=end == start + 1)
        for start in range(len(word))
        for end in range(len(word), start, -1)
    ]


@both_themes
def test_the_staircase_fills_the_letters_of_each_candidate_and_names_each_piece(theme: Theme) -> None:
    tries = [Try(0, 3, "abc", False), Try(0, 2, "ab", True), Try(2, 3, "##c", True)]
    figure = staircase("abc", tries, theme=theme, text=STAIRS)
    gone, open_, tried, found = range(4)
    assert figure.data[0].z.tolist() == [[tried] * 3, [found, found, open_], [gone, gone, found]]
    assert list(figure.layout.yaxis.tickvals) == [1, 2]
    assert [re.sub("<.*?>", "", label) for label in figure.layout.yaxis.ticktext] == ["✓ ab", "✓ ##c"]
    letters = figure.data[1]
    assert [(x, y, letter) for x, y, letter in zip(letters.x, letters.y, letters.text, strict=True)] == [
        (0, 0, "a"), (1, 0, "b"), (2, 0, "c"), (0, 1, "a"), (1, 1, "b"), (2, 2, "c"),
    ]  # fmt: skip


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=14) | st.just("</script>&lt;"))
def test_any_word_becomes_a_staircase_of_bounded_height_and_no_markup(word: str) -> None:
    figure = staircase(word, tries_of(word), theme=LIGHT, text=STAIRS)
    assert figure.data[0].z.shape == (min(MOST_TRIES, len(tries_of(word))), len(word))
    assert not any("<" in letter for letter in figure.data[1].text)
    assert not any("<" in re.sub("</?b>", "", said) for row in figure.data[0].customdata for said in row)


def test_a_word_too_long_for_its_letters_has_cells_only() -> None:
    assert len(staircase("a" * 33, [Try(0, 33, "a" * 33, False)], theme=LIGHT, text=STAIRS).data) == 1


@both_themes
def test_vectors_are_drawn_on_scales_around_nought_each_group_on_its_own(theme: Theme) -> None:
    groups = [Group(numbers(3, 20), ("a", "<b>", "c")), Group(10 * numbers(1, 20), ("d",))]
    figure = vector_rows(groups, theme=theme, text=DivergingText("dimension", ""), row_height=40, picked=7)
    for trace, group in zip(figure.data, groups, strict=True):
        assert np.asarray(trace.z).dtype == np.float32
        assert np.array_equal(trace.z, group.values)
        assert trace.zmax == -trace.zmin == np.abs(group.values).max()
        assert [colour for _, colour in trace.colorscale] == list(theme.diverging)
    assert list(figure.layout.yaxis.ticktext) == ["a", "&lt;b&gt;", "c"]
    assert figure.data[0].x0 == 1
    assert {(round(shape.x0 + 0.6), round(shape.x1 - 0.6)) for shape in figure.layout.shapes} == {(8, 8)}


def test_nothing_but_noughts_has_a_scale_too() -> None:
    assert Group(np.zeros((1, 3), dtype=np.float32), ("a",)).limit == 1


def test_a_table_of_positions_stays_below_three_hundred_kilobytes() -> None:
    figure = vector_rows([Group(numbers(128, 256), ())], theme=LIGHT, text=DivergingText("d", "p"), row_height=4)
    assert len(figure.to_json()) < 300_000


def test_both_curves_are_drawn_from_distance_nought_on_and_told_apart_without_colour() -> None:
    first, second = Curve("learned", [1.0, 0.5, -0.1]), Curve("waves", [1.0, 0.9, 0.8])
    figure = distance_curves(first, second, theme=LIGHT, text=CurvesText("distance", "cosine"))
    for line, curve in zip(figure.data, (first, second), strict=True):
        assert list(line.x) == [0, 1, 2]
        assert list(line.y) == list(curve.values)
    assert figure.data[0].line.dash != figure.data[1].line.dash
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("distance", "cosine")


@settings(max_examples=25)
@given(words)
def test_the_grid_of_changes_holds_exactly_the_numbers_given_and_a_label_for_each_token(tokens: list[str]) -> None:
    change = np.abs(numbers(len(tokens), 5))
    figure = change_grid(change, tokens, theme=LIGHT, text=CHANGES, moved=(0,))
    assert np.array_equal(figure.data[0].z, change)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)
    assert len(set(figure.data[0].y)) == len(tokens)
    assert list(figure.layout.xaxis.ticktext) == ["input", "1", "2", "3", "4"]
    assert LIGHT.accent in figure.layout.yaxis.ticktext[0]
    assert list(figure.layout.yaxis.ticktext[1:]) == [plain(token) for token in tokens[1:]]
    assert len(figure.data[1].text) == change.size


def test_many_layers_leave_no_room_for_numbers_in_the_cells() -> None:
    assert len(change_grid(np.zeros((2, 13), dtype=np.float32), ["a", "b"], theme=LIGHT, text=CHANGES).data) == 1


@settings(max_examples=25)
@given(words)
@example(list(HOSTILE))
def test_the_map_puts_every_word_where_its_point_is_and_no_two_words_on_each_other(names: list[str]) -> None:
    points = numbers(len(names), 2)
    order: tuple[PointKind, ...] = ("picked", "sentence", "neighbour")
    kinds = [order[place % 3] for place in range(len(names))]
    figure = word_map(points, names, kinds, theme=LIGHT, text=MAP)
    drawn = {
        (name, float(x), float(y))
        for trace in figure.data
        for name, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)
    }
    assert drawn == {(plain(name), float(x), float(y)) for name, (x, y) in zip(names, points, strict=True)}
    assert {label.text for label in figure.layout.annotations} <= {plain(name) for name in names}
    assert figure.layout.yaxis.scaleanchor == "x"


def test_a_word_without_room_is_left_off_and_the_picked_one_never() -> None:
    points = np.zeros((30, 2), dtype=np.float32)
    points[:2, 0] = (0, 1)
    kinds: list[PointKind] = ["neighbour" for _ in range(29)]
    kinds.append("picked")
    figure = word_map(points, [f"word{n}" for n in range(30)], kinds, theme=LIGHT, text=MAP)
    labels = {label.text for label in figure.layout.annotations}
    assert "word29" in labels
    assert 1 < len(labels) < 30


def test_numbers_that_do_not_fit_the_words_are_refused() -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        change_grid(numbers(3, 2), ["a", "b"], theme=LIGHT, text=CHANGES)
    with pytest.raises(ValueError, match="2 words"):
        word_map(numbers(3, 2), ["a", "b"], ["sentence", "sentence"], theme=LIGHT, text=MAP)
