"""What was saved before the modules had their present names still opens, and nothing that is saved names a module.

`earlier.zip` was made by the code of 1e94190, when no module stood in a room: a model, a fine-tuning and a pre-training
of it that were paused after three of eight steps, and the zip of a fine-tuned model that was taken home.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from lm_core import LanguageModel, load_pretrained
from lm_core.runs.local_pool import LocalPool
from lm_core.runs.saved_models import SavedModels
from lm_core.runs.small_model_zip import write_small_model_zip
from lm_core.training.classifier import load_classifier
from lm_core.training.film import Film
from lm_core.training.plans import Plan
from tests.lm_core.runs.taken import take, zipped
from tests.lm_core.runs.tiny_runs import make_plan, make_pretraining_plan, told
from tests.patience import wait_until

MODULE = re.compile(rb"lm_core[./](?!load_pretrained)\w+")  # what `lm_core` itself offers is in no module
FINE_TUNING, PRE_TRAINING = "4zci8mDhT5-Q", "2hvjXBNhuZ1m"


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    with ZipFile(Path(__file__).parent / "earlier.zip") as bundle:
        bundle.extractall(tmp_path)
    return tmp_path


@pytest.fixture
def pool(earlier: Path) -> Iterator[LocalPool]:
    lm = load_pretrained(earlier / "model", device="cpu")
    pool = LocalPool(earlier / "runs", lambda _: lm)
    yield pool
    pool.close()


@pytest.mark.parametrize("run_id", [FINE_TUNING, PRE_TRAINING])
def test_a_run_of_earlier_is_found_with_its_film_and_goes_on_to_its_end(pool: LocalPool, run_id: str) -> None:
    before = pool.snapshot(run_id)
    assert (before.status, before.step, before.total_steps) == ("paused", 3, 8)
    assert before.film is not None
    assert [frame.step for frame in before.film.frames] == [0, 1, 2, 3]
    pool.resume(run_id)
    wait_until(lambda: pool.snapshot(run_id).status in ("done", "failed"))
    after = pool.snapshot(run_id)
    assert (after.status, after.step, after.error) == ("done", 8, None)
    assert after.film is not None
    assert [each.step for each in after.steps] == list(range(1, 9))
    assert told(after.steps[:3], [], after.film.until(3)) == told(before.steps, [], before.film)
    assert load_pretrained(pool.model_folder(run_id), device="cpu").fill_mask("The cat [MASK].")


def test_a_zip_of_earlier_comes_back_and_says_what_it_said(earlier: Path, tmp_path: Path) -> None:
    shelf = SavedModels(tmp_path / "shelf")
    with (earlier / "ft.zip").open("rb") as file:
        classifier = load_classifier(shelf.place_of(shelf.put(file)), device="cpu")
    with ZipFile(earlier / "ft.zip") as bundle:
        rows = list(csv.DictReader(io.StringIO(bundle.read("held_out.csv").decode())))
        bundle.extract("film.safetensors", tmp_path)
    for row in rows:
        (probs,) = classifier.label_probs([row["text"]]).tolist()
        assert probs == pytest.approx([float(row[f"p({label})"]) for label in classifier.labels], abs=1e-5)
    assert Film.load(tmp_path / "film.safetensors").frames[-1].step == 8


@pytest.mark.parametrize("plan", [make_plan(probes=("The cat [MASK].",)), make_pretraining_plan()], ids=["ft", "pt"])
def test_nothing_that_is_kept_of_a_run_names_a_module(
    plan: Plan, language_model: LanguageModel, tmp_path: Path
) -> None:
    pool = LocalPool(tmp_path, lambda _: language_model)
    try:
        stopped, whole = pool.submit(plan, paused=True), pool.submit(plan)
        pool.step(stopped, 2)
        wait_until(lambda: pool.snapshot(stopped).step == 2 and pool.snapshot(whole).status == "done")
        pool.model_folder(whole)
    finally:
        pool.close()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {"state.pt", "plan.json", "status.json", "history.json", "film.safetensors"} <= {file.name for file in files}
    assert not [file for file in files if MODULE.search(file.read_bytes())]


def test_nothing_that_is_taken_home_names_a_module(language_model: LanguageModel, tmp_path: Path) -> None:
    small = io.BytesIO()
    pool = LocalPool(tmp_path, lambda _: language_model)
    try:
        run_id = pool.submit(make_pretraining_plan(steps=2))
        wait_until(lambda: pool.snapshot(run_id).status == "done")
        write_small_model_zip(pool.snapshot(run_id), pool.model_folder(run_id), small)
    finally:
        pool.close()
    for data in (zipped(take(language_model).run, with_film=True), small.getvalue()):
        with ZipFile(io.BytesIO(data)) as bundle:
            assert not [name for name in bundle.namelist() if MODULE.search(bundle.read(name))]
