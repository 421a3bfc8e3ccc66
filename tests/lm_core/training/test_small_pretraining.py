"""A pre-training on a small text does the same again, in slices and over saves, and touches no other model."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import BertForPreTraining

from lm_core import LanguageModel, load_pretrained
from lm_core.errors import InputError
from lm_core.runs.pool import Snapshot
from lm_core.runs.small_model_zip import small_model_card, write_small_model_zip
from lm_core.training.plans import plan_from_json, plan_to_json
from lm_core.training.small_pretraining import PreTraining, PreTrainingOptions, PreTrainingPlan
from ui.runs.small_text import SMALL_TEXT

OPTIONS = PreTrainingOptions(
    vocab_size=150,
    hidden_size=16,
    num_hidden_layers=1,
    num_attention_heads=2,
    tokens_per_batch=256,
    steps=12,
    dropout=0.1,
)
PLAN = PreTrainingPlan(SMALL_TEXT, OPTIONS, probes=("The dog ran after the [MASK].",))


def no_model(name: str) -> LanguageModel:
    raise AssertionError(f"{name} was asked for")


def begin(plan: PreTrainingPlan = PLAN) -> PreTraining:
    return plan.begin(no_model)


def weights(run: PreTraining, folder: Path) -> dict[str, torch.Tensor]:
    run.save_model(folder)
    return load_file(folder / "model.safetensors")


def told(run: PreTraining) -> list[tuple[object, ...]]:
    """What a run told, but for the time that it took."""
    steps = [(each.step, each.tokens, each.gradient_norm, each.losses, each.accuracies) for each in run.history.steps]
    return [*steps, *((each.step, each.losses, each.accuracies) for each in run.history.held_out)]


def test_slices_saves_and_loads_change_nothing(tmp_path: Path) -> None:
    whole = begin()
    whole.advance(12)
    sliced = begin()
    for steps in (1, 4):
        sliced.advance(steps)
    sliced.save(tmp_path / "state")
    loaded = begin(plan_from_json(plan_to_json(PLAN)))  # type: ignore[arg-type]
    loaded.load(tmp_path / "state")
    assert loaded.step == 5
    loaded.advance(100)
    assert loaded.is_done
    assert told(loaded) == told(whole)
    one, other = weights(whole, tmp_path / "one"), weights(loaded, tmp_path / "other")
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert [frame.step for frame in loaded.film.frames] == [frame.step for frame in whole.film.frames]
    assert loaded.film.frames[-1].looks[0].answers == whole.film.frames[-1].looks[0].answers


def test_another_seed_is_another_run() -> None:
    other = begin(replace(PLAN, options=replace(OPTIONS, seed=1)))
    one = begin()
    one.advance(1)
    other.advance(1)
    assert one.history.steps[0].losses != other.history.steps[0].losses


def test_it_begins_as_one_who_knows_nothing_and_learns() -> None:
    run = begin(replace(PLAN, options=replace(OPTIONS, steps=60, dropout=0.0)))
    run.advance(60)
    first, last = run.history.held_out[0], run.history.held_out[-1]
    lines = run.history.baselines
    assert lines["uniform"] == pytest.approx(math.log(run.lm.tokenizer.vocab_size))
    assert lines["unigram"] < lines["uniform"]
    assert first.losses["masked_lm"] > lines["unigram"]
    assert last.losses["masked_lm"] < first.losses["masked_lm"]


def test_the_model_that_it_starts_from_is_never_touched(language_model: LanguageModel, tmp_path: Path) -> None:
    before = {name: tensor.clone() for name, tensor in language_model.model.state_dict().items()}
    options = replace(OPTIONS, start="pretrained", steps=3, learning_rate=1e-2)
    run = replace(PLAN, options=options, model="tiny").begin(lambda _name: language_model)
    assert run.lm.tokenizer is language_model.tokenizer
    run.advance(3)
    after = language_model.model.state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert not language_model.model.training
    changed = weights(run, tmp_path)
    original = load_pretrained(tmp_path, device="cpu").model.state_dict()
    assert changed
    assert any(not torch.equal(original[name], before[name]) for name in before)


def test_what_was_not_asked_has_no_loss() -> None:
    lone = "\n\n".join(f"The cat number {number} sat." for number in range(30))
    run = begin(replace(PLAN, text=lone))
    run.advance(1)
    assert set(run.history.held_out[0].losses) == set(run.history.held_out[0].accuracies) == {"masked_lm"}


def test_a_plan_knows_how_many_numbers_it_learns() -> None:
    run = begin()
    assert PLAN.num_parameters(no_model) == sum(each.numel() for each in run.lm.model.parameters())


def test_what_cannot_be_learned_from_is_told() -> None:
    with pytest.raises(InputError, match="sentences"):
        begin(replace(PLAN, text="One sentence."))


def test_transformers_loads_what_is_taken_home(tmp_path: Path) -> None:
    from zipfile import ZipFile

    run = begin()
    run.advance(12)
    run.save_model(tmp_path / "model")
    snapshot = Snapshot(
        run_id="x",
        plan=PLAN,
        status="done",
        place=0,
        active_runs=0,
        step=12,
        total_steps=12,
        steps=tuple(run.history.steps),
        held_out=tuple(run.history.held_out),
        baselines=run.history.baselines,
        film=run.film,
        stopped_early=False,
        error=None,
    )
    with (tmp_path / "taken.zip").open("wb") as file:
        write_small_model_zip(snapshot, tmp_path / "model", file)
    with ZipFile(tmp_path / "taken.zip") as bundle:
        bundle.extractall(tmp_path / "home")
        assert json.loads(bundle.read("plan.json"))["text"] == SMALL_TEXT
        rows = bundle.read("losses.csv").decode().splitlines()
    assert len(rows) == 1 + 12
    assert float(rows[12].split(",")[3]) == run.history.steps[-1].losses["masked_lm"]
    assert f"{run.history.held_out[-1].losses['masked_lm']:.3f}" in small_model_card(snapshot, PLAN)
    theirs = BertForPreTraining.from_pretrained(tmp_path / "home", attn_implementation="eager").eval()
    ours = load_pretrained(tmp_path / "home", device="cpu")
    trace = ours.trace("The dog ran after the ball.")
    with torch.inference_mode():
        logits = theirs(torch.tensor([trace.encoding.input_ids])).prediction_logits
    assert torch.allclose(logits, trace.prediction_logits, atol=1e-5)
