"""What is taken home loads in transformers and here, says the same, and tells in its card what the run reached."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
import torch
import yaml  # type: ignore[import-untyped]
from transformers import AutoTokenizer, BertForSequenceClassification, pipeline

from lm_core import LanguageModel, load_pretrained
from lm_core.training.classifier import load_classifier
from lm_core.training.film import Film
from lm_core.training.plans import plan_from_json
from tests.lm_core.runs.taken import HOSTILE, ROWS, Taken, take, zipped

TEXTS = [text for text, _ in ROWS[:4]]


@pytest.fixture(scope="module")
def taken(language_model: LanguageModel) -> Taken:
    return take(language_model)


@pytest.fixture(scope="module")
def unzipped(taken: Taken, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unzipped")
    with ZipFile(io.BytesIO(zipped(taken.run, with_film=True))) as bundle:
        bundle.extractall(folder)
    return folder


@torch.inference_mode()
def test_transformers_loads_the_unzipped_folder_and_gives_the_same_probabilities(taken: Taken, unzipped: Path) -> None:
    model = BertForSequenceClassification.from_pretrained(unzipped)
    tokenizer = AutoTokenizer.from_pretrained(unzipped)
    assert not model.training
    labels = taken.run.plan.labels
    assert model.config.id2label == dict(enumerate(labels))
    probs = taken.run.classifier.label_probs(TEXTS)
    theirs = model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).logits.softmax(-1)
    torch.testing.assert_close(theirs, probs, atol=1e-5, rtol=0)
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None)
    for answers, row in zip(classify(TEXTS), probs.tolist(), strict=True):
        by_label = {each["label"]: each["score"] for each in answers}
        assert [by_label[label] for label in labels] == pytest.approx(row, abs=1e-5)


def test_our_own_code_loads_it_as_classifier_and_as_language_model(taken: Taken, unzipped: Path) -> None:
    loaded = load_classifier(unzipped, device="cpu")
    assert loaded.labels == taken.run.plan.labels
    torch.testing.assert_close(loaded.label_probs(TEXTS), taken.run.classifier.label_probs(TEXTS))
    lm = load_pretrained(unzipped, device="cpu")
    assert lm.fill_mask("The [MASK] sat.") == taken.run.classifier.lm.fill_mask("The [MASK] sat.")


def test_half_the_bytes_give_nearly_the_same_probabilities(taken: Taken, tmp_path: Path) -> None:
    sizes = []
    for half in (True, False):
        with ZipFile(io.BytesIO(zipped(taken.run, half=half))) as bundle:
            bundle.extractall(tmp_path / str(half))
        sizes.append((tmp_path / str(half) / "model.safetensors").stat().st_size)
    assert sizes[0] < 0.6 * sizes[1]
    halved = load_classifier(tmp_path / "True", device="cpu").label_probs(TEXTS)
    torch.testing.assert_close(halved, taken.run.classifier.label_probs(TEXTS), atol=0.02, rtol=0)


def test_plan_and_film_come_back_as_they_were(taken: Taken, unzipped: Path) -> None:
    assert plan_from_json((unzipped / "plan.json").read_text(encoding="utf-8")) == taken.run.plan
    film = Film.load(unzipped / "film.safetensors")
    assert [frame.step for frame in film.frames] == [frame.step for frame in taken.experiment.film.frames]


def test_the_tables_hold_every_step_and_every_answer_and_no_formula(taken: Taken, unzipped: Path) -> None:
    steps = list(csv.DictReader(io.StringIO((unzipped / "metrics.csv").read_text(encoding="utf-8"))))
    assert [int(each["step"]) for each in steps] == [1, 2, 3]
    assert [float(each["label_loss"]) for each in steps] == [
        each.losses["label"] for each in taken.experiment.history.steps
    ]
    rows = list(csv.DictReader(io.StringIO((unzipped / "held_out.csv").read_text(encoding="utf-8"))))
    assert [row["label"] for row in rows] == [label for _, label in ROWS]
    assert rows[4]["text"] == f"'{HOSTILE}"
    judged = taken.run.judged
    for row, probs in zip(rows, judged.probs.tolist(), strict=True):
        assert [float(row[f"p({label})"]) for label in taken.run.plan.labels] == probs


def test_the_card_says_what_was_measured_and_lets_nothing_from_outside_become_markup(
    taken: Taken, unzipped: Path
) -> None:
    card = (unzipped / "README.md").read_text(encoding="utf-8")
    _, front, body = card.split("---\n", 2)
    about = yaml.safe_load(front)
    assert about["license"] == "cc-by-sa-4.0"
    assert about["pipeline_tag"] == "text-classification"
    judged = taken.run.judged
    assert f"accuracy **{judged.accuracy:.4f}**" in body
    assert f"macro-F1 **{judged.macro_f1:.4f}**" in body
    for measured in taken.run.snapshot.held_out:
        assert f"| {measured.step} | {measured.losses['label']:.4f} | {measured.accuracies['label']:.4f} |" in body
    prose = re.sub(r"(`+).*?\1", "", re.sub(r"```.*?```", "", body, flags=re.DOTALL))
    assert not {"<b>", "[x](y)", "$z$"} & set(prose.split())
    rows = [line for line in body.splitlines() if line.startswith("| ``")]
    assert rows
    assert all("dog" in row for row in rows)


def test_the_same_run_makes_the_same_zip(taken: Taken) -> None:
    assert zipped(taken.run, half=True) == zipped(taken.run, half=True)
