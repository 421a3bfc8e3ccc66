"""Two sentences against each other: what the page shows is what the model answers to each of them alone."""

from __future__ import annotations

import base64
import json
import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from figures.bars import fine_percent
from lm_core import LanguageModel
from lm_core.explain.words.contrast import both_fillings, contrast
from ui.i18n import LANGUAGES, Language
from ui.lessons.masked_words.against import PAIRS

if TYPE_CHECKING:
    from tests.ui.conftest import Open

FIRST, SECOND = "The old farmer milks the [MASK].", "The young sailor loves the [MASK]."
TOLERANCE = 2e-4  # of ln p, between a pass alone and one with another sentence


def answers(lm: LanguageModel, sentence: str) -> dict[str, float]:
    """Every piece of the vocabulary and its ln p in the gap, by a pass over this sentence alone."""
    (everything,) = lm.fill_mask(sentence, top_k=lm.config.vocab_size)
    return {each.token: math.log(each.probability) for each in everything if each.probability}


def points(app: AppTest) -> dict[str, tuple[float, float]]:
    """ln p of each point of the scatter in both sentences, by its name in the box under the pointer."""
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    return {
        told.split("<b>")[1].split("</b>")[0]: (x * math.log(10), y * math.log(10))
        for trace in figure["data"]
        for told, x, y in zip(trace["hovertext"], floats(trace["x"]), floats(trace["y"]), strict=True)
    }


def floats(numbers: object) -> list[float]:
    """What plotly sent as a list, or packed."""
    if isinstance(numbers, list):
        return numbers
    assert isinstance(numbers, dict)
    return [float(each) for each in np.frombuffer(base64.b64decode(numbers["bdata"]), dtype=numbers["dtype"])]


def test_points_bars_and_table_hold_the_probabilities_of_both_sentences(
    open_page: Open, shipped: LanguageModel
) -> None:
    app = open_page("masked_words", view="against", first=FIRST, second=SECOND, k="20", table="on")
    expected = [answers(shipped, sentence) for sentence in (FIRST, SECOND)]
    best = {token for answer in expected for token in sorted(answer, key=answer.__getitem__)[-20:]}
    shown = points(app)
    assert len(shown) == len(best)
    table = app.dataframe[0].value
    assert set(table["piece"]) == best
    ratios = {}
    for token, first, second, ratio in zip(
        table["piece"], table["p in the first"], table["p in the second"], table["ln of the ratio"], strict=True
    ):
        assert math.log(first) == pytest.approx(expected[0][token], abs=TOLERANCE)
        assert math.log(second) == pytest.approx(expected[1][token], abs=TOLERANCE)
        assert ratio == pytest.approx(expected[0][token] - expected[1][token], abs=2 * TOLERANCE)
        assert shown[token] == pytest.approx((math.log(first), math.log(second)), abs=1e-6)
        ratios[token] = ratio
    bars = json.loads(app.get("plotly_chart")[1].proto.spec)["data"][0]
    lengths = floats(bars["x"])
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == pytest.approx(max(ratios.values()))
    assert lengths[-1] == pytest.approx(min(ratios.values()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sums_and_the_ratio_of_the_picked_word_are_written_out(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("masked_words", view="against", first=FIRST, second=SECOND, lang=language, table="on")
    picker = next(box for box in app.selectbox if box.key == "piece_picker")
    picked = picker.options[3]
    app = picker.set_value(picked).run()
    first, second = (answers(shipped, sentence)[picked] for sentence in (FIRST, SECOND))
    formula = re.sub(r" \\times 10\^\{(-?\d+)\}", r"e\1", app.latex[0].value)
    ln_first, ln_second, ln_ratio, ratio = map(float, re.findall(r"= (-?[\d.e-]+) (?:\\\\|\\end)", formula))
    assert ln_first == pytest.approx(first, abs=TOLERANCE)
    assert ln_second == pytest.approx(second, abs=TOLERANCE)
    assert ln_ratio == pytest.approx(ln_first - ln_second, abs=1.5e-4)
    assert ratio == pytest.approx(math.exp(ln_ratio), rel=2e-3)
    table = app.dataframe[0].value
    _, shown_first, shown_second, *_rest = next(row for row in table.itertuples(index=False) if row[0] == picked)
    percents = [fine_percent(shown_first), fine_percent(shown_second)]
    assert any(f"`{picked}`" in each.value and all(told in each.value for told in percents) for each in app.markdown)


def test_a_word_that_the_address_picks_and_the_figure_lacks_gives_way_to_the_one_that_differs_most(
    open_page: Open,
) -> None:
    app = open_page("masked_words", view="against", first=FIRST, second=SECOND, piece="<script>")
    shown = points(app)
    furthest = max(shown, key=lambda token: abs(shown[token][0] - shown[token][1]))
    assert next(box for box in app.selectbox if box.key == "piece_picker").value == furthest


def test_one_sentence_with_two_fillings_is_two_sentences(open_page: Open) -> None:
    both = open_page("masked_words", view="against", first="The {old farmer milks|young sailor loves} the [MASK].")
    assert points(both) == points(open_page("masked_words", view="against", first=FIRST, second=SECOND))
    assert "second" not in [box.key for box in both.text_input]


def test_an_example_fills_both_boxes_and_every_example_can_be_asked(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("masked_words", view="against", first="The [MASK].", piece="cat")
    next(box for box in app.selectbox if box.key == "pairs").set_value(PAIRS[-1]).run()
    assert not app.warning
    boxes = tuple(next(box.value for box in app.text_input if box.key == key) for key in ("first", "second"))
    assert boxes == both_fillings(PAIRS[-1])
    for pair in PAIRS:
        both = both_fillings(pair)
        assert both is not None
        assert contrast(shipped, both).moved > 0


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (" ", "Type a sentence first."),
        ("No gap here.", "Put [MASK] where"),
        ("[MASK] and [MASK].", "there are 2"),
        ("far too long " * 60 + "[MASK]", "Put [MASK] where"),
    ],
)
def test_a_sentence_that_cannot_be_asked_is_told_and_stays_in_its_box(open_page: Open, first: str, told: str) -> None:
    app = open_page("masked_words", view="against", first=first, second=SECOND)
    (warning,) = app.warning
    assert told in warning.value
    assert next(box.value for box in app.text_input if box.key == "first") == first[:400]
    assert next(box.value for box in app.text_input if box.key == "second") == SECOND


def test_a_guess_is_about_a_word_off_the_figure_and_judged_by_the_model(
    open_page: Open, shipped: LanguageModel
) -> None:
    app = open_page("masked_words", view="against", first=FIRST, second=SECOND)
    (question,) = [each.value for each in app.markdown if each.value.startswith("**Guess.**")]
    word = question.split("`")[1]
    assert word not in points(app)
    first, second = (answers(shipped, sentence)[word] for sentence in (FIRST, SECOND))
    truth = "the first" if first > second else "the second"
    next(button for button in app.button if button.label == truth).click().run()
    assert any("✓ Right" in each.value and truth in each.value for each in app.markdown)


def test_what_looks_like_markup_is_shown_as_it_is(open_page: Open) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) $a$ `b` :smile: [MASK]"
    app = open_page("masked_words", view="against", first=hostile, second=f"{{a|b}} {hostile}")
    assert points(app)
    assert not any("javascript" in each.value for each in (*app.markdown, *app.caption))
