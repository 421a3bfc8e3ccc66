"""What the page of tokens shows is the model's: pieces, sums, changes and neighbours, reached by another way."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest
from torch.nn import functional as F

from figures.bars import percent
from lm_core import LanguageModel
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus in the morning."
PAIR = "It was cold outside."
VIEWS = ("pieces", "embeddings", "positions", "swap", "map")
every_language = pytest.mark.parametrize("language", LANGUAGES)


def row(app: AppTest) -> dict[str, Any]:
    """What the row of tokens was sent."""
    (data,) = [
        mounted.proto.json
        for mounted in app.get("bidi_component")
        if mounted.proto.component_name == "glassbox_token_row"
    ]
    return dict(json.loads(data))


def figure(app: AppTest) -> dict[str, Any]:
    (chart,) = app.get("plotly_chart")
    return dict(json.loads(chart.proto.spec))


def array(values: Any) -> NDArray[Any]:  # noqa: ANN401 (what plotly sends: a list, or bytes with their type)
    if isinstance(values, list):
        return np.asarray(values)
    found = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
    shape = values.get("shape")
    return found if shape is None else found.reshape([int(length) for length in str(shape).split(",")])


def prose(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


@every_language
def test_the_tiles_are_the_input_of_the_model_for_a_sentence_and_for_a_pair(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    for pair in (None, PAIR):
        address = {} if pair is None else {"pair": pair}
        tiles = row(open_page("tokens", sentence=SENTENCE, mask="5", lang=language, **address))
        encoding = shipped.encode(SENTENCE, pair, masked_words=[4])
        assert tuple(tiles["tokens"]) == encoding.tokens
        assert tuple(tiles["ids"]) == encoding.input_ids
        assert tuple(tiles["segments"]) == encoding.token_type_ids
        assert [n for n, kind in enumerate(tiles["kinds"]) if kind == "masked"] == list(encoding.masked_positions)


@every_language
@pytest.mark.parametrize(
    "word", ["photosynthesis", "Unhappily!", "naïve", "🙂", "x" * 101, "<script>", "a" * 33, "中文"]
)
def test_the_word_in_the_box_falls_into_the_pieces_that_the_model_reads(
    open_page: Open, shipped: LanguageModel, word: str, language: Language
) -> None:
    app = open_page("tokens", sentence=SENTENCE, word=word, table="on", lang=language)
    encoding = shipped.encode(word)
    pieces = [encoding.tokens[position] for position in encoding.words[0].positions]
    for piece, token_id in zip(pieces, encoding.input_ids[1:], strict=False):
        assert f"`{piece}`" in prose(app)
        assert str(token_id) in prose(app) or word == "x" * 101
    if len(word) > 100:
        assert not app.get("plotly_chart")
        return
    table = app.dataframe[0].value
    found = [token for token, known in zip(table.iloc[:, 1], table.iloc[:, 2], strict=True) if known in ("yes", "是")]
    assert found == ([] if pieces == ["[UNK]"] else pieces)
    vocabulary = shipped.tokenizer.vocabulary
    assert all((token in vocabulary) == (known in ("yes", "是")) for token, known in table.iloc[:, [1, 2]].to_numpy())
    if len(table) <= 60:
        assert sum(3 in states for states in array(figure(app)["data"][0]["z"])) == len(found)


def test_a_word_of_the_sentence_is_picked_by_its_position_and_lets_go_of_the_typed_one(open_page: Open) -> None:
    app = open_page("tokens", sentence="The antidisestablishment was photosynthesis.", token="4", word="cat")
    assert "antidisestablishment" in app.header[0].value
    assert len(row(app)["picked"]) > 1
    (box,) = [box for box in app.text_input if box.key == "word"]
    box.set_value("dog").run()
    assert "dog" in app.header[0].value
    assert "token" not in app.query_params


@pytest.mark.parametrize(("word", "won"), [("cat", False), ("photosynthesis", True), ("🙂🙂🙂🙂🙂🙂", False)])
def test_the_challenge_is_won_by_a_word_of_five_pieces(open_page: Open, word: str, won: bool) -> None:
    assert ("✓" in prose(open_page("tokens", word=word))) == won


def test_a_word_of_a_hundred_letters_is_drawn_in_part_and_told_in_full(open_page: Open) -> None:
    app = open_page("tokens", word="abcde" * 20, table="on")
    assert any("60" in each.value for each in app.caption)
    assert len(app.dataframe[0].value) > 60


@every_language
def test_the_embeddings_shown_are_those_of_the_trace_and_their_sum_is_the_models(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    address = {"sentence": SENTENCE, "pair": PAIR, "mask": "", "token": "15", "dimension": "12", "lang": language}
    app = open_page("tokens", view="embeddings", table="on", **address)
    trace = shipped.trace(SENTENCE, PAIR)
    word, where, segment, output = (
        embedding[0, 14].numpy()
        for embedding in (
            trace.embeddings.word,
            trace.embeddings.position,
            trace.embeddings.token_type,
            trace.embeddings.output,
        )
    )
    added, normed = (array(each["z"]) for each in figure(app)["data"])
    assert added == pytest.approx(np.stack([word, where, segment, word + where + segment]), abs=1e-6)
    assert normed[0] == pytest.approx(output, abs=1e-6)
    assert app.dataframe[0].value.iloc[:, 5].to_numpy() == pytest.approx(output, abs=1e-6)

    formula = app.latex[0].value.replace("−", "-")
    assert f"= {output[11]:.4f}" in formula
    norm = shipped.model.body.embeddings.norm
    gain, bias = float(norm.weight[11]), float(norm.bias[11])
    total = (word + where + segment).astype(np.float64)
    normalized = (total[11] - total.mean()) / np.sqrt(total.var() + norm.eps)
    for expected in (word[11], where[11], segment[11], total[11], total.mean(), normalized, gain, bias):
        assert f"{abs(expected):.4f}" in formula
    assert gain * normalized + bias == pytest.approx(output[11], abs=1e-5)
    assert f"{total.var():.6f}" in formula


def test_what_is_noticed_about_an_embedding_is_measured(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("tokens", view="embeddings", sentence=SENTENCE, mask="", token="3")
    embeddings = shipped.trace(SENTENCE).embeddings
    word, where = embeddings.word[0, 2], embeddings.position[0, 2]
    assert f"{float(word.norm()):.2f}" in prose(app)
    assert f"In {int((where.abs() > word.abs()).sum())} of {len(word)}" in prose(app)


def test_the_challenge_is_won_where_position_beats_word(open_page: Open, shipped: LanguageModel) -> None:
    embeddings = shipped.trace(SENTENCE).embeddings
    word, where = embeddings.word[0, 1], embeddings.position[0, 1]
    wins = (word * where < 0) & (where.abs() > word.abs())
    for dimension in (int(wins.int().argmax()), int((~wins).int().argmax())):
        app = open_page("tokens", view="embeddings", sentence=SENTENCE, mask="", dimension=str(dimension + 1))
        assert ("✓" in prose(app)) == bool(wins[dimension])


@every_language
def test_the_tables_of_positions_are_the_models_and_the_formulas(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    weight = shipped.model.body.embeddings.position.weight.numpy()
    learned = figure(open_page("tokens", view="positions", lang=language))
    assert array(learned["data"][0]["z"]) == pytest.approx(weight, abs=1e-6)
    waves = array(figure(open_page("tokens", view="positions", positions="sinusoidal", lang=language))["data"][0]["z"])
    assert waves.shape == weight.shape
    assert waves[5, 7] == pytest.approx(np.cos(5 / 10_000 ** (6 / weight.shape[1])), abs=1e-6)


@pytest.mark.parametrize("measure", ["cosine", "product"])
def test_the_curves_are_means_over_all_pairs_at_a_distance(
    open_page: Open, shipped: LanguageModel, measure: str
) -> None:
    app = open_page("tokens", view="positions", positions="distance", measure=measure, table="on")
    weight = shipped.model.body.embeddings.position.weight
    vectors = (F.normalize(weight, dim=-1) if measure == "cosine" else weight).double()
    expected = [float((vectors[: len(vectors) - d] * vectors[d:]).sum(dim=-1).mean()) for d in range(len(vectors))]
    assert figure(app)["data"][0]["y"] == pytest.approx(expected, abs=1e-5)
    assert list(app.dataframe[0].value.iloc[:, 1]) == pytest.approx(expected, abs=1e-5)
    cosines = F.normalize(weight, dim=-1)
    assert f"cosine of {float((cosines[:-1] * cosines[1:]).sum(dim=-1).mean()):.2f}" in prose(app)


@every_language
def test_with_positions_the_changes_are_those_between_two_traces(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("tokens", view="swap", sentence=SENTENCE, mask="", swap="2,7", lang=language, table="on")
    before = shipped.trace(SENTENCE).hidden_states
    after = shipped.trace("The bus went to school by children in the morning.").hidden_states
    order = list(range(before[0].shape[1]))
    order[2], order[7] = 7, 2
    expected = torch.stack(
        [(new[0, order] - old[0]).norm(dim=-1) / old[0].norm(dim=-1) for old, new in zip(before, after, strict=True)]
    ).T.numpy()
    assert array(figure(app)["data"][0]["z"]) == pytest.approx(expected, abs=1e-4)
    assert app.dataframe[0].value.iloc[:, 2:].to_numpy() == pytest.approx(expected, abs=1e-4)
    assert row(app)["picked"] == [2, 7]
    assert "The bus went to school by children in the morning." in prose(app)
    assert percent(float(expected[:, -1].mean())) in prose(app)


def test_without_positions_nothing_changes_but_the_order(open_page: Open) -> None:
    app = open_page("tokens", view="swap", sentence=SENTENCE, **{"with": "off"})
    assert array(figure(app)["data"][0]["z"]).max() < 1e-4


@pytest.mark.parametrize(("swap", "won"), [("1,9", True), ("1,2", False)])
def test_the_challenge_is_won_by_two_words_that_are_the_same_to_the_model(
    open_page: Open, swap: str, won: bool
) -> None:
    app = open_page("tokens", view="swap", sentence=SENTENCE, mask="", swap=swap)
    assert ("✓" in prose(app)) == won
    around = np.delete(array(figure(app)["data"][0]["z"]), row(app)["picked"], axis=0)
    assert (around.max() < 1e-4) == won


@every_language
def test_the_neighbours_are_the_nearest_of_all_whole_words_and_the_map_judges_itself(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("tokens", view="map", sentence=SENTENCE, mask="", token="3", lang=language, table="on")
    vectors = F.normalize(shipped.model.body.embeddings.word.weight, dim=-1).double()
    vocabulary = shipped.tokenizer.vocabulary
    whole = [name for name in vocabulary if name.isalpha() and len(name) > 1 and name != "children"]
    cosines = {name: float(vectors[vocabulary[name]] @ vectors[vocabulary["children"]]) for name in whole}
    nearest = sorted(cosines, key=lambda name: -cosines[name])[:8]
    table = app.dataframe[0].value
    assert list(table.iloc[:, 1]) == nearest
    assert list(table.iloc[:, 3]) == pytest.approx([cosines[name] for name in nearest], abs=1e-5)
    assert all(f"`{name}` {cosines[name]:.2f}" in prose(app) for name in nearest)

    drawn = [
        (name, x, y)
        for trace in figure(app)["data"]
        for name, x, y in zip(trace["customdata"], array(trace["x"]), array(trace["y"]), strict=True)
    ]
    points = np.array([(x, y) for _, x, y in drawn])
    space = vectors[[vocabulary[name] for name, _, _ in drawn]]
    assert {*nearest[:4], "children", "bus", "morning"} <= {name for name, _, _ in drawn}
    centred = (space - space.mean(dim=0)).numpy()
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    assert np.abs(points) == pytest.approx(np.abs(left[:, :2] * singular[:2]), abs=1e-4)
    for share in (singular**2 / (singular**2).sum())[:2]:
        assert percent(float(share)) in prose(app)
    true, shown = (
        np.argsort(np.linalg.norm(each[:, None] - each[None], axis=-1), axis=1)[:, 1:6] for each in (centred, points)
    )
    kept = np.mean([len(set(one) & set(other)) / 5 for one, other in zip(true, shown, strict=True)])
    assert percent(float(kept)) in prose(app)


def test_the_challenge_of_the_map_asks_for_six_words(open_page: Open) -> None:
    assert "✓" in prose(open_page("tokens", view="map", sentence="north south east two three four"))
    assert "✓" not in prose(open_page("tokens", view="map", sentence="north south"))


@pytest.mark.parametrize("sentence", ["...", "🙂 🙂", "[MASK] [MASK]", "x" * 150, "One", "photosynthesis", "a"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_stands_for_the_strangest_sentence(open_page: Open, view: str, sentence: str) -> None:
    app = open_page("tokens", view=view, sentence=sentence, table="on")
    assert app.title


def test_a_typed_mask_is_a_token_of_its_own_and_not_taken_apart(open_page: Open) -> None:
    app = open_page("tokens", sentence="He has a [MASK].", token="5")
    assert "unhappiness" in app.header[0].value
    assert row(app)["open"] == [1, 2, 3, 5]


HOSTILE = {"token": "0", "swap": "1,1", "dimension": "9999", "positions": "x", "measure": "x", "with": "x"}


@pytest.mark.parametrize("view", VIEWS)
def test_an_address_that_asks_for_what_is_not_there_means_the_defaults(open_page: Open, view: str) -> None:
    app = open_page("tokens", view=view, sentence=SENTENCE, **HOSTILE)
    plain = open_page("tokens", view=view, sentence=SENTENCE)
    assert figure(app)["data"] == figure(plain)["data"]


@pytest.mark.parametrize("view", ["pieces", "embeddings"])
def test_a_second_sentence_too_long_for_the_model_is_cut_with_a_note(open_page: Open, view: str) -> None:
    app = open_page("tokens", view=view, sentence=SENTENCE, pair="word " * 200)
    assert any("128" in warning.value for warning in app.warning)


def test_a_new_sentence_lets_go_of_what_was_picked_and_keeps_the_second_one(open_page: Open) -> None:
    app = open_page("tokens", sentence=SENTENCE, token="4", swap="1,2", pair=PAIR)
    app.sidebar.text_area[0].set_value("Another sentence.").run()
    assert not {"token", "swap"} & set(app.query_params)
    assert app.query_params["pair"] == PAIR


def test_the_code_on_the_page_is_the_code_that_ran(open_page: Open) -> None:
    shown = {view: open_page("tokens", view=view, code="on").code[0].value for view in VIEWS}
    assert "in vocabulary" in shown["pieces"]
    assert "def token_embedding(" in shown["embeddings"]
    assert ".sin()" in shown["positions"]
    assert "def swapped_order(" in shown["swap"]
    assert "def nearest_neighbours(" in shown["map"]
