"""What the page of many heads shows of all heads at once is the model's, counted again by other means."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from figures.bars import percent
from lm_core import LanguageModel, Trace
from lm_core.measured.dependencies import read_table
from tests.ui.lessons.many_heads.test_many_heads import SENTENCE, sent
from tests.ui.models.test_picker import load
from ui.i18n import LANGUAGES, Language
from ui.lessons.many_heads import worth

if TYPE_CHECKING:
    from tests.ui.conftest import Open

ADDRESS = {"sentence": SENTENCE, "mask": "5"}
HOSTILE = {"sentence": "A cat", "queries": "0,2,x,99,,2", "other": "</script><b>\u200b $x$ :smile:" * 999, "worth": "x"}
every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def trace(shipped: LanguageModel) -> Trace:
    return shipped.trace(SENTENCE, masked_words=[4])


@pytest.fixture(scope="module")
def probs(trace: Trace) -> NDArray[np.float64]:
    """(layer, head, query, key)"""
    return np.stack([layer[0].double().numpy() for layer in trace.attentions])


@pytest.fixture(scope="module")
def losses(shipped: LanguageModel, trace: Trace) -> NDArray[np.float64]:
    """(layer · head) what the answer loses without each, in bits."""
    torch.set_num_threads(1)  # as the app does; two threads wait for each other on a busy machine
    (position,) = trace.encoding.masked_positions
    original = trace.encoding.original_ids[position]

    def bits(one: Trace) -> float:
        return float(one.prediction_logits[0, position].double().log_softmax(-1)[original]) / float(np.log(2))

    layers, heads = shipped.config.num_hidden_layers, shipped.config.num_attention_heads
    lost = []
    for number in range(layers * heads):
        mask = torch.ones(layers * heads)
        mask[number] = 0.0
        lost.append(bits(trace) - bits(shipped.trace(SENTENCE, masked_words=[4], head_mask=mask.view(layers, heads))))
    return np.array(lost)


def shares(probs: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """(layer · head) shares of attention by what they rest on, and the entropy as a share of the largest."""
    size = probs.shape[-1]
    entropy = -(probs * np.log(probs, out=np.zeros_like(probs), where=probs > 0)).sum(-1).mean(-1)
    return {
        "special": probs[..., [0, -1]].sum(-1).mean(-1).flatten(),
        "previous": probs.diagonal(-1, -2, -1).mean(-1).flatten(),
        "next": probs.diagonal(1, -2, -1).mean(-1).flatten(),
        "broad": entropy.flatten() / np.log(size),
    }


@every_language
def test_the_map_has_the_role_of_every_head(
    open_page: Open, probs: NDArray[np.float64], shipped: LanguageModel, language: Language
) -> None:
    data = sent(open_page("many_heads", view="map", lang=language, **ADDRESS), "head_map")
    table, measured = read_table(shipped.folder), shares(probs)
    assert table is not None
    heads = shipped.config.num_attention_heads
    for number, circle in enumerate(data["circles"]):
        above = {name: share[number] for name, share in measured.items() if share[number] > (0.5, 0.8)[name == "broad"]}
        for share in above.values():
            assert percent(float(share)) in circle["about"]
        syntactic = [
            each.accuracy[number // heads][number % heads]
            for each in table.answers
            if each.accuracy[number // heads][number % heads] - each.baseline >= 0.1
        ]
        expected = "syntactic" if syntactic else max(above, key=above.__getitem__) if above else "none"
        if len(above) < 2:
            assert circle["role"] == expected
        if syntactic:
            assert percent(max(syntactic)) in circle["about"] or len(syntactic) > 3
        assert bool(circle["sign"]) == (circle["role"] != "none")
    counts = [entry["name"].rsplit(" ", 1)[1] for entry in data["legend"]]
    assert sum(map(int, counts)) == len(data["circles"])


@every_language
def test_the_size_of_a_circle_is_what_the_answer_loses_without_the_head(
    open_page: Open, losses: NDArray[np.float64], language: Language
) -> None:
    app = open_page("many_heads", view="map", lang=language, **ADDRESS)
    for circle, loss in zip(sent(app, "head_map")["circles"], losses, strict=True):
        assert f"{abs(loss):.2f}" in circle["about"]
        assert circle["gains"] == (loss < 0)
        assert circle["share"] == pytest.approx(max(0.3, (max(0.0, loss) / losses.max()) ** 0.5), abs=1e-3)
    assert any(f"{losses.max():.2f}" in each.value for each in app.caption)


def test_without_a_hidden_word_all_circles_are_alike_and_the_page_says_why(open_page: Open) -> None:
    app = open_page("many_heads", view="map", sentence=SENTENCE, mask="")
    assert len({circle["share"] for circle in sent(app, "head_map")["circles"]}) == 1
    assert any("no word is hidden" in each.value for each in app.caption)


def test_the_heads_of_a_large_model_are_measured_when_the_reader_asks(
    open_page: Open, losses: NDArray[np.float64], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worth, "_AT_ONCE", 15)
    app = open_page("many_heads", view="map", **ADDRESS)
    assert len({circle["share"] for circle in sent(app, "head_map")["circles"]}) == 1
    app.toggle(key="worth").set_value(True).run()
    assert app.query_params["worth"] == "on"
    assert f"{losses[0]:.2f}" in sent(app, "head_map")["circles"][0]["about"]


@every_language
def test_the_statistics_are_those_of_the_attention(
    open_page: Open,
    probs: NDArray[np.float64],
    losses: NDArray[np.float64],
    trace: Trace,
    language: Language,
) -> None:
    table = open_page("many_heads", view="statistics", lang=language, **ADDRESS).dataframe[0].value
    size, tokens = probs.shape[-1], np.array(trace.encoding.tokens)
    position = np.arange(size)
    measured = shares(probs)
    columns = [
        np.repeat(np.arange(1, len(probs) + 1), probs.shape[1]),
        np.tile(np.arange(1, probs.shape[1] + 1), len(probs)),
        measured["broad"] * np.log2(size),
        (probs * abs(position[:, None] - position)).sum(-1).mean(-1).flatten(),
        measured["special"],
        measured["previous"],
        measured["next"],
        (probs * (tokens[:, None] == tokens)).sum(-1).mean(-1).flatten(),
        losses,
    ]
    assert table.iloc[:, :-1].to_numpy(dtype=float) == pytest.approx(np.stack(columns, axis=1), abs=1e-4)


@every_language
def test_the_likeness_of_two_heads_is_the_divergence_of_their_rows(
    open_page: Open, probs: NDArray[np.float64], language: Language
) -> None:
    app = open_page("many_heads", view="likeness", lang=language, **ADDRESS)
    data = sent(app, "matrix")
    names = [name.split(" ")[-1].split(".") for name in data["columns"]]
    rows = np.stack([probs[int(layer) - 1, int(head) - 1] for layer, head in names])
    assert len({tuple(name) for name in names}) == len(rows) == probs.shape[0] * probs.shape[1]
    middle = (rows[:, None] + rows) / 2

    def against_middle(one: NDArray[np.float64]) -> NDArray[np.float64]:
        logs = np.log2(one / middle, out=np.zeros_like(middle), where=np.broadcast_to(one, middle.shape) > 0)
        return np.asarray((one * logs).sum(-1).mean(-1))

    expected = (against_middle(rows[:, None]) + against_middle(rows[None])) / 2
    shown = np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(expected.shape)
    assert shown == pytest.approx(expected, abs=1e-5)
    smallest = (expected + 2 * np.eye(len(rows))).min()
    assert any(f"{smallest:.3f}" in each.value for each in app.caption)
    place = (2, 7)
    picked = ",".join(".".join(names[number]) for number in place)
    asked = open_page("many_heads", view="likeness", lang=language, heads=picked, **ADDRESS)
    assert sent(asked, "matrix")["picked"] == list(place)
    terms = np.frombuffer(base64.b64decode(sent(asked, "matrix", 1)["values"]), dtype="<f4")
    assert terms.mean() == pytest.approx(expected[place], abs=1e-5)
    assert f"= {expected[place]:.4f}" in asked.latex[0].value


@every_language
def test_the_head_that_is_looked_at_is_told_its_roles_with_score_and_line(
    open_page: Open, probs: NDArray[np.float64], language: Language
) -> None:
    number = int(shares(probs)["previous"].argmax())
    layer, head = divmod(number, probs.shape[1])
    app = open_page("many_heads", layer=str(layer + 1), head=str(head + 1), lang=language, **ADDRESS)
    share = percent(float(shares(probs)["previous"][number]))
    assert any(share in each.value and "50\u00a0%" in each.value for each in app.markdown)


def test_a_model_that_was_not_measured_is_given_no_syntactic_role(
    open_page: Open, shipped: LanguageModel, tmp_path: Path
) -> None:
    shipped.save(tmp_path / "copy")
    app = load(open_page("many_heads", view="map", **ADDRESS), str(tmp_path / "copy"))
    data = sent(app, "head_map")
    assert "syntactic" not in {circle["role"] for circle in data["circles"]}
    (rule,) = [entry["rule"] for entry in data["legend"] if entry["role"] == "syntactic"]
    assert "was not" in rule


@pytest.mark.parametrize("view", ["map", "statistics", "likeness", "together", "compare"])
@pytest.mark.parametrize(
    "address", [{"sentence": "One"}, {"sentence": "[MASK]"}, {"sentence": "<b>x</b> " * 90}, HOSTILE]
)
def test_the_other_views_stand_whatever_the_sentence(open_page: Open, view: str, address: dict[str, str]) -> None:
    app = open_page("many_heads", view=view, layer="99", **address)
    assert app.latex


@every_language
def test_several_words_together_have_the_mean_of_their_rows(
    open_page: Open, probs: NDArray[np.float64], language: Language
) -> None:
    app = open_page("many_heads", view="together", layer="2", head="4", queries="9,3", lang=language, **ADDRESS)
    assert app.get("button_group")[0] is not None
    bars = json.loads(app.get("plotly_chart")[-1].proto.spec)["data"][0]["y"]
    expected = probs[1, 3, [2, 8]].mean(axis=0)
    assert bars == pytest.approx(expected.tolist(), abs=1e-6)
    assert any(percent(float(expected.max())) in each.value for each in app.markdown)


def test_without_a_choice_all_words_look(open_page: Open, probs: NDArray[np.float64]) -> None:
    app = open_page("many_heads", view="together", **ADDRESS)
    bars = json.loads(app.get("plotly_chart")[-1].proto.spec)["data"][0]["y"]
    assert bars == pytest.approx(probs[0, 0].mean(axis=0).tolist(), abs=1e-6)


@every_language
def test_two_sentences_are_compared_where_their_tokens_correspond(
    open_page: Open, shipped: LanguageModel, probs: NDArray[np.float64], language: Language
) -> None:
    other = "The boys went to school by bus."
    app = open_page("many_heads", view="compare", layer="3", head="2", other=other, lang=language, **ADDRESS)
    second = shipped.trace(other, masked_words=[4]).attentions[2][0, 1].double().numpy()
    data = sent(app, "matrix")
    shown = np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(len(data["rows"]), -1)
    here = [*range(8), 11, 12]  # up to the bus, then the full stop and [SEP]: "in the morning" has no counterpart
    expected = second - probs[2, 1][np.ix_(here, here)]
    assert shown == pytest.approx(expected, abs=1e-6)
    assert data["rows"][2] == data["columns"][2] == "children → boys"
    assert data["scale"] == "diverging"
    assert data["bound"] >= abs(expected).max()
    assert any(f"{100 * abs(expected).max():.1f}" in each.value for each in app.markdown)


def test_an_example_comes_with_a_counterpart_and_another_sentence_waits_for_one(open_page: Open) -> None:
    assert open_page("many_heads", view="compare").text_input[0].value
    app = open_page("many_heads", view="compare", sentence="My own words.")
    assert app.text_input(key="other_box").value == ""
    app.text_input(key="other_box").set_value("My new words.").run()
    assert app.query_params["other"] == "My new words."
    assert sent(app, "matrix")["rows"][2] == "own → new"
