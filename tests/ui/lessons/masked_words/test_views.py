"""The layers, the context, the training game and whole words show the model's numbers, reached here by other ways."""

from __future__ import annotations

import base64
import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel, TransformerConfig
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.transformer.model import PreTrainingModel
from tests.ui.frame.test_guesses import answer, next_question, options, question
from tests.ui.frame.test_notebook import run, taken  # noqa: F401 (a fixture)
from tests.ui.lessons.many_heads.test_many_heads import sent
from tests.ui.models.test_picker import load
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.masked_words.lesson import LESSON

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

SENTENCE = "The children went to school by bus in the morning."
WORDS = SENTENCE.replace(".", " .").split()
SPLIT = "The unbelievably old cat sat down."
TOLERANCE = 2e-5  # between two passes of different shape
every_language = pytest.mark.parametrize("language", LANGUAGES)
VIEWS_HERE = ("answers", "layers", "context", "training")
every_view = pytest.mark.parametrize("view", VIEWS_HERE)
other_views = pytest.mark.parametrize("view", VIEWS_HERE[1:])


def chart(app: AppTest, number: int = 0) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads(app.get("plotly_chart")[number].proto.spec)["data"]
    return data


def markdown(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


@torch.inference_mode()
def original(shipped: LanguageModel, words: list[str], piece: str, gap: int = 0) -> float:
    """What the model gives a piece in a gap of these words, in a pass of their own."""
    encoding = shipped.encode(" ".join(words))
    logits = shipped.model(torch.tensor([encoding.input_ids])).prediction_logits[0, encoding.masked_positions[gap]]
    return float(logits.double().softmax(dim=-1)[shipped.tokenizer.vocabulary[piece]])


def with_gap(*hidden: int) -> list[str]:
    return ["[MASK]" if place in hidden else word for place, word in enumerate(WORDS)]


@every_language
def test_each_row_of_the_lens_is_the_head_on_that_layers_output(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("masked_words", view="layers", sentence=SENTENCE, mask="5", lang=language, cell="2.3")
    data = sent(app, "matrix")
    trace = shipped.trace(SENTENCE, masked_words=[4])
    (position,) = trace.encoding.masked_positions
    shown = np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(len(data["rows"]), -1)
    assert len(shown) == shipped.config.num_hidden_layers + 1
    school = trace.encoding.original_ids[position]
    ranks = []
    for row, hidden_states in enumerate(trace.hidden_states):
        logits = shipped.model.masked_lm(hidden_states, shipped.model.body.embeddings.word.weight)[0, position]
        best = logits.double().softmax(dim=-1).topk(shown.shape[1])
        assert shown[row] == pytest.approx(best.values.tolist(), abs=TOLERANCE)
        pieces = data["texts"][row * shown.shape[1] :][: shown.shape[1]]
        assert pieces[0] == shipped.tokenizer.token(int(best.indices[0]))
        ranks.append(1 + int((logits > logits[school]).sum()))
    assert data["asides"][0]["values"] == [f"{rank:,}" for rank in ranks]
    assert " → ".join(f"{rank:,}" for rank in ranks) in markdown(app)
    assert f"= {shown[2, 2]:.6f}" in app.latex[0].value
    (last,) = shipped.fill_mask(" ".join(with_gap(4)), top_k=shown.shape[1])
    assert shown[-1] == pytest.approx([each.probability for each in last], abs=TOLERANCE)


@pytest.mark.parametrize(("how", "language"), [("hide", "en"), ("delete", "zh")])
def test_each_word_has_the_bits_by_which_the_answer_falls_without_it(
    open_page: Open, shipped: LanguageModel, language: Language, how: str
) -> None:
    app = open_page(
        "masked_words", view="context", sentence=SENTENCE, mask="5", how=how, without="7", lang=language, table="on"
    )
    whole = original(shipped, with_gap(4), "school")
    without = []
    for place in range(len(WORDS)):
        words = with_gap(4, place) if how == "hide" else [w for at, w in enumerate(with_gap(4)) if at != place]
        gap = 1 if how == "hide" and place < 4 else 0
        if place != 4:
            without.append(original(shipped, words, "school", gap))
    expected = [math.log2(whole / each) for each in without]
    data = sent(app, "word_row")
    shown = [word["value"] for word in data["words"]]
    assert shown[4] is None
    assert [value for value in shown if value is not None] == pytest.approx(expected, abs=1e-2)
    assert [word["text"] for word in data["words"]] == [*WORDS[:4], "[MASK]", *WORDS[5:]]
    bars = chart(app)[0]["y"]
    assert [value for value in bars if value is not None] == pytest.approx(expected, abs=1e-2)
    assert list(app.dataframe[0].value.iloc[:, 3]) == pytest.approx(without, rel=1e-2, abs=TOLERANCE)
    assert data["picked"] == 6
    assert chart(app, 1)[0]["x"][0] == pytest.approx(whole, abs=1e-3)
    written = float(app.latex[0].value.split(" = ")[-1].split(r"\end")[0])
    assert written == pytest.approx(shown[6], abs=1e-3)
    assert percent(whole) in data["words"][6]["told"]


def test_a_gap_of_several_pieces_is_asked_for_as_a_whole(open_page: Open) -> None:
    app = open_page("masked_words", view="context", sentence=SPLIT, mask="2")
    terms = re.findall(r"= (-?\d+\.\d{4})(?= \\\\| \\end)", app.latex[0].value)
    *pieces, total = map(float, terms)
    assert len(pieces) > 1
    assert sum(pieces) == pytest.approx(total, abs=1e-3)
    picked = sent(app, "word_row")["picked"]
    assert sent(app, "word_row")["words"][picked]["value"] == pytest.approx(total, abs=1e-3)


def scored(app: AppTest) -> list[tuple[int, dict[str, Any]]]:
    """The positions that are scored, with what the row says of them."""
    return [(place + 1, word) for place, word in enumerate(sent(app, "word_row")["words"]) if word["kind"] != "word"]


@pytest.mark.parametrize(("whole", "language"), [("off", "en"), ("on", "zh")])
def test_the_game_pays_what_the_model_gives_to_what_stood_there(
    open_page: Open, shipped: LanguageModel, language: Language, whole: str
) -> None:
    app = open_page(
        "masked_words", view="training", sentence=SPLIT, rate="50", seed="7", whole=whole, lang=language, table="on"
    )
    row = sent(app, "word_row")["words"]
    vocabulary = shipped.tokenizer.vocabulary
    ids = [shipped.tokenizer.cls_id, *(vocabulary[word["text"]] for word in row), shipped.tokenizer.sep_id]
    with torch.inference_mode():
        log_probs = shipped.model(torch.tensor([ids])).prediction_logits[0].double().log_softmax(dim=-1)
    paid = {place: -float(log_probs[place, vocabulary[word["above"]]]) for place, word in scored(app)}
    assert [word["below"] for _, word in scored(app)] == [f"{loss / math.log(2):.2f}" for loss in paid.values()]
    plain = shipped.encode(SPLIT).original_ids
    assert [plain[place] for place in paid] == [vocabulary[word["above"]] for _, word in scored(app)]
    assert all(plain[place] == ids[place] for place in range(len(ids)) if place not in paid)
    mean = sum(paid.values()) / len(paid)
    assert f"{mean:.3f}" in markdown(app)
    assert f"= {mean:.4f}" in app.latex[0].value
    assert f"= {max(paid.values()):.4f}" in app.latex[0].value
    assert list(app.dataframe[0].value.iloc[:, 5]) == pytest.approx(list(paid.values()), abs=1e-4)


def test_another_draw_asks_for_other_pieces_and_stands_in_the_address(open_page: Open) -> None:
    app = open_page("masked_words", view="training", sentence=SENTENCE, rate="30")
    before = scored(app)
    app.button(key="seed").click().run()
    assert app.query_params["seed"] == "2"
    assert scored(app) != before
    again = open_page("masked_words", view="training", sentence=SENTENCE, rate="30", seed="2")
    assert scored(again) == scored(app)


def test_the_curve_is_measured_when_asked_for_and_belongs_to_one_text(open_page: Open) -> None:
    app = open_page("masked_words", view="training", sentence=SENTENCE)
    figures = len(app.get("plotly_chart"))
    app.button(key="measure").click().run()
    assert app.query_params["curve"] == "on"
    app.toggle(key="curve_table").set_value(True).run()
    everything = chart(app, figures)[0]
    table = app.dataframe[0].value
    assert list(table.iloc[:, 2]) == pytest.approx(everything["y"])
    assert list(table.iloc[:, 6]) == pytest.approx(
        [a * b for a, b in zip(table.iloc[:, 1], table.iloc[:, 2], strict=True)]
    )
    app.sidebar.text_area[0].set_value("Another sentence.").run()
    assert "curve" not in app.query_params
    assert len(app.get("plotly_chart")) == figures


@every_language
def test_beside_the_rest_of_its_word_a_piece_has_the_probability_that_the_model_gives_it_there(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("masked_words", sentence=SPLIT, mask="2", pieces="alone", lang=language, table="on")
    plain = shipped.encode(SPLIT)
    positions = plain.words[1].positions
    alone = []
    for position in positions:
        ids = list(plain.original_ids)
        ids[position] = shipped.tokenizer.mask_id
        with torch.inference_mode():
            logits = shipped.model(torch.tensor([ids])).prediction_logits[0, position]
        alone.append(float(logits.double().softmax(dim=-1)[plain.original_ids[position]]))
    table = app.dataframe[0].value
    assert list(table.iloc[:, 3]) == pytest.approx(alone, rel=1e-3)
    assert f"= {table.iloc[0, 4]:.4f}" in app.latex[0].value
    for number, prob in enumerate(alone[:4]):
        assert any(value == pytest.approx(prob, rel=1e-3) for value in chart(app, number)[1]["x"])
        assert percent(prob) in markdown(app)
    whole = open_page("masked_words", sentence=SPLIT, mask="2", lang=language)
    assert len(chart(whole)) == 1


def test_without_a_word_of_several_pieces_there_is_no_switch_for_them(open_page: Open) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", pieces="alone")
    assert not [each for each in app.get("button_group") if each.key == "pieces"]
    assert len(chart(app)) == 1


@every_view
@every_language
def test_a_view_speaks_the_language_of_its_address(open_page: Open, view: str, language: Language) -> None:
    app = open_page("masked_words", view=view, sentence=SENTENCE, mask="5", lang=language)
    lead = translate(LESSON.views[view].read, language)
    assert lead in [each.value for each in app.markdown]
    for each in app.main.markdown:
        assert any("一" <= char <= "鿿" for char in each.value) == (language == "zh"), each.value


@other_views
@pytest.mark.parametrize(
    "address",
    [
        {"sentence": "<script>alert(1)</script> <b>bold</b> $a$ &amp; [x](javascript:alert(1))", "mask": "2,3"},
        {"sentence": "🙂🏽‍🚀 שלום עربى ​ \x00\x1b[31m \u202eabc", "mask": "1,2"},
        {"sentence": "[MASK] [MASK] [SEP] [CLS] [MASK]"},
        {"sentence": " "},
        {"sentence": "word", "mask": "1"},
        {"sentence": "[MASK]"},
        {"sentence": "one [MASK] two [MASK]", "gap": "2", "how": "delete", "without": "3"},
        {"sentence": "no " * 200, "mask": ",".join(map(str, range(1, 41))), "gap": "40", "curve": "on"},
        {"cell": "9.9", "without": "999", "seed": "0", "rate": "7", "piece": "-1", "gap": "x", "text": "passage"},
    ],
    ids=lambda address: " ".join(address)[:40],
)
def test_no_address_brings_a_view_down(open_page: Open, view: str, address: dict[str, str]) -> None:
    app = open_page("masked_words", **{**address, "view": view})
    assert app.title
    shown = "\n".join(each.value for each in (*app.markdown, *app.header, *app.caption))
    assert "<script>" not in re.sub("`[^`]*`", "", shown)


@pytest.mark.parametrize("view", ["layers", "context"])
def test_nothing_hidden_says_what_to_do_and_what_was_never_there_has_no_rank(open_page: Open, view: str) -> None:
    assert len(open_page("masked_words", view=view, sentence=SENTENCE, mask="").info) == 1
    app = open_page("masked_words", view=view, sentence="The [MASK] went to school.", mask="")
    assert not app.info
    if view == "layers":
        assert len(sent(app, "matrix")["asides"]) == 1


@pytest.mark.parametrize("view", ["layers", "context"])
def test_of_several_gaps_one_is_chosen_and_stands_in_the_address(open_page: Open, view: str) -> None:
    app = open_page("masked_words", view=view, sentence=SENTENCE, mask="5,7")
    first = sent(app, "matrix" if view == "layers" else "word_row")
    app.segmented_control(key="gap").set_value("2").run()
    assert app.query_params["gap"] == "2"
    assert sent(app, "matrix" if view == "layers" else "word_row") != first


@every_language
def test_the_layers_ask_what_the_lens_answers(open_page: Open, shipped: LanguageModel, language: Language) -> None:
    app = open_page("masked_words", view="layers", sentence=SENTENCE, mask="5", lang=language)
    half = shipped.config.num_hidden_layers // 2
    for _ in range(3):
        word = int(re.findall(r"\d+", question(app, language))[0]) - 1
        trace = shipped.trace(SENTENCE, masked_words=[word])
        (position,) = trace.encoding.masked_positions
        first = [
            int(shipped.model.masked_lm(each, shipped.model.body.embeddings.word.weight)[0, position].argmax())
            for each in (trace.hidden_states[half], trace.hidden_states[-1])
        ]
        said = answer(app, translate("Yes" if first[0] == first[1] else "No", language))
        assert said.startswith("✓")
        assert next_question(app, language)


@every_language
def test_the_context_asks_which_of_these_words_costs_most(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("masked_words", view="context", sentence=SENTENCE, mask="5", lang=language)
    for _ in range(2):
        word = int(re.findall(r"\d+", question(app, language))[0]) - 1
        left = {}
        for option in options(app):
            other = WORDS.index(option.strip("`"))
            left[option] = original(shipped, with_gap(word, other), WORDS[word].lower(), int(other < word))
        said = answer(app, min(left, key=lambda option: left[option]))
        assert said.startswith("✓")
        assert next_question(app, language)


def test_the_game_asks_about_other_draws_and_knows_their_price(open_page: Open) -> None:
    app = open_page("masked_words", view="training", sentence=SENTENCE, rate="40")
    for seed in (1001, 1002):
        there = open_page("masked_words", view="training", sentence=SENTENCE, rate="40", seed=str(seed))
        paid = {f"`{word['above']}`": float(word["below"]) for _, word in scored(there)}
        pair = options(app)
        assert set(pair) <= set(paid)
        if paid[pair[0]] == paid[pair[1]]:
            break
        said = answer(app, max(pair, key=lambda option: paid[option]))
        assert said.startswith("✓")
        assert all(f"{paid[option]:.2f}" in said for option in pair)
        assert next_question(app)


@every_view
def test_the_notebook_gives_the_numbers_of_the_view(
    open_page: Open,
    taken: list[Cell],  # noqa: F811
    view: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = open_page("masked_words", view=view, sentence=SPLIT, mask="2", pieces="alone", rate="40", seed="3")
    names = run(taken)
    if view == "layers":
        probs = np.frombuffer(base64.b64decode(sent(app, "matrix")["values"]), dtype="<f4")
        found = [each.probability for stage in names["lens"].answers for each in stage.predictions]
        assert found == pytest.approx(probs.tolist(), abs=1e-6)
    elif view == "context":
        shown = [word["value"] for word in sent(app, "word_row")["words"] if word["value"] is not None]
        assert [effect.bits for effect in names["effects"]] == pytest.approx(shown, abs=1e-4)
    elif view == "training":
        assert [f"{piece.bits:.2f}" for piece in names["pieces"]] == [word["below"] for _, word in scored(app)]
        assert f"mean: {names['loss']:.4f}" in capsys.readouterr().out
    else:
        assert f"{names['change'].target.after:.6f}" in capsys.readouterr().out


@other_views
def test_a_model_of_another_size_without_pairs_has_every_view(
    open_page: Open, shipped: LanguageModel, tmp_path: Path, view: str
) -> None:
    torch.manual_seed(0)
    config = TransformerConfig(
        vocab_size=shipped.config.vocab_size,
        hidden_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=40,
        max_position_embeddings=32,
    )
    save_checkpoint(PreTrainingModel(config), shipped.tokenizer, tmp_path)
    app = open_page("masked_words", view=view, sentence=SENTENCE, mask="5", text="passage")
    load(app, str(tmp_path))
    assert not app.exception
    assert not app.sidebar.warning
    if view == "layers":
        assert len(sent(app, "matrix")["rows"]) == 2
