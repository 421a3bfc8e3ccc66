"""Pre-training on the page is that of lm_core: its pieces, its lines, its losses, its answers, and what it refuses."""

from __future__ import annotations

import base64
import io
import json
import math
import time
from typing import TYPE_CHECKING
from zipfile import ZipFile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel, load_pretrained
from lm_core.errors import InputError
from lm_core.explain.pieces.merges import merges, piece_counts, whole_word_share, word_counts
from lm_core.measured.recording import read_recording
from lm_core.runs.pool import Snapshot
from lm_core.text.data_shelf import data_shelf
from lm_core.text.small_text import learn_vocabulary, pack_text, read_text, unigram_loss
from lm_core.training.small_pretraining import PreTrainingPlan
from tests.patience import PATIENCE
from tests.ui.frame.test_notebook import run, taken  # noqa: F401 (a fixture)
from tests.ui.lessons.many_heads.test_many_heads import sent
from tests.ui.lessons.masked_words.test_views import markdown
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.pretraining.judged import first_below
from ui.lessons.pretraining.options import DEFAULTS, PRESETS, STOPS, read_options
from ui.lessons.pretraining.predict import _zip as zipped
from ui.lessons.pretraining.recording import _FOLDER
from ui.lessons.pretraining.source import STORY
from ui.runs.pool import pool
from ui.runs.small_text import SMALL_TEXT

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

every_language = pytest.mark.parametrize("language", LANGUAGES)
DOCUMENTS = read_text(SMALL_TEXT)
SENTENCES = [sentence for document in DOCUMENTS for sentence in document]
TINY = {"set": STORY, "vocab": "150", "width": "32", "layers": "1", "heads": "2", "steps": "50", "batch": "256"}


def said(app: AppTest) -> str:
    return " ".join([*(each.value for each in app.markdown), *(each.value for each in app.caption)])


def values(drawn: dict[str, str] | list[float]) -> list[float]:
    """What a figure was sent, as base64 or as a list."""
    if isinstance(drawn, dict):
        return [float(each) for each in np.frombuffer(base64.b64decode(drawn["bdata"]), drawn["dtype"])]
    return drawn


def begin(app: AppTest) -> Snapshot:
    """Press the button, and wait for the end."""
    app.button(key="begin").click().run()
    assert not app.exception
    assert not app.warning
    run_id = str(app.query_params["run"])
    deadline = time.monotonic() + PATIENCE
    while (snapshot := pool().snapshot(run_id)).status != "done":
        assert snapshot.status != "failed", snapshot.error
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return snapshot


@pytest.fixture(scope="module")
def trained() -> Snapshot:
    """A tiny run that has come to its end, begun by the page's own button."""
    from tests.ui.conftest import SHELL

    app = AppTest.from_file(SHELL, default_timeout=PATIENCE).run()
    app.query_params = {**TINY, "view": "train"}
    app.switch_page("../pages/pretraining.py")
    app.run()
    return begin(app)


@every_language
def test_the_pieces_on_the_page_are_those_that_are_learned(open_page: Open, language: Language) -> None:
    app = open_page("pretraining", set=STORY, vocab="150", sentence="The dog ran to the river.", lang=language)
    tokenizer = learn_vocabulary(DOCUMENTS, 150)
    tokens = tokenizer.encode("The dog ran to the river.", max_length=64).tokens
    row = sent(app, "token_row")
    assert row["tokens"] == list(tokens)
    assert row["ids"] == [tokenizer.vocabulary[token] for token in tokens]
    last = merges(SENTENCES, tokenizer)[-1]
    assert f"`{last.left}` + `{last.right}` → `{last.piece}`" in said(app)
    assert f"{last.count:,}" in said(app)
    counts = word_counts(SENTENCES, tokenizer)
    assert percent(whole_word_share(counts, tokenizer)) in said(app)


def test_the_figures_hold_what_was_counted(open_page: Open) -> None:
    tokenizer = learn_vocabulary(DOCUMENTS, 150)
    counts = word_counts(SENTENCES, tokenizer)
    app = open_page("pretraining", set=STORY, vocab="150", figure="frequency")
    (figure,) = (json.loads(each.proto.spec)["data"][0] for each in app.get("plotly_chart"))
    expected = piece_counts(counts, tokenizer).most_common()
    assert figure["y"] == [count for _piece, count in expected]
    assert figure["customdata"] == [piece.replace("&", "&amp;") for piece, _count in expected]
    app = open_page("pretraining", set=STORY, vocab="150", figure="growth", table="on")
    table = app.dataframe[0].value
    whole = table[table["vocabulary"] == 150]["whole, of the running text (%)"].iloc[0]
    assert whole == pytest.approx(100 * whole_word_share(counts, tokenizer))


def test_a_slider_step_and_a_clicked_piece_stand_in_the_address(open_page: Open) -> None:
    app = open_page("pretraining", set=STORY, vocab="150", piece="the")
    assert "how `the` came about" in " ".join(each.value for each in app.header)
    app.select_slider(key="vocab").set_value(200).run()
    assert app.query_params["vocab"] == "200"
    assert not app.exception


@every_language
@pytest.mark.parametrize(
    "text", ["too short.", " ", "<script>alert(1)</script> $x$ `a`", "[MASK] [MASK]. " * 5], ids=lambda text: text[:9]
)
def test_a_text_that_nothing_can_be_learned_from_is_told_and_kept(
    open_page: Open, text: str, language: Language
) -> None:
    app = open_page("pretraining", set="own", text=text, lang=language)
    assert app.warning
    assert app.text_area(key="text_box").value == text
    assert app.title


def test_a_long_paste_is_kept_on_the_shelf_and_read_again(open_page: Open) -> None:
    app = open_page("pretraining", set="own")
    long = SMALL_TEXT + "\n\nA last word of my own."
    app.text_area(key="text_box").set_value(long).run()
    key = str(app.query_params["data"])
    assert data_shelf().get(key).decode() == long
    assert not app.warning
    again = open_page("pretraining", set="own", data=key)
    assert again.text_area(key="text_box").value == long
    assert f"{len(read_text(long)):,}" in said(again)


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", "Café. ".encode("latin-1") * 40], ids=["zip", "latin-1"])
def test_a_file_that_is_no_text_is_told(open_page: Open, data: bytes) -> None:
    app = open_page("pretraining", set="own", data=data_shelf().put(data))
    assert any("Save" in each.value for each in app.warning)
    app = open_page("pretraining", set="own", data="0" * 64)
    assert any("Bring them again" in each.value for each in app.warning)


@pytest.mark.parametrize("name", STOPS)
def test_every_option_of_the_address_reaches_the_plan(name: str) -> None:
    assert DEFAULTS[name] in STOPS[name]
    made = {str(read_options({**DEFAULTS, name: stop}, 100)) for stop in STOPS[name]}
    assert len(made) == len(STOPS[name])
    for preset in PRESETS.values():
        assert all(value in STOPS[each] for each, value in preset.changes.items())


def test_a_run_is_begun_with_what_the_page_says(trained: Snapshot) -> None:
    plan = trained.plan
    assert isinstance(plan, PreTrainingPlan)
    assert plan.text == SMALL_TEXT
    options = plan.options
    assert (options.vocab_size, options.hidden_size, options.num_hidden_layers, options.steps) == (150, 32, 1, 50)
    tokenizer = learn_vocabulary(DOCUMENTS, 150)
    assert trained.baselines["uniform"] == pytest.approx(math.log(tokenizer.vocab_size))
    assert trained.baselines["unigram"] == pytest.approx(
        unigram_loss(pack_text(DOCUMENTS, tokenizer), tokenizer.vocab_size)
    )


@every_language
def test_curves_lines_and_words_are_those_of_the_run(open_page: Open, trained: Snapshot, language: Language) -> None:
    app = open_page("pretraining", view="train", run=trained.run_id, lang=language, check="on")
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    held_out = [each.losses["masked_lm"] for each in trained.held_out]
    points = [values(trace["y"]) for trace in figure["data"] if trace.get("name") == translate("held out", language)]
    assert points[0] == pytest.approx(held_out)
    notes = " ".join(str(each.get("text")) for each in figure["layout"]["annotations"])
    for level in (*trained.baselines.values(), math.log(2)):
        assert f"{level:.3f}" in notes
    last = trained.held_out[-1]
    assert f"{last.losses['masked_lm']:.3f}" in markdown(app)
    assert percent(last.accuracies["masked_lm"]) in markdown(app)
    formulas = " ".join(each.value for each in app.latex)
    assert f"{trained.baselines['uniform']:.4f}" in formulas
    assert f"{math.exp(last.losses['masked_lm']):,.1f}" in formulas
    assert f"{trained.baselines['unigram']:.4f}" in markdown(app)


def test_what_comes_first_is_judged_by_the_steps(trained: Snapshot) -> None:
    steps = [each.losses["masked_lm"] for each in trained.steps]
    assert first_below(trained, -1.0) is None
    assert first_below(trained, max(steps) + 1) == 1
    lines = trained.baselines
    uniform, unigram = first_below(trained, lines["uniform"]), first_below(trained, lines["unigram"])
    assert uniform is not None
    assert unigram is None or unigram >= uniform


@every_language
def test_both_models_answer_as_they_do_without_the_page(
    open_page: Open, trained: Snapshot, shipped: LanguageModel, language: Language
) -> None:
    sentence = "The dog ran after the [MASK]."
    app = open_page("pretraining", view="predict", run=trained.run_id, ask=sentence, lang=language)
    mine = load_pretrained(pool().model_folder(trained.run_id), device="cpu")
    for chart, lm in zip(app.get("plotly_chart"), (mine, shipped), strict=True):
        (gap,) = lm.fill_mask(sentence, top_k=8)
        assert json.loads(chart.proto.spec)["data"][0]["x"] == pytest.approx(
            [each.probability for each in gap], abs=2e-5
        )


@pytest.mark.parametrize("ask", ["no gap", "<b>x</b> $y$", "[MASK]" * 3, "[MASK] **x** <script>"])
def test_any_question_is_answered_or_refused_with_a_sentence(open_page: Open, trained: Snapshot, ask: str) -> None:
    app = open_page("pretraining", view="predict", run=trained.run_id, ask=ask)
    assert bool(app.warning) == ("[MASK]" not in ask)


def test_what_is_taken_home_is_the_model_of_the_run(trained: Snapshot) -> None:
    with ZipFile(io.BytesIO(zipped(trained, pool().model_folder(trained.run_id)))) as bundle:
        names = bundle.namelist()
        assert json.loads(bundle.read("plan.json"))["options"]["steps"] == 50
    assert {"README.md", "config.json", "losses.csv", "model.safetensors", "vocab.txt"} <= set(names)


@every_language
@pytest.mark.parametrize("view", ["train", "film", "predict", "recording"])
def test_a_view_without_a_run_or_with_an_unknown_one_says_what_to_do(
    open_page: Open, view: str, language: Language
) -> None:
    assert not open_page("pretraining", view=view, lang=language).warning
    unknown = open_page("pretraining", view=view, run="AAAAAAAAAAAA", lang=language)
    assert bool(unknown.warning) == (view != "recording")


@every_language
def test_the_recording_says_which_run_it_is_of(open_page: Open, shipped: LanguageModel, language: Language) -> None:
    app = open_page("pretraining", view="recording", lang=language)
    recording = read_recording(_FOLDER)
    assert recording is not None
    last = recording.film.frames[-1]
    text = markdown(app)
    for number in (
        f"{last.step:,}",
        f"{last.tokens / 1e6:.1f}",
        f"{recording.minutes:.0f}",
        str(len(recording.film.frames)),
    ):
        assert number in text
    assert f"{recording.about.held_out[-1].losses['masked_lm']:.3f}" in text
    (gap,) = shipped.fill_mask(recording.film.probes[0].text)
    released = app.dataframe[-1].value
    assert list(released[translate("probability", language)]) == pytest.approx(
        [each.probability for each in gap], abs=2e-5
    )


def test_the_film_of_a_run_is_shown(open_page: Open, trained: Snapshot) -> None:
    app = open_page("pretraining", view="film", run=trained.run_id)
    assert not app.exception
    assert not app.warning
    assert not app.info


def test_an_unknown_run_is_an_input_error() -> None:
    with pytest.raises(InputError):
        pool().snapshot("AAAAAAAAAAAA")


def test_the_notebook_of_the_text_cuts_and_counts_as_the_page(
    open_page: Open,
    taken: list[Cell],  # noqa: F811 (the fixture)
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = open_page("pretraining", set=STORY, vocab="150", sentence="The dog ran.")
    names = run(taken)
    assert names["tokenizer"].encode("The dog ran.", max_length=64).tokens == tuple(sent(app, "token_row")["tokens"])
    last = merges(SENTENCES, names["tokenizer"])[-1]
    assert f"→ {last.piece:16} {last.count:,} times" in capsys.readouterr().out


def test_the_notebook_of_a_run_does_it_again_with_the_same_numbers(
    open_page: Open,
    trained: Snapshot,
    taken: list[Cell],  # noqa: F811 (the fixture)
) -> None:
    open_page("pretraining", view="train", run=trained.run_id)
    again = run(taken)["experiment"].history
    assert again.baselines == trained.baselines
    for one, other in zip(again.held_out, trained.held_out, strict=True):
        assert one.losses == pytest.approx(other.losses, rel=1e-4)
