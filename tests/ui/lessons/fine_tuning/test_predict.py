"""Predictions, the game and what is taken home are the model's; a model that comes back reads in every lesson."""

from __future__ import annotations

import io
import json
import math
import re
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import nbformat
import numpy as np
import pytest

from lm_core import LanguageModel, load_pretrained
from lm_core.training.classifier import load_classifier
from tests.ui.frame.test_notebook import run, taken  # noqa: F401 (a fixture)
from tests.ui.lessons.fine_tuning.test_before_after import by_transformers, every_language, told
from tests.ui.lessons.many_heads.test_many_heads import sent
from tests.ui.lessons.masked_words.test_masked_words import bars
from tests.ui.runs.trained import HOSTILE, LABELS, Trained, trained
from ui.frame.notebook import Cell
from ui.i18n import Language
from ui.lessons.fine_tuning import run_cells, take_home
from ui.lessons.fine_tuning.state import FineTuningState
from ui.models.own import saved_models
from ui.runs.pool import pool

if TYPE_CHECKING:
    from tests.ui.conftest import Open

TEXTS = ["The old dog slept.", "My cat ran.", HOSTILE]
SENTENCE = "The children went to school by bus in the morning."
LESSONS = ("home", "language_model", "tokens", "attention", "many_heads", "masked_words", "next_sentences")


@pytest.fixture(scope="module")
def one() -> Trained:
    return trained()


@pytest.fixture
def model_zip(one: Trained, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What the button for the model gives."""
    made: list[Any] = []
    write = take_home._model_zip
    monkeypatch.setattr(take_home, "_model_zip", lambda *given, **options: made.append(write(*given, **options)))
    given = downloads(monkeypatch, lambda: open_page("fine_tuning", view="predict", run=one.run_id, weights="float32"))
    given["take_model"]()
    return bytes(made[0].getvalue())


def downloads(monkeypatch: pytest.MonkeyPatch, visit: Any) -> dict[str, Any]:  # noqa: ANN401 (a function)
    """What each button of the page would give, by its key."""
    import streamlit as st

    found: dict[str, Any] = {}
    ask = st.download_button

    def keep(label: str, data: Any, **options: Any) -> bool:  # noqa: ANN401
        found[options["key"]] = data
        return ask(label, data, **options)

    monkeypatch.setattr(st, "download_button", keep)
    visit()
    return found


@every_language
def test_bars_entropy_and_sum_are_those_of_transformers(open_page: Open, one: Trained, language: Language) -> None:
    app = open_page(
        "fine_tuning", view="predict", run=one.run_id, texts="\n".join(TEXTS), line="2", table="on", lang=language
    )
    assert not [warning.value for warning in app.warning]
    expected = by_transformers(one, TEXTS)
    assert bars(app) == pytest.approx(expected[1].tolist(), abs=1e-5)
    shown = np.array([row[1:-1] for row in app.dataframe[0].value.to_numpy().tolist()], dtype=float)
    assert shown == pytest.approx(expected, abs=1e-5)
    entropy = -sum(prob * math.log2(prob) for prob in expected[1])
    assert f"{entropy:.3f}" in told(app)
    (written,) = re.findall(r"= (\d\.\d{6}) ", app.latex[0].value)
    assert float(written) == pytest.approx(float(expected[1].max()), abs=1e-5)
    assert float(re.findall(r"&= (\d\.\d{4})", app.latex[1].value)[-1]) == pytest.approx(entropy, abs=1e-4)
    assert sent(app, "matrix")["rows"][1].startswith("2 My cat")


@pytest.mark.parametrize(
    "texts", ["[MASK]", "[SEP] <b>", "\u200b", "one", "a" * 1200, "\n".join("abcdefghijkl"), "词 \x00 \u202e", " \n "]
)
def test_odd_sentences_get_labels_or_a_sentence(open_page: Open, one: Trained, texts: str) -> None:
    app = open_page("fine_tuning", view="predict", run=one.run_id, texts=texts, fool=texts[:100], sentence="x")
    assert app.title


def test_without_any_sentence_one_is_asked_for(open_page: Open, one: Trained) -> None:
    app = open_page("fine_tuning", view="predict", run=one.run_id, sentence=" ", lang="zh")
    assert [warning.value for warning in app.warning] == ["请先输入一个句子。"]


@every_language
def test_the_model_is_fooled_only_if_it_is_sure_of_another_label(
    open_page: Open, one: Trained, language: Language
) -> None:
    text = "Cats and dogs."
    probs = by_transformers(one, [text])[0]
    wrong = int(1 - probs.argmax())
    app = open_page("fine_tuning", view="predict", run=one.run_id, fool=text, truly=str(wrong + 1), lang=language)
    (attempt,) = app.session_state["glassbox"].kept(FineTuningState).fooled
    assert attempt.answer == LABELS[int(probs.argmax())]
    assert attempt.probability == pytest.approx(float(probs.max()), abs=1e-5)
    assert any(each.value.startswith("✓") for each in app.markdown) == (probs.max() >= 0.9)
    app.run()
    assert len(app.session_state["glassbox"].kept(FineTuningState).fooled) == 1
    gap = open_page("fine_tuning", view="predict", run=one.run_id, fool="A [MASK].", lang=language)
    assert len(gap.warning) == 1


def test_the_zip_of_the_button_is_the_model(one: Trained, model_zip: bytes) -> None:
    with ZipFile(io.BytesIO(model_zip)) as bundle:
        assert {"README.md", "config.json", "model.safetensors", "metrics.csv", "held_out.csv"} <= {*bundle.namelist()}
    key = saved_models().put(io.BytesIO(model_zip))
    loaded = load_classifier(saved_models().place_of(key), device="cpu")
    assert loaded.label_probs(TEXTS).numpy() == pytest.approx(by_transformers(one, TEXTS), abs=1e-5)


def test_the_tables_of_the_buttons_hold_every_step_and_every_answer(
    one: Trained, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = downloads(monkeypatch, lambda: open_page("fine_tuning", view="predict", run=one.run_id))
    assert given["take_metrics"]().count("\r\n") == 1 + one.plan.total_steps
    answers = given["take_held_out"]().decode("utf-8-sig")
    assert answers.count("\r\n") == 1 + len(one.plan.held_out.rows)
    assert f"'{HOSTILE}" in answers.replace('""', '"')


def test_the_notebook_gives_the_predictions_of_the_page(
    open_page: Open,
    one: Trained,
    taken: list[Cell],  # noqa: F811
) -> None:
    app = open_page("fine_tuning", view="predict", run=one.run_id, texts="\n".join(TEXTS), lang="zh")
    names = run(taken)
    assert names["texts"] == TEXTS
    assert bars(app) == pytest.approx(names["probs"][0].tolist(), abs=1e-6)


def test_the_file_of_the_button_repeats_the_run_and_prints_what_was_measured(
    one: Trained, open_page: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = downloads(monkeypatch, lambda: open_page("fine_tuning", view="predict", run=one.run_id))
    book = nbformat.reads(given["take_notebook"](), as_version=4)
    nbformat.validate(book)
    run([Cell(cell.source, cell.cell_type) for cell in book.cells])
    printed = capsys.readouterr().out
    for each in pool().snapshot(one.run_id).held_out:
        assert f"step {each.step}: held-out loss {each.losses['label']:.6f}" in printed


def test_data_too_large_for_a_notebook_lie_beside_it_and_give_the_same_plan(
    one: Trained,
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,  # noqa: ANN401
) -> None:
    monkeypatch.setattr(run_cells, "MOST_INSIDE", 10)
    given = downloads(monkeypatch, lambda: open_page("fine_tuning", view="predict", run=one.run_id))
    with ZipFile(io.BytesIO(given["take_notebook"]())) as bundle:
        bundle.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    cells = json.loads((tmp_path / "training.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    for source in code[:3]:
        exec(compile(source, "notebook", "exec"), names)
    assert names["plan"] == one.plan


@pytest.mark.parametrize("page", LESSONS)
def test_every_lesson_reads_with_the_model_of_a_run(open_page: Open, one: Trained, page: str) -> None:
    app = open_page(page, model=f"run:{one.run_id}", sentence=SENTENCE, mask="5", source="model")
    assert not [warning.value for warning in app.warning]
    picker = app.sidebar.selectbox(key="model_picker")
    assert picker.value == f"run:{one.run_id}"
    (title,) = [option for option in picker.options if one.plan.data in option]
    assert f"{one.plan.total_steps}" in title


def test_the_answers_to_a_gap_are_those_of_the_trained_body(
    open_page: Open, one: Trained, shipped: LanguageModel
) -> None:
    app = open_page("masked_words", model=f"run:{one.run_id}", sentence=SENTENCE, mask="5")
    gap = SENTENCE.replace("school", "[MASK]")
    count = len(bars(app))
    (answers,) = load_pretrained(one.folder, device="cpu").fill_mask(gap, top_k=count)
    assert bars(app) == pytest.approx([each.probability for each in answers], abs=2e-5)
    assert bars(app) != pytest.approx([each.probability for each in shipped.fill_mask(gap, top_k=count)[0]], abs=2e-5)


def test_the_button_makes_the_runs_model_the_one_of_all_lessons(open_page: Open, one: Trained) -> None:
    app = open_page("fine_tuning", view="predict", run=one.run_id)
    app.button(key="look_elsewhere").click().run()
    assert not app.exception
    assert app.query_params["model"] == f"run:{one.run_id}"
    assert all(f"model=run%3A{one.run_id}" in link.proto.query_string for link in app.get("page_link"))


def test_a_zip_that_is_brought_back_is_the_model_of_every_lesson_on_another_day(
    open_page: Open, model_zip: bytes
) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", lang="zh")
    before = bars(app)
    app.sidebar.file_uploader(key="bring_back").set_value(("my.zip", model_zip, "application/zip")).run()
    assert not app.exception
    assert not [warning.value for warning in app.warning]
    name = app.query_params["model"]
    assert re.fullmatch(r"saved:[0-9a-f]{32}", name)
    assert bars(app) != before
    assert not app.sidebar.warning
    for page in ("tokens", "many_heads", "next_sentences"):
        other = open_page(page, model=name, sentence=SENTENCE, mask="5")
        assert not [warning.value for warning in other.warning]


@every_language
def test_a_zip_that_is_no_model_is_told_and_the_page_stays_as_it_was(open_page: Open, language: Language) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", lang=language)
    before = bars(app)
    app.sidebar.file_uploader(key="bring_back").set_value(("<b>.zip", b"PK hello", "application/zip")).run()
    assert not app.exception
    (warning,) = app.sidebar.warning
    assert any("一" <= char <= "鿿" for char in warning.value) == (language == "zh")
    assert bars(app) == before


@pytest.mark.parametrize("name", ["run:", "run:nonsense", "run:../..", "saved:", "saved:" + "0" * 32, "saved:../x"])
def test_a_model_of_nobodys_leaves_the_shipped_one_in_use(open_page: Open, name: str) -> None:
    app = open_page("masked_words", model=name, sentence=SENTENCE, mask="5")
    (warning,) = app.warning
    assert "compact-bert" in warning.value
    assert bars(app) == bars(open_page("masked_words", sentence=SENTENCE, mask="5"))
