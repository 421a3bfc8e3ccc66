"""What the page of many heads shows is the model's attention, to the last digit."""

from __future__ import annotations

import base64
import json
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel, Trace
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus in the morning."
every_language = pytest.mark.parametrize("language", LANGUAGES)


def sent(app: AppTest, component: str, place: int = 0) -> dict[str, Any]:
    """What a component of ours was sent; `place` tells several of one kind apart."""
    data = [
        mounted.proto.json
        for mounted in app.get("bidi_component")
        if mounted.proto.component_name == f"glassbox_{component}"
    ]
    return dict(json.loads(data[place]))


def probs(trace: Trace, layer: int, head: int) -> NDArray[np.float32]:
    return np.asarray(trace.attentions[layer][0, head].numpy(), dtype=np.float32)


def array(values: dict[str, Any]) -> NDArray[Any]:
    """An array as plotly sends it."""
    shape = [int(length) for length in values["shape"].split(",")]
    return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).reshape(shape)


@every_language
def test_the_lines_are_the_attention_of_the_layer_and_head_of_the_address(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="5", layer="2", head="3", lang=language)
    trace = shipped.trace(SENTENCE, masked_words=[4])
    data = sent(app, "attention_view")
    shown = np.frombuffer(base64.b64decode(data["probs"]), dtype="<f4").reshape(len(data["tokens"]), -1)
    assert tuple(data["tokens"]) == trace.encoding.tokens
    assert shown == pytest.approx(probs(trace, 1, 2), abs=1e-6)
    assert data["kinds"].count("masked") == 1
    assert [data["kinds"][0], data["kinds"][-1]] == ["special", "special"]


def test_the_lines_can_be_counted_from_one_in_the_address_and_pinned(open_page: Open) -> None:
    data = sent(open_page("many_heads", sentence=SENTENCE, query="5", key="3"), "attention_view")
    assert (data["query"], data["key"]) == (4, 2)


@every_language
def test_the_matrix_and_the_table_hold_the_same_numbers(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    address = {"sentence": SENTENCE, "mask": "", "layer": "3", "head": "1", "lang": language}
    expected = probs(shipped.trace(SENTENCE), 2, 0)
    data = sent(open_page("many_heads", view="heatmap", **address), "matrix")
    shown = np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(expected.shape)
    assert shown == pytest.approx(expected, abs=1e-6)
    table = open_page("many_heads", view="table", **address).dataframe[0].value
    assert table.iloc[:, 1:].to_numpy() == pytest.approx(expected, abs=1e-6)


def test_a_sentence_too_long_for_the_matrix_is_a_heat_map_of_the_same_numbers(
    open_page: Open, shipped: LanguageModel
) -> None:
    sentence = "no " * 90
    app = open_page("many_heads", view="heatmap", sentence=sentence, mask="", layer="2", head="2")
    heatmap = json.loads(app.get("plotly_chart")[-1].proto.spec)
    assert array(heatmap["data"][0]["z"]) == pytest.approx(probs(shipped.trace(sentence), 1, 1), abs=1e-6)


def test_the_grid_has_a_picture_of_every_head(open_page: Open, shipped: LanguageModel) -> None:
    data = sent(open_page("many_heads", sentence=SENTENCE, mask=""), "head_grid")
    trace = shipped.trace(SENTENCE)
    pictures = np.frombuffer(base64.b64decode(data["pictures"]), dtype=np.uint8)
    expected = np.stack([layer[0].numpy() for layer in trace.attentions])
    assert pictures.reshape(expected.shape) / 255 == pytest.approx(expected, abs=0.5 / 255 + 1e-6)


def test_hiding_a_word_changes_attention_and_answers_together(open_page: Open, shipped: LanguageModel) -> None:
    before = open_page("many_heads", sentence=SENTENCE, mask="")
    after = open_page("many_heads", sentence=SENTENCE, mask="5")
    assert sent(before, "attention_view")["probs"] != sent(after, "attention_view")["probs"]
    assert not before.get("plotly_chart")
    bars = json.loads(after.get("plotly_chart")[0].proto.spec)["data"][0]["x"]
    (answers,) = shipped.fill_mask("The children went to [MASK] by bus in the morning.", top_k=len(bars))
    assert bars == pytest.approx([answer.probability for answer in answers], abs=2e-5)


@every_language
def test_the_number_that_is_checked_is_the_models_and_the_sum_leads_to_it(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="", layer="2", head="2", query="3", key="6", lang=language)
    expected = float(probs(shipped.trace(SENTENCE), 1, 1)[2, 5])
    score, softmax = (each.value for each in app.latex[:2])
    number = r"(-?[\d.]+)(?: \\times 10\^\{(-?\d+)\})?"

    def value(pattern: str, formula: str) -> float:
        mantissa, exponent = re.findall(pattern.replace("NUMBER", number), formula)[-1]
        return float(f"{mantissa}e{exponent or 0}")

    shown = float(softmax.split(" = ")[-1].split(r"\end")[0])
    assert shown == pytest.approx(expected, abs=5e-5)
    top, bottom = value(r"frac\{NUMBER\}\{", softmax), value(r"\}\{NUMBER\} = ", softmax)
    assert top / bottom == pytest.approx(expected, rel=2e-3)
    assert math.exp(value(r" = NUMBER\n", score)) == pytest.approx(top, rel=2e-3)
    assert any(percent(expected) in each.value for each in app.markdown)


def test_the_products_below_the_score_are_the_models_and_add_up_to_its_dot_product(
    open_page: Open, shipped: LanguageModel
) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="", layer="2", head="2", query="3", key="6")
    data = sent(app, "matrix", -1)
    query, key, products = np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(3, -1)
    attention = shipped.trace(SENTENCE).layers[1].attention
    assert query == pytest.approx(attention.query[0, 1, 2].numpy(), abs=1e-6)
    assert key == pytest.approx(attention.key[0, 1, 5].numpy(), abs=1e-6)
    assert products == pytest.approx(query * key, abs=1e-6)
    assert any(f"{products.sum(dtype=np.float64):.4f}"[:-1] in each.value for each in app.caption)


def test_what_is_noticed_is_measured(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="", layer="1", head="2")
    one = probs(shipped.trace(SENTENCE), 0, 1).astype(np.float64)
    (notice,) = [each.value for each in app.markdown if each.value.startswith("**Notice.**")]
    bits = -(one * np.log2(one, out=np.zeros_like(one), where=one > 0)).sum(axis=-1).mean()
    assert f" {bits:.2f} bits" in notice
    assert f"{math.log2(len(one)):.2f}" in notice
    assert percent(float(one[:, [0, -1]].sum(axis=-1).mean())) in notice
    assert percent(float(one.diagonal(-1).mean())) in notice
    assert percent(float(one.diagonal(1).mean())) in notice


def test_the_challenge_is_won_on_the_head_that_looks_most_at_the_position_before(
    open_page: Open, shipped: LanguageModel
) -> None:
    shares = np.stack(
        [layer[0].diagonal(-1, -2, -1).mean(dim=-1).numpy() for layer in shipped.trace(SENTENCE).attentions]
    )
    for flat in range(shares.size):
        layer, head = np.unravel_index(flat, shares.shape)
        app = open_page("many_heads", sentence=SENTENCE, mask="", layer=str(layer + 1), head=str(head + 1))
        won = any("✓" in each.value for each in app.markdown)
        assert won == (flat == shares.argmax())


def test_the_code_on_the_page_is_the_code_that_ran(open_page: Open) -> None:
    app = open_page("many_heads", code="on")
    assert "def attention_map(" in app.code[0].value
    assert ".softmax(dim=-1)" in app.code[0].value


@pytest.mark.parametrize("view", ["lines", "linked", "heatmap", "heads", "table"])
def test_every_view_opens_on_an_address_that_asks_for_what_is_not_there(open_page: Open, view: str) -> None:
    address = {"sentence": "One", "layer": "99", "head": "99", "query": "99", "key": "x", "view": view}
    assert open_page("many_heads", **address).latex


def test_a_hundred_gaps_are_two_figures_and_a_note(open_page: Open) -> None:
    mask = ",".join(str(number) for number in range(1, 101))
    app = open_page("many_heads", sentence="no " * 100, mask=mask)
    assert len(app.get("plotly_chart")) == 2
    assert any("100" in each.value for each in app.caption)


def test_a_new_sentence_lets_go_of_the_words_that_were_pinned(open_page: Open) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="2", query="3", key="4")
    app.sidebar.text_area[0].set_value("Another sentence.").run()
    assert not {"query", "key"} & set(app.query_params)
    assert not app.get("plotly_chart")


def test_a_quick_reader_loses_no_change_while_the_browser_still_has_the_old_address(open_page: Open) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="")
    old = dict(app.query_params)
    app.segmented_control(key="layer_picker").set_value(1).run()
    app.query_params = old  # what a browser sends that has not heard of the change yet
    app.segmented_control(key="head_picker").set_value(2).run()
    assert sent(app, "attention_view")["labels"]["view"] == "Attention of layer 2, head 3"


def test_after_a_step_back_the_old_address_counts(open_page: Open) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="")
    old = dict(app.query_params)
    app.segmented_control(key="layer_picker").set_value(1).run()
    app.query_params = old
    app.run()
    app.segmented_control(key="head_picker").set_value(2).run()
    assert sent(app, "attention_view")["labels"]["view"] == "Attention of layer 1, head 3"
