"""Before and after: what the page shows is what transformers and lm_core say about both models, reached another way."""

from __future__ import annotations

import base64
import json
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from transformers import AutoTokenizer, BertForSequenceClassification

from figures.bars import percent
from lm_core import LanguageModel, load_pretrained
from lm_core.explain.training.head_changes import head_changes
from lm_core.explain.training.label_words import label_effects
from lm_core.explain.training.over_time import moved_most
from lm_core.training.classifier import Classifier, load_classifier
from lm_core.training.fine_tuning import FineTuning
from lm_core.training.small_pretraining import PreTrainingOptions, PreTrainingPlan
from tests.patience import PATIENCE
from tests.ui.frame.test_notebook import run, taken  # noqa: F401 (a fixture)
from tests.ui.lessons.many_heads.test_many_heads import sent
from tests.ui.runs.trained import LABELS, Trained, trained
from ui.i18n import LANGUAGES, Language
from ui.lessons.fine_tuning.state import FineTuningState
from ui.runs.pool import pool

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

every_language = pytest.mark.parametrize("language", LANGUAGES)
PARTS = ("answers", "heads", "sentence")
SENTENCE = "The old dog slept on the sofa."


@pytest.fixture(scope="module")
def one() -> Trained:
    return trained()


@pytest.fixture(scope="module")
def begun(one: Trained, shipped: LanguageModel) -> Classifier:
    """The run at its first step, as its plan gives it."""
    experiment: FineTuning = one.plan.begin(lambda _: shipped)
    experiment.classifier.model.eval()
    return experiment.classifier


@pytest.fixture(scope="module")
def after(one: Trained) -> Classifier:
    return load_classifier(one.folder, device="cpu")


@torch.inference_mode()
def by_transformers(one: Trained, texts: list[str]) -> np.ndarray[Any, Any]:
    model = BertForSequenceClassification.from_pretrained(one.folder).eval()
    tokens = AutoTokenizer.from_pretrained(one.folder)(texts, padding=True, return_tensors="pt")
    return np.asarray(model(**tokens).logits.softmax(-1).numpy())


def values(app: AppTest, place: int) -> np.ndarray[Any, Any]:
    data = sent(app, "matrix", place)
    return np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(len(data["rows"]), -1)


def charts(app: AppTest) -> list[list[dict[str, Any]]]:
    return [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")]


def told(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption, *app.latex))


def opened(open_page: Open, one: Trained, part: str, **address: str) -> AppTest:
    app = open_page("fine_tuning", view="compare", run=one.run_id, part=part, **address)
    assert not [warning.value for warning in app.warning]
    return app


@every_language
def test_both_matrices_and_their_figures_are_those_of_the_models(
    open_page: Open, one: Trained, begun: Classifier, language: Language
) -> None:
    app = opened(open_page, one, "answers", lang=language)
    rows = one.plan.held_out.rows
    texts = [row.text for row in rows]
    truths = [LABELS.index(row.label) for row in rows]
    for place, probs in enumerate((begun.label_probs(texts).numpy(), by_transformers(one, texts))):
        answers = probs.argmax(-1).tolist()
        counts = [[list(zip(truths, answers, strict=True)).count((t, a)) for a in (0, 1)] for t in (0, 1)]
        assert sent(app, "matrix", place)["texts"] == [str(count) for row in counts for count in row]
        assert values(app, place) == pytest.approx(np.array(counts) / np.sum(counts, axis=1, keepdims=True))
        accuracy = sum(t == a for t, a in zip(truths, answers, strict=True)) / len(rows)
        f1 = [2 * counts[label][label] / (counts[0][label] + counts[1][label] + sum(counts[label])) for label in (0, 1)]
        assert f"**{percent(accuracy)}**" in told(app)
        assert f"**{np.mean(f1):.3f}**" in told(app)
    assert f"= {accuracy:.4f}" in app.latex[1].value
    assert f"= {np.mean(f1):.4f}" in app.latex[2].value


@torch.inference_mode()
def test_an_example_is_chosen_and_its_words_and_labels_are_the_models(
    open_page: Open, one: Trained, begun: Classifier, after: Classifier
) -> None:
    number = next(n for n, row in enumerate(one.plan.held_out.rows) if len(row.text.split()) == 5)
    row = one.plan.held_out.rows[number]
    probs = after.label_probs([row.text])[0].tolist()
    cell = f"after.{LABELS.index(row.label) + 1}.{int(np.argmax(probs)) + 1}"
    address = {"cell": cell, "rows": "cell", "example": str(number + 1), "how": "delete", "without": "2"}
    app = opened(open_page, one, "answers", **address)
    assert app.radio(key="example_picker").value == number
    bars = charts(app)[0]
    assert bars[0]["x"] == pytest.approx(begun.label_probs([row.text])[0].tolist(), abs=1e-5)
    assert bars[1]["x"] == pytest.approx(by_transformers(one, [row.text])[0].tolist(), abs=1e-5)
    words, effects = label_effects(after, row.text, how="leave out")
    shown = sent(app, "word_row")["words"]
    assert [each["text"] for each in shown] == [word.text for word in words]
    assert [each["value"] for each in shown] == pytest.approx([effect.bits for effect in effects], abs=1e-5)
    without = charts(app)[1]
    shorter = row.text.replace(f" {words[1].text}", "", 1)
    assert without[1]["x"] == pytest.approx(by_transformers(one, [shorter])[0].tolist(), abs=1e-5)
    assert f"= {effects[1].bits:.4f}" in app.latex[0].value


def test_each_level_is_counted(open_page: Open, one: Trained, after: Classifier) -> None:
    app = opened(open_page, one, "answers")
    rows = one.plan.held_out.rows
    right = [
        LABELS[int(probs.argmax())] == row.label
        for row, probs in zip(rows, after.label_probs([row.text for row in rows]), strict=True)
    ]
    groups = charts(app)[-1]
    for label, share in zip(groups[1]["y"], groups[1]["x"], strict=True):
        name = label.split(" ")[1]
        of_it = [each for each, row in zip(right, rows, strict=True) if row.level == name]
        assert share == pytest.approx(sum(of_it) / len(of_it))


@every_language
def test_heads_have_changed_by_what_lm_core_says_and_both_maps_are_the_models(
    open_page: Open, one: Trained, shipped: LanguageModel, after: Classifier, language: Language
) -> None:
    app = opened(open_page, one, "heads", on="own", sentence=SENTENCE, moved="on", layer="3", head="2", lang=language)
    bits = head_changes(
        shipped, load_pretrained(one.folder, device="cpu"), [(r.text, None) for r in one.plan.held_out.rows]
    )
    assert values(app, 0) == pytest.approx(bits.numpy(), abs=1e-5)
    for layer, head in moved_most(bits, 3):
        assert f"({float(bits[layer, head]):.3f})" in told(app)
    maps = [lm.trace(SENTENCE).attentions[2][0, 1].numpy() for lm in (shipped, after.lm)]
    assert values(app, 1) == pytest.approx(maps[0], abs=1e-5)
    assert values(app, 2) == pytest.approx(maps[1], abs=1e-5)
    middle = sum(maps) / 2
    entropy = [-(each * np.log2(np.maximum(each, 1e-30))).sum(-1) for each in (middle, *maps)]
    mean = float((entropy[0] - (entropy[1] + entropy[2]) / 2).mean())
    assert float(app.latex[0].value.rpartition("= ")[2].strip("$\n")) == pytest.approx(mean, abs=1e-4)


@torch.inference_mode()
def test_the_readers_sentence_has_the_labels_and_the_gaps_of_both_models(
    open_page: Open, one: Trained, shipped: LanguageModel
) -> None:
    app = opened(open_page, one, "sentence", sentence=SENTENCE, mask="3", table="on")
    gap = SENTENCE.replace("dog", "[MASK]")
    labels, answers = charts(app)
    assert labels[1]["x"] == pytest.approx(by_transformers(one, [gap])[0].tolist(), abs=1e-5)
    names = app.dataframe[0].value.iloc[2:]["answer"].tolist()
    for number, lm in enumerate((shipped, load_pretrained(one.folder, device="cpu"))):
        everything = {each.token: each.probability for each in lm.fill_mask(gap, top_k=lm.config.vocab_size)[0]}
        assert answers[number]["x"] == pytest.approx([everything[name] for name in names], abs=2e-5)


@pytest.mark.parametrize("view", ["compare", "predict"])
@every_language
def test_without_a_run_the_page_says_where_to_train_one(open_page: Open, view: str, language: Language) -> None:
    app = open_page("fine_tuning", view=view, lang=language)
    assert len(app.info) == 1
    app.button(key="to_training").click().run()
    assert app.query_params["view"] == "train"


@pytest.mark.parametrize("view", ["compare", "predict"])
@pytest.mark.parametrize("run_id", ["nonsense", "../../etc", "A" * 12, "<b>", "a" * 5000])
def test_a_run_that_is_not_there_is_told_in_a_sentence(open_page: Open, view: str, run_id: str) -> None:
    app = open_page("fine_tuning", view=view, run=run_id, lang="zh")
    assert len(app.warning) == 1
    assert app.title


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "address",
    [
        {"cell": "after.9.9", "rows": "cell", "example": "999", "page": "99", "without": "99", "side": "x", "by": "x"},
        {"layer": "99", "head": "99", "moved": "on", "on": "own", "sentence": "cat"},
        {"sentence": "[MASK] [MASK] [SEP] <b> $x$", "mask": "1,9"},
        {"sentence": "word " * 300, "mask": "2"},
        {"how": "delete", "about": "truth", "sentence": "cat", "code": "on"},
    ],
    ids=lambda address: " ".join(address)[:30],
)
def test_no_address_brings_a_part_down(open_page: Open, one: Trained, part: str, address: dict[str, str]) -> None:
    assert open_page("fine_tuning", view="compare", run=one.run_id, part=part, **address).title


@pytest.mark.parametrize(("part", "language"), [("answers", "zh"), ("heads", "en"), ("sentence", "en")])
def test_the_notebook_repeats_the_run_and_reaches_the_numbers_of_the_page(
    open_page: Open,
    one: Trained,
    taken: list[Cell],  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    part: str,
    language: Language,
) -> None:
    app = opened(open_page, one, part, sentence=SENTENCE, mask="", lang=language)
    names = run(taken)
    assert names["plan"] == one.plan
    if part == "answers":
        for place, side in enumerate(("before", "after")):
            counts = names["judged"][side].confusion.flatten().tolist()
            assert sent(app, "matrix", place)["texts"] == [str(count) for count in counts]
        assert f"= {names['judged']['after'].accuracy:.4f}" in app.latex[1].value
    elif part == "heads":
        assert values(app, 0) == pytest.approx(names["bits"].numpy(), abs=1e-6)
    else:
        shown = charts(app)[0]
        printed = capsys.readouterr().out.strip().splitlines()[-2:]
        for line, bars in zip(printed, shown, strict=True):
            assert all(f"{round(prob, 6)}" in line or math.isclose(prob, 0, abs_tol=1e-6) for prob in bars["x"])


def test_while_a_run_goes_on_the_numbers_stay_until_they_are_measured_again(open_page: Open, one: Trained) -> None:
    plan = replace(one.plan, options=replace(one.plan.options, steps=400))
    run_id = pool().submit(plan, paused=True)
    address = {"view": "compare", "run": run_id}
    app = open_page("fine_tuning", **address)
    first = values(app, 1)
    assert first.tolist() == values(app, 0).tolist(), "before the first step both are the same"
    pool().step(run_id, 399)
    deadline = time.monotonic() + PATIENCE
    while pool().snapshot(run_id).step < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    app.run()
    assert values(app, 1).tolist() == first.tolist()
    app.button(key="measure_again").click().run()
    assert app.session_state["glassbox"].kept(FineTuningState).measured[run_id] >= 3
    pool().pause(run_id)
    app.run()
    assert not app.exception
    stands = pool().snapshot(run_id).step
    assert any(f" {stands} " in each.value for each in app.caption)
    pool().reset(run_id)
    app.run()
    assert values(app, 1).tolist() == first.tolist()
    pool().remove(run_id)
    app.run()
    assert len(app.warning) == 1


@pytest.mark.parametrize("view", ["compare", "predict"])
def test_a_pre_training_is_told_apart_from_a_training_for_labels(open_page: Open, view: str) -> None:
    sentences = " ".join(f"The {animal} slept on the sofa." for animal in ("cat", "dog", "cow", "hen", "pig") * 6)
    plan = PreTrainingPlan(sentences, PreTrainingOptions(steps=1), data="own")
    run_id = pool().submit(plan, paused=True)
    app = open_page("fine_tuning", view=view, run=run_id)
    assert len(app.warning) == 1
    pool().remove(run_id)
