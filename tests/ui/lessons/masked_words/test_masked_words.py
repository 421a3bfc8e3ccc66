"""The numbers on the page are the model's, reached here by another way: the fast pass over a sentence with [MASK]."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from lm_core import LanguageModel
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus in the morning."
GAP = "The children went to [MASK] by bus in the morning."
TOLERANCE = 2e-5  # between the fast pass and the traced one


def bars(app: AppTest, number: int = 0) -> list[float]:
    figure = json.loads(app.get("plotly_chart")[number].proto.spec)
    values: list[float] = figure["data"][0]["x"]
    return values


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["home", "masked_words"])
def test_bars_rank_and_entropy_are_those_of_the_model(
    open_page: Open, shipped: LanguageModel, page: str, language: Language
) -> None:
    app = open_page(page, sentence=SENTENCE, mask="5", lang=language)
    (everything,) = shipped.fill_mask(GAP, top_k=shipped.config.vocab_size)
    values = bars(app)
    assert values == pytest.approx([each.probability for each in everything[: len(values)]], abs=TOLERANCE)
    assert values == sorted(values, reverse=True)

    entropy = -sum(each.probability * math.log2(each.probability) for each in everything if each.probability)
    original = shipped.encode(SENTENCE).original_ids[5]
    rank = 1 + [each.token_id for each in everything].index(original)
    (verdict,) = [each.value for each in app.markdown if f"{entropy:.2f}" in each.value]
    assert f" {rank:,}" in verdict.replace("第", "")
    assert "`school`" in verdict


def test_several_gaps_are_answered_together(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="2,5,7")
    answers = shipped.fill_mask("The [MASK] went to [MASK] by [MASK] in the morning.")
    for number, answer in enumerate(answers):
        assert bars(app, number) == pytest.approx([each.probability for each in answer], abs=TOLERANCE)
    alone = bars(open_page("masked_words", sentence=SENTENCE, mask="5"))
    assert bars(app, 1) != pytest.approx(alone[:5], abs=TOLERANCE)


def test_the_table_and_the_sum_hold_the_numbers_of_the_bars(open_page: Open) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", table="on")
    table = app.dataframe[0].value
    assert list(table["probability"])[:8] == pytest.approx(bars(app), rel=1e-12)
    assert list(table["rank"])[:8] == list(range(1, 9))
    formula = app.latex[0].value
    assert f"{bars(app)[0]:.6f}" in formula
    logit, total = (float(number) for number in formula.split("&= e^{\\,")[1].split("}")[0].split(" - "))
    assert math.exp(logit - total) == pytest.approx(bars(app)[0], rel=1e-3)


def test_a_guess_comes_before_the_answer_and_is_judged_by_the_same_pass(
    open_page: Open, shipped: LanguageModel
) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", guess="on")
    assert not app.get("plotly_chart")
    (box,) = [box for box in app.text_input if box.label == "What will the model put here?"]
    box.set_value("Church").run()
    assert app.get("plotly_chart")
    (everything,) = shipped.fill_mask(GAP, top_k=shipped.config.vocab_size)
    rank = 1 + [each.token for each in everything].index(shipped.encode("church").tokens[1])
    assert any(f"rank {rank:,}," in each.value and "guess" in each.value for each in app.markdown)


def test_nothing_hidden_says_what_to_do(open_page: Open) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="")
    assert len(app.info) == 1
    assert not app.get("plotly_chart")


def test_a_hundred_gaps_are_four_figures_and_one_table(open_page: Open) -> None:
    mask = ",".join(str(number) for number in range(1, 101))
    app = open_page("masked_words", sentence="no " * 100, mask=mask, table="on")
    assert len(app.get("plotly_chart")) == 4
    assert len(app.dataframe[0].value) >= 500


def test_the_code_on_the_page_is_the_code_that_ran(open_page: Open) -> None:
    app = open_page("masked_words", code="on")
    assert "def answer_mask(" in app.code[0].value
    assert "log_softmax" in app.code[0].value


def test_what_the_reader_typed_stands_on_the_page_as_it_is(open_page: Open) -> None:
    word = ":material/home:"
    app = open_page("masked_words", sentence=f"Go {word} [x](javascript:alert(1)) $a$ now", mask="2,3,4,5,6")
    shown = "\n".join(each.value for each in (*app.markdown, *app.header, *app.caption))
    assert "javascript" not in shown.replace("`javascript`", "")
    assert word not in shown


def test_picking_an_example_brings_its_sentence_and_its_gap(open_page: Open) -> None:
    app = open_page("masked_words", sentence="My own.", mask="1", table="on")
    app.sidebar.selectbox(key="examples").select_index(1).run()
    assert app.sidebar.text_area[0].value == app.sidebar.selectbox(key="examples").options[1]
    assert len(app.get("plotly_chart")) == 1
    assert app.dataframe  # the switch stands in the address and stays


def test_a_new_sentence_starts_without_gaps(open_page: Open) -> None:
    app = open_page("masked_words")
    app.sidebar.text_area[0].set_value("Another sentence.").run()
    assert len(app.info) == 1


def test_a_novel_pasted_as_a_sentence_is_cut_with_a_note(open_page: Open) -> None:
    app = open_page("masked_words")
    app.sidebar.text_area[0].set_value("supercalifragilistic" * 5_000).run()
    assert not app.exception
    assert any("2000" in warning.value for warning in app.warning)
    assert len(app.query_params["sentence"]) < 2_100


def test_the_language_changes_the_words_and_not_the_numbers(open_page: Open) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", lang="en")
    before = bars(app)
    app.sidebar.segmented_control(key="language").set_value("zh").run()
    assert app.title[0].value == "空白处该填什么？"
    assert bars(app) == before
