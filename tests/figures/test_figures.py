"""Figures draw the numbers they are given, all of them, under the labels they are given, whatever these are."""

from __future__ import annotations

import csv
import html
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from figures.bars import percent
from figures.export import browser_config
from figures.heads.heatmap import HeatmapText, attention_heatmap
from figures.heads.lines import attention_lines
from figures.labels import coloured, one_line, plain
from figures.table import attention_table, to_csv
from figures.theme import DARK, LIGHT, THEMES, Theme
from figures.words.along import KeyBarsText, key_bars
from figures.words.answer_bars import BarsText, answer_bars

TEXT = HeatmapText(query="query (looks)", key="key (is looked at)", probability="probability")
HOSTILE = ("<b>bold</b>", "</script><script>alert(1)</script>", "<!--<script>", "<br>", "&lt;", "<img onerror=x>")
both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
tokens = st.lists(st.text(max_size=30), min_size=1, max_size=12)


def attention(size: int) -> NDArray[np.float32]:
    """Some rows that sum to 1."""
    scores = np.random.default_rng(size).normal(size=(size, size)) * 2
    exponentials = np.exp(scores)
    probs: NDArray[np.float32] = (exponentials / exponentials.sum(axis=-1, keepdims=True)).astype(np.float32)
    return probs


def markup(label: str) -> list[str]:
    """What plotly would take for a tag."""
    return re.findall(r"<[^>]*>?", label)


@given(tokens)
def test_the_heat_map_holds_exactly_the_numbers_given_and_a_label_for_each_position(words: list[str]) -> None:
    probs = attention(len(words))
    figure = attention_heatmap(probs, words, theme=LIGHT, text=TEXT)
    heatmap = figure.data[0]
    assert np.asarray(heatmap.z).dtype == np.float32
    assert np.array_equal(heatmap.z, probs)
    assert len(set(heatmap.x)) == len(set(heatmap.y)) == len(words), "equal tokens must not merge"
    assert list(figure.layout.yaxis.ticktext) == [plain(word) for word in words]


@both_themes
def test_the_heat_map_has_one_scale_from_nought_to_one_whatever_it_draws(theme: Theme) -> None:
    heatmap = attention_heatmap(attention(3), ["a", "b", "c"], theme=theme, text=TEXT).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)
    assert tuple(colour for _, colour in heatmap.colorscale) == theme.sequential


def test_the_heat_map_says_what_its_axes_are_and_starts_at_the_top() -> None:
    layout = attention_heatmap(attention(2), ["a", "b"], theme=LIGHT, text=TEXT).layout
    assert (layout.yaxis.title.text, layout.xaxis.title.text) == (TEXT.query, TEXT.key)
    assert layout.yaxis.autorange == "reversed"


def test_special_tokens_and_masked_words_have_their_colours_on_the_heat_map() -> None:
    words = ["[CLS]", "[MASK]", "sat", "[SEP]"]
    layout = attention_heatmap(attention(4), words, theme=DARK, text=TEXT, special=(0, 3), masked=(1,)).layout
    assert list(layout.yaxis.ticktext) == [
        coloured("[CLS]", DARK.special),
        coloured("[MASK]", DARK.masked),
        "sat",
        coloured("[SEP]", DARK.special),
    ]


@given(tokens)
def test_the_bars_along_a_sentence_hold_the_shares_given_in_its_order(words: list[str]) -> None:
    shares = attention(len(words)).mean(axis=0).tolist()
    figure = key_bars(words, shares, theme=LIGHT, text=KeyBarsText("key", "share"))
    bars = figure.data[0]
    assert list(bars.y) == shares
    assert len(set(bars.x)) == len(words), "equal tokens must not merge"
    assert list(figure.layout.xaxis.ticktext) == [plain(word) for word in words]
    assert tuple(figure.layout.yaxis.range) == (0, 1)


def test_who_looks_and_what_is_hidden_have_their_colours_on_the_bars() -> None:
    text, words = KeyBarsText("key", "share"), ["[CLS]", "[MASK]", "sat", "[SEP]"]
    figure = key_bars(words, [0.25] * 4, theme=DARK, text=text, queries=(2,), special=(0, 3), masked=(1,))
    colours = (DARK.special, DARK.masked, DARK.query, DARK.special)
    assert list(figure.layout.xaxis.ticktext) == [
        coloured(word, colour) for word, colour in zip(words, colours, strict=True)
    ]
    with pytest.raises(ValueError, match="4 tokens"):
        key_bars(words, [0.5], theme=DARK, text=text)


def test_full_stops_and_numbers_are_labels_and_not_numbers() -> None:
    words = [".", "3", "1e5"]
    heatmap = attention_heatmap(attention(3), words, theme=LIGHT, text=TEXT).layout
    bars = answer_bars(words, [0.3, 0.2, 0.1], theme=LIGHT, text=BarsText("probability")).layout
    assert heatmap.xaxis.type == heatmap.yaxis.type == bars.yaxis.type == "category"


def test_a_picked_cell_is_framed_where_query_and_key_meet() -> None:
    shapes = attention_heatmap(attention(4), list("abcd"), theme=LIGHT, text=TEXT, picked=(1, 3)).layout.shapes
    assert {(shape.x0, shape.x1, shape.y0, shape.y1) for shape in shapes} == {(2.5, 3.5, 0.5, 1.5)}


def test_a_heat_map_of_sixty_four_tokens_stays_below_forty_kilobytes() -> None:
    figure = attention_heatmap(attention(64), [f"word{n}" for n in range(64)], theme=LIGHT, text=TEXT)
    assert len(figure.to_json()) < 40_000


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_token_is_shown_as_text_in_every_figure(hostile: str) -> None:
    words = [hostile, "safe"]
    heatmap = attention_heatmap(attention(2), words, theme=LIGHT, text=TEXT)
    bars = answer_bars(words, [0.7, 0.2], theme=LIGHT, text=BarsText("probability"))
    labels = [
        *heatmap.layout.xaxis.ticktext,
        *heatmap.data[0].x,
        *bars.layout.yaxis.ticktext,
        *bars.data[0].y,
    ]
    assert not any(markup(label) for label in labels)
    assert html.unescape(heatmap.layout.yaxis.ticktext[0]) == one_line(hostile)


@given(tokens)
@example(["\ufffe\x00"])
def test_the_svg_of_lines_is_valid_and_has_a_line_for_each_probability_that_can_be_seen(words: list[str]) -> None:
    probs = attention(len(words))
    svg = attention_lines(probs, words, theme=LIGHT, query_title="query & key", key_title="key")
    tree = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f".//{space}path")) == int((probs >= 0.02).sum())
    texts = [element.text for element in tree.findall(f".//{space}text")]
    assert texts[2:] == [one_line(word) for word in words for _ in range(2)]


@given(tokens)
def test_the_table_and_its_csv_give_back_the_numbers_and_keep_equal_tokens_apart(words: list[str]) -> None:
    probs = attention(len(words))
    table = attention_table(probs, words, corner="query")
    header, *rows = csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig")))
    assert header[0] == "query"
    assert len(set(header)) == len(words) + 1
    assert np.array_equal(np.array([row[1:] for row in rows], dtype=np.float32), probs)
    assert all(cell[:1].isdigit() for cell in header[1:]), "no cell may look like a formula"


@given(st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1)), min_size=1, max_size=8))
def test_bars_are_as_long_as_their_probability_on_a_scale_that_is_always_nought_to_one(
    answers: list[tuple[str, float]],
) -> None:
    words, probs = [word for word, _ in answers], [prob for _, prob in answers]
    figure = answer_bars(words, probs, theme=LIGHT, text=BarsText("probability"))
    bar = figure.data[0]
    assert list(bar.x) == probs
    assert list(bar.text) == [percent(prob) for prob in probs]
    assert len(set(bar.y)) == len(words)
    assert tuple(figure.layout.xaxis.range) == (0, 1)
    assert figure.layout.xaxis.type in (None, "linear")


@both_themes
def test_the_word_that_stood_there_has_the_colour_of_masked_words(theme: Theme) -> None:
    figure = answer_bars(["dog", "cat"], [0.6, 0.3], theme=theme, text=BarsText("probability"), original=1)
    assert list(figure.data[0].marker.color) == [theme.accent, theme.masked]


@pytest.mark.parametrize(
    ("prob", "written"), [(0.0, "0.0 %"), (1e-9, "<0.1 %"), (0.0005, "0.1 %"), (0.1234, "12.3 %"), (1.0, "100.0 %")]
)
def test_a_small_probability_is_not_written_as_nothing(prob: float, written: str) -> None:
    assert percent(prob).replace("\u00a0", " ") == written


@given(st.text())
@example("\ufffe\uffff")
def test_a_label_is_one_short_visible_line(text: str) -> None:
    label = one_line(text)
    assert 0 < len(label) <= 24
    assert len(label.splitlines()) == 1
    assert not markup(plain(text))


def test_figures_are_exported_as_svg_by_the_browser() -> None:
    assert browser_config("attention")["toImageButtonOptions"] == {"format": "svg", "filename": "attention"}


def test_numbers_that_do_not_fit_the_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        attention_heatmap(attention(3), ["a", "b"], theme=LIGHT, text=TEXT)
    with pytest.raises(ValueError, match="2 tokens"):
        attention_lines(attention(3), ["a", "b"], theme=LIGHT, query_title="query", key_title="key")
    with pytest.raises(ValueError, match="1 tokens"):
        answer_bars(["a"], [0.1, 0.2], theme=LIGHT, text=BarsText("probability"))
