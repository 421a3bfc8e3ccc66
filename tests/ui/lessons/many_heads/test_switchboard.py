"""What the switchboard shows is what the model answers with the same heads off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel
from lm_core.explain.heads.ablation import head_importance, head_mask_without, random_heads
from tests.ui.lessons.many_heads.test_many_heads import sent
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.many_heads.heads_off import as_address

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus in the morning."
PAIR = "They came home in the afternoon."
OFF = frozenset({(0, 0), (1, 2)})
BOARD = {"view": "switchboard", "sentence": SENTENCE, "mask": "5"}
every_language = pytest.mark.parametrize("language", LANGUAGES)


def bars(app: AppTest) -> list[tuple[list[str], list[float], list[float]]]:
    """Of each figure the answers and their probabilities, with all heads and now."""
    charts = [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")]
    return [([name.split(" ")[1] for name in before["y"]], before["x"], after["x"]) for before, after in charts]


@every_language
def test_the_answers_are_those_of_the_model_with_all_heads_and_with_some_off(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("many_heads", **BOARD, off="1.1,2.3", lang=language)
    ((tokens, before, after),) = bars(app)
    passes = [
        shipped.trace(SENTENCE, masked_words=[4], head_mask=mask)
        for mask in (None, head_mask_without(shipped.config, OFF))
    ]
    (position,) = passes[0].encoding.masked_positions
    first, second = (each.prediction_logits[0, position].double().softmax(-1) for each in passes)
    best = [*first.topk(4).indices.tolist(), *second.topk(4).indices.tolist()]
    ids = list(dict.fromkeys(best))
    assert tokens == [shipped.tokenizer.token(token_id) for token_id in ids]
    assert before == pytest.approx([float(first[token_id]) for token_id in ids], abs=1e-6)
    assert after == pytest.approx([float(second[token_id]) for token_id in ids], abs=1e-6)
    original = passes[0].encoding.original_ids[position]
    (told,) = [each.value for each in app.markdown if percent(float(second[original])) in each.value]
    assert percent(float(first[original])) in told
    assert f" {float(first[original].log2() - second[original].log2()):.2f} " in told


@every_language
def test_the_next_sentence_is_judged_with_the_same_heads_off_and_nothing_hidden(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("many_heads", **BOARD, off="1.1,2.3", pair=PAIR, lang=language)
    names, before, after = bars(app)[-1]
    assert names == ["IsNext"]
    assert before == pytest.approx([shipped.next_sentence(SENTENCE, PAIR)], abs=1e-5)
    masked = shipped.trace(SENTENCE, PAIR, head_mask=head_mask_without(shipped.config, OFF))
    expected = masked.seq_relationship_logits.softmax(-1)[0, 0]
    assert after == pytest.approx([float(expected)], abs=1e-5)


def test_with_all_heads_on_nothing_changes(open_page: Open) -> None:
    app = open_page("many_heads", **BOARD, pair=PAIR)
    for _, before, after in bars(app):
        assert before == after
    assert any("All heads are on" in each.value for each in app.markdown)


def test_the_buttons_turn_many_heads_off_and_all_on(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("many_heads", **BOARD, layer="2", head="3")
    app.button(key="all_but_one").click().run()
    left = {(layer, head) for layer in range(4) for head in range(4)} - {
        (layer, head) for layer, head in sent(app, "head_switches")["off"]
    }
    assert left == {(1, 2)}
    app.button(key="all_on").click().run()
    assert sent(app, "head_switches")["off"] == []
    assert "off" not in app.query_params
    app.number_input(key="random").set_value(5).run()
    assert app.query_params["seed"] == "1"
    drawn = [list(each) for each in sorted(random_heads(shipped.config, 5, 1))]
    assert sent(app, "head_switches")["off"] == drawn
    app.button(key="draw").click().run()
    assert app.query_params["seed"] == "2"
    drawn = [list(each) for each in sorted(random_heads(shipped.config, 5, 2))]
    assert sent(app, "head_switches")["off"] == drawn


@every_language
def test_importance_is_measured_on_request_and_stands_on_the_board_and_in_the_table(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("many_heads", **BOARD, table="on", lang=language)
    assert sent(app, "head_switches")["values"] is None
    app.button(key="measure").click().run()
    expected = head_importance(shipped, SENTENCE, [4])
    assert torch.tensor(sent(app, "head_switches")["values"]).numpy() == pytest.approx(expected.numpy(), abs=1e-4)
    table = app.dataframe[-1].value
    assert table.iloc[:, 1:].to_numpy() == pytest.approx(expected.numpy(), abs=1e-4)
    layer, head = divmod(int(expected.argmax()), 4)
    name = translate("layer {layer}, head {head}", language).format(layer=layer + 1, head=head + 1)
    (told,) = [each.value for each in app.caption if f"{float(expected.max()):.2f}" in each.value]
    assert name in told
    assert str(int((expected < 0).sum())) in told


def test_another_gap_is_not_measured_before_it_is_asked_for(open_page: Open) -> None:
    app = open_page("many_heads", **BOARD, importance="on")
    assert sent(app, "head_switches")["values"] is not None
    app.sidebar.text_area[0].set_value("Another [MASK] sentence.").run()
    assert "importance" not in app.query_params
    assert sent(app, "head_switches")["values"] is None


def test_the_table_holds_both_probabilities_and_their_difference(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("many_heads", **BOARD, off="4.1", table="on")
    table = app.dataframe[0].value
    ((_, before, after),) = bars(app)
    assert table.iloc[:, 2].tolist() == pytest.approx(before)
    assert table.iloc[:, 3].tolist() == pytest.approx(after)
    assert table.iloc[:, 4].tolist() == pytest.approx([now - then for then, now in zip(before, after, strict=True)])
    best = shipped.fill_mask(SENTENCE.replace("school", "[MASK]"), top_k=1)[0][0].probability
    assert before[0] == pytest.approx(best, abs=1e-5)


def test_the_challenge_is_won_where_half_of_the_heads_are_off_and_the_first_answer_stays(
    open_page: Open, shipped: LanguageModel
) -> None:
    worth = head_importance(shipped, SENTENCE, [4]).flatten()
    (first,) = shipped.fill_mask(SENTENCE.replace("school", "[MASK]"), top_k=1)[0]
    for order in (worth.argsort(), worth.argsort(descending=True)):
        off = frozenset(divmod(int(number), 4) for number in order[:8])
        trace = shipped.trace(SENTENCE, masked_words=[4], head_mask=head_mask_without(shipped.config, off))
        (position,) = trace.encoding.masked_positions
        stays = int(trace.prediction_logits[0, position].argmax()) == first.token_id
        app = open_page("many_heads", **BOARD, off=as_address(off) or "")
        assert any("✓ 8 of 16 heads are off" in each.value for each in app.markdown) == stays


@pytest.mark.parametrize(
    "address",
    [
        {"off": "9.9,1.1,x,<b>"},
        {"off": "1.1," * 300},
        {"random": "99", "seed": "99999999"},
        {"random": "x", "seed": "-1", "importance": "x"},
        {"mask": "", "importance": "on"},
        {"pair": "<script>alert(1)</script>"},
        {"pair": " "},
        {"pair": "word " * 3000},
        {"sentence": "no " * 100, "mask": ",".join(map(str, range(1, 101))), "table": "on"},
    ],
)
def test_no_address_brings_the_switchboard_down(open_page: Open, address: dict[str, str]) -> None:
    app = open_page("many_heads", **{**BOARD, **address})
    assert sent(app, "head_switches")["layers"] == 4
    if "9.9" in address.get("off", ""):
        assert [each.value for each in app.warning] == [
            "The address turns off `9.9, x, <b>`: there is no such head here, counted as layer.head from 1."
        ]
