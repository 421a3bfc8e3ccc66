"""What the page on language models shows is what was counted and what the model says, reached by another way."""

from __future__ import annotations

import base64
import json
import math
import re
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from nltk import lm
from nltk.lm.preprocessing import pad_both_ends
from nltk.util import ngrams
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from figures.sentences.bits import in_bits
from lm_core import LanguageModel
from lm_core.explain.sentences.ngram import END, split
from lm_core.measured.minimal_pairs import MinimalPairTable, Phenomenon
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.language_model import blimp
from ui.lessons.language_model.game_text import ROUNDS
from ui.lessons.language_model.minimal_pair_examples import EXAMPLES
from ui.runs.small_text import SMALL_TEXT

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children looked at the unbelievable tree."
TOLERANCE = 2e-5  # between the fast pass and the traced one
ROOT = Path(__file__).parents[4]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def figures(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def bars(app: AppTest, number: int) -> list[float]:
    values: list[float] = figures(app)[number]["data"][0]["x"]
    return values


def labels(app: AppTest, number: int) -> list[str]:
    shown: list[str] = figures(app)[number]["layout"]["yaxis"]["ticktext"]
    return [re.sub("<.*?>", "", label) for label in shown]


def prose(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.info, *app.header, *app.latex))


def component(app: AppTest, name: str) -> dict[str, Any]:
    (data,) = [
        mounted.proto.json
        for mounted in app.get("bidi_component")
        if mounted.proto.component_name == f"glassbox_{name}"
    ]
    return dict(json.loads(data))


def hidden_log_probs(shipped: LanguageModel, text: str) -> list[float]:
    """Each piece hidden alone, all in one batch through the model itself; in nats."""
    ids = torch.tensor(shipped.encode(text).input_ids)
    places = torch.arange(1, len(ids) - 1)
    hidden = ids.repeat(len(places), 1)
    hidden[places - 1, places] = shipped.tokenizer.mask_id
    with torch.inference_mode():
        logits = shipped.model(hidden, torch.zeros_like(hidden)).prediction_logits
    log_probs = logits.double().log_softmax(-1)
    return [float(log_probs[place - 1, place, ids[place]]) for place in places]


def nltk_bigrams(smoothing: type[lm.MLE]) -> lm.MLE:
    """The same text counted as NLTK's users do it, by its own pipeline; only pairs, whose padding is one <s>."""
    sentences = split(SMALL_TEXT)
    vocabulary = lm.Vocabulary([*(word for sentence in sentences for word in sentence), *[END] * len(sentences)])
    counter = lm.NgramCounter()
    for sentence in sentences:
        counter.update([list(ngrams(pad_both_ends(sentence, n=2), 2))])
    return smoothing(2, vocabulary=vocabulary, counter=counter)


@every_language
@pytest.mark.parametrize(("name", "smoothing"), [("mle", lm.MLE), ("laplace", lm.Laplace)])
def test_the_bars_of_counting_are_nltks_and_those_beside_them_the_models(
    open_page: Open, shipped: LanguageModel, name: str, smoothing: type[lm.MLE], language: Language
) -> None:
    app = open_page("language_model", prompt="The dog ran to the", order="2", smoothing=name, lang=language)
    model = nltk_bigrams(smoothing)
    probabilities = sorted((model.score(word, ("the",)) for word in model.vocab), reverse=True)
    assert bars(app, 0) == pytest.approx(probabilities[: len(bars(app, 0))])
    shown = {label.replace("(end)", END).replace("（句末）", END) for label in labels(app, 0)}
    assert sum(model.score(word, ("the",)) for word in shown) == pytest.approx(sum(bars(app, 0)))
    (expected,) = shipped.fill_mask("The dog ran to the [MASK].", top_k=8)
    assert bars(app, 1) == pytest.approx([each.probability for each in expected], abs=TOLERANCE)
    assert labels(app, 1) == [each.token for each in expected]


def test_the_count_table_holds_the_counts_of_the_text_and_lights_the_row_that_is_used(open_page: Open) -> None:
    app = open_page("language_model", prompt="Then the dog", order="3")
    table = component(app, "matrix")
    values = np.frombuffer(base64.b64decode(table["values"]), "<f4").reshape(len(table["rows"]), -1)
    text = [["<s>", "<s>", *sentence, END] for sentence in split(SMALL_TEXT)]
    for row, name in enumerate(table["rows"]):
        total, context = name.split(" · ")
        follows = [
            sentence[place + 2]
            for sentence in text
            for place in range(len(sentence) - 2)
            if " ".join(sentence[place : place + 2]) == context
        ]
        assert int(total) == len(follows)
        for column, word in enumerate(table["columns"]):
            assert values[row, column] == follows.count(word.replace("(end)", END))
    assert table["rows"][0].endswith("the dog")
    assert table["lit"]["row"] == 0


def test_a_count_that_is_asked_about_has_its_sum_written_out(open_page: Open) -> None:
    table = component(open_page("language_model", order="2", prompt="The dog"), "matrix")
    context, word = table["rows"][2].split(" · ")[1], table["columns"][3].replace("(end)", END)
    address = {"order": "2", "prompt": "The dog", "context": context, "word": word}
    app = open_page("language_model", **address)
    followers = nltk_bigrams(lm.MLE).counts[(context,)]
    fraction = rf"\frac{{{followers[word]}}}{{{followers.N()}}} = {followers.freq(word):.5f}"
    assert fraction in app.latex[0].value
    picked = component(app, "matrix")
    row, column = picked["picked"]
    assert picked["rows"][row].endswith(context)
    assert picked["columns"][column].replace("(end)", END) == word


@every_language
def test_a_context_that_the_text_lacks_is_said_to_have_nothing_to_say(open_page: Open, language: Language) -> None:
    app = open_page("language_model", prompt="Yesterday a penguin", lang=language)
    assert len(app.info) == 1
    assert "`<UNK>`" in app.info[0].value or "<UNK>" in app.info[0].value
    assert len(figures(app)) == 1  # the model's
    smoothed = open_page("language_model", prompt="Yesterday a penguin", smoothing="kneser-ney", lang=language)
    assert not smoothed.info
    assert len(figures(smoothed)) == 2


def test_a_text_of_the_readers_own_is_counted_and_travels_in_the_address_if_it_is_short(open_page: Open) -> None:
    app = open_page("language_model", corpus="own", order="2", prompt="My red")
    assert len(app.warning) == 1
    (box,) = [box for box in app.text_area if box.key == "text"]
    box.set_value("My red hat. My red hat. My red shoe.").run()
    assert app.query_params["text"].startswith("My red")
    assert dict(zip(labels(app, 0), bars(app, 0), strict=True)) == pytest.approx({"hat": 2 / 3, "shoe": 1 / 3})
    (box,) = [box for box in app.text_area if box.key == "text"]
    box.set_value("My red hat. My red shoe. " * 200).run()
    assert "text" not in app.query_params
    assert any("2,000" in caption.value for caption in app.caption)
    assert dict(zip(labels(app, 0), bars(app, 0), strict=True)) == pytest.approx({"hat": 1 / 2, "shoe": 1 / 2})


@every_language
def test_the_bits_of_the_model_are_those_of_a_pass_for_each_piece(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("language_model", view="sentence", sentence=SENTENCE, token="3", table="on", lang=language)
    bits = [-each / math.log(2) for each in hidden_log_probs(shipped, SENTENCE)]
    assert bars(app, 0) == pytest.approx(bits, abs=1e-3)
    total, perplexity = sum(bits), 2 ** (sum(bits) / len(bits))
    assert f"= {total:.2f}" in app.latex[0].value
    assert f"= {perplexity:.2f}" in app.latex[0].value
    assert in_bits(bits[2]) in app.latex[2].value
    assert f"{2 ** -bits[2]:.4f}"[:5] in app.latex[1].value
    assert list(app.dataframe[0].value.iloc[:, 3]) == pytest.approx(bits, abs=1e-3)
    assert component(app, "token_row")["tokens"] == [
        shipped.tokenizer.token(token) for token in shipped.encode(SENTENCE).input_ids[1:-1]
    ]


@every_language
def test_the_bits_of_counting_are_the_chain_rule_of_nltk(open_page: Open, language: Language) -> None:
    sentence = "The dog looked at the penguin."
    address = {"view": "sentence", "by": "count", "order": "2", "sentence": sentence, "lang": language}
    app = open_page("language_model", smoothing="laplace", **address)
    model = nltk_bigrams(lm.Laplace)
    written = ["<s>", *split(sentence)[0], END]
    bits = [
        -math.log2(model.unmasked_score(model.vocab.lookup(word), ("<s>",) if before == "<s>" else (before,)))
        if before in model.vocab or before == "<s>"
        else math.log2(len(model.vocab))
        for before, word in pairwise(written)
    ]
    assert bars(app, 0) == pytest.approx(bits)
    assert f"= {sum(bits):.2f}" in app.latex[0].value
    plain = open_page("language_model", smoothing="mle", **address)
    assert figures(plain)[0]["data"][0]["text"].count("∞") >= 1
    assert r"\infty" in plain.latex[0].value
    assert len(plain.info) == 1


def test_a_guess_about_the_sentence_comes_before_its_bits(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("language_model", view="sentence", sentence=SENTENCE, guess="on")
    assert not figures(app)
    options = [each.label.strip("`") for each in app.button if str(each.key).startswith("option_")]
    pieces = [shipped.tokenizer.token(token) for token in shipped.encode(SENTENCE).input_ids[1:-1]]
    log_probs = dict(zip(pieces, hidden_log_probs(shipped, SENTENCE), strict=True))
    truth = min(options, key=lambda option: log_probs[option])
    next(each for each in app.button if each.label == f"`{truth}`").click().run()
    assert len(figures(app)) == 1
    assert any(each.value.startswith("✓") for each in app.markdown)


@pytest.mark.parametrize(("number", "language"), [(0, "en"), (4, "zh"), (9, "en")])
def test_the_model_prefers_the_sentence_with_fewer_bits_and_the_bars_say_where(
    open_page: Open, shipped: LanguageModel, number: int, language: Language
) -> None:
    first, second = EXAMPLES[number].sentences
    app = open_page("language_model", view="pairs", one=first, other=second, lang=language)
    bits = [-sum(hidden_log_probs(shipped, text)) / math.log(2) for text in (first, second)]
    assert sum(bars(app, 0)) == pytest.approx(bits[1] - bits[0], abs=1e-2)
    (verdict,) = [each.value for each in app.markdown if each.value.startswith("**`")]
    assert f"`{first if bits[0] < bits[1] else second}`" in verdict
    assert all(in_bits(each) in verdict for each in bits)
    assert f"{bits[1] - bits[0]:.2f}" in app.latex[0].value


def test_a_guess_about_two_sentences_comes_before_the_figure_even_where_they_differ_late(open_page: Open) -> None:
    long = "and then she went home " * 9
    app = open_page("language_model", view="pairs", guess="on", one=f"{long} early.", other=f"{long} earlier.")
    assert not figures(app)
    asked = [each for each in app.button if each.label in ("the first", "the second")]
    assert len(asked) == 2
    asked[0].click().run()
    assert figures(app)


def test_the_guesses_about_examples_are_judged_by_the_model(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("language_model", view="pairs")
    (question,) = [each.value for each in app.markdown if each.value.startswith("**Guess.**")]
    first, second = re.findall("`(.+?)`", question)
    assert {first, second} != set(EXAMPLES[0].sentences)
    bits = [-sum(hidden_log_probs(shipped, text)) for text in (first, second)]
    truth = "the first" if bits[0] < bits[1] else "the second"
    next(each for each in app.button if each.label == truth).click().run()
    assert any(each.value.startswith("✓ Right") for each in app.markdown)


def test_every_example_differs_in_one_place_and_none_says_which_is_good(open_page: Open) -> None:
    for example in EXAMPLES:
        good, bad = example.good.split(), example.bad.split()
        kept = sum(block.size for block in SequenceMatcher(a=good, b=bad, autojunk=False).get_matching_blocks())
        assert kept >= min(len(good), len(bad)) - 2, example
    assert len({example.sentences.index(example.good) for example in EXAMPLES}) == 2
    app = open_page("language_model", view="pairs")
    app.selectbox(key="pair_examples").select_index(3).run()
    assert app.query_params["one"] == EXAMPLES[3].sentences[0]


@pytest.mark.parametrize(
    "address",
    [
        {"view": "pairs", "one": "The cat.", "other": "The cat."},
        {"view": "pairs", "one": "The cat."},
        {"view": "pairs", "one": "? " * 140, "other": "The cat."},
        {"view": "pairs", "one": "The [MASK].", "other": "The cat."},
        {"view": "count", "prompt": "The [MASK] ran"},
        {"view": "count", "prompt": "?" * 200},
        {"view": "count", "corpus": "own", "text": "!!! ???"},
        {"view": "sentence", "sentence": "The [MASK]."},
        {"view": "sentence", "by": "count", "sentence": "!?"},
    ],
    ids=lambda address: " ".join(address.values())[:40],
)
def test_what_cannot_be_answered_is_told_in_a_sentence(open_page: Open, address: dict[str, str]) -> None:
    app = open_page("language_model", **address)
    assert len(app.warning) == 1
    assert app.title


@every_language
def test_the_measured_pairs_are_those_beside_the_weights(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    rows = (
        Phenomenon("one", "morphology", "anaphor_agreement", 10, 9),
        Phenomenon("two", "morphology", "anaphor_agreement", 30, 15),
        Phenomenon("three", "syntax/semantics", "binding", 10, 2),
        Phenomenon("four", "syntax", "s-selection", 10, 4),
    )
    monkeypatch.setattr(
        blimp, "_table", lambda _serial, _reading: MinimalPairTable("m", "w", "some pairs", "free", "command", rows)
    )
    app = open_page("language_model", view="pairs", phenomena="on", lang=language)
    shares = [each for each in bars(app, 1) if each is not None]
    assert shares == pytest.approx([24 / 40, 4 / 10, 2 / 10])
    assert bars(app, 2)[0] == pytest.approx(30 / 60)
    assert percent(30 / 60) in prose(app)
    assert list(app.dataframe[0].value.iloc[:, 4]) == [9, 15, 2, 4]
    monkeypatch.setattr(blimp, "_table", lambda _serial, _reading: None)
    assert len(figures(open_page("language_model", view="pairs", lang=language))) == 1


@pytest.mark.parametrize(("mode", "language"), [("next", "zh"), ("gap", "en")])
def test_the_game_shows_nothing_before_the_guess_and_then_the_truth_of_all_three(
    open_page: Open, shipped: LanguageModel, mode: str, language: Language
) -> None:
    app = open_page("language_model", view="game", mode=mode, round="2", lang=language)
    assert not figures(app)
    assert not app.metric
    now = ROUNDS[1]
    (box,) = [box for box in app.text_input if box.label == translate("Which word belongs there?", language)]
    box.set_value("two words").run()
    assert len(app.warning) == 1
    assert not figures(app)
    (box,) = [box for box in app.text_input if box.label == translate("Which word belongs there?", language)]
    box.set_value(now.word.upper() + ".").run()
    asked = now.with_mask if mode == "gap" else f"{now.before} [MASK]."
    (everything,) = shipped.fill_mask(asked, top_k=shipped.config.vocab_size)
    rank = [each.token for each in everything].index(now.word)
    assert bars(app, 1)[:5] == pytest.approx([each.probability for each in everything[:5]], abs=TOLERANCE)
    assert any(
        str(rank + 1) in each.value and percent(everything[rank].probability) in each.value for each in app.markdown
    )
    reader, model, _counts = (metric.value for metric in app.metric)
    assert reader == "1 / 1"
    assert model == f"{int(rank == 0)} / 1"


def test_the_sentences_of_the_game_stand_in_no_text_that_anybody_was_made_from() -> None:
    texts = [SMALL_TEXT, *(file.read_text(encoding="utf-8") for file in (ROOT / "corpora").glob("*.txt"))]
    for each in ROUNDS:
        assert each.word.isalpha()
        assert each.word == each.word.lower()
        assert not [text for text in texts if f"{each.before} {each.word}".lower() in text.lower()]


@pytest.mark.parametrize("view", ["count", "sentence", "pairs", "game"])
def test_what_the_reader_typed_is_text_in_every_view(open_page: Open, view: str) -> None:
    hostile = "<img src=x> :material/home: $a$ [x](javascript:alert(1)) **b**"
    app = open_page(
        "language_model",
        view=view,
        sentence=hostile,
        prompt=hostile,
        one=hostile,
        other=f"{hostile} c",
        corpus="own",
        text=f"{hostile}. " * 3,
        order="2",
        smoothing="kneser-ney",
        by="count",
    )
    shown = "\n".join(each.value for each in (*app.markdown, *app.header, *app.caption, *app.info))
    outside = re.sub("(`+).*?\\1", "", shown)
    assert "javascript" not in outside
    assert ":material" not in outside
    assert "<img" not in outside
