"""A training on the page is the training of lm_core: its options, its steps, its numbers, and what it refuses."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from plotly.graph_objects import Figure
from plotly.io import from_json
from streamlit.testing.v1 import AppTest

from lm_core import LanguageModel, TransformerConfig
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.errors import InputError
from lm_core.runs.local_pool import LocalPool
from lm_core.runs.pool import Limits, Snapshot
from lm_core.text.naive_bayes import learn
from lm_core.training.fine_tuning import FineTuningPlan
from lm_core.training.precision import bfloat16_is_native
from lm_core.transformer.model import PreTrainingModel
from tests.patience import PATIENCE
from tests.ui.frame.test_notebook import run, taken  # noqa: F401 (a fixture)
from tests.ui.lessons.masked_words.test_views import markdown
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.fine_tuning.code import loop, ours, trainer
from ui.lessons.fine_tuning.options import DEFAULTS, STOPS
from ui.lessons.fine_tuning.presets import PRESETS
from ui.models.shelf import models
from ui.runs import pool as training_pool
from ui.runs.pool import pool

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

every_language = pytest.mark.parametrize("language", LANGUAGES)
UNKNOWN = "AAAAAAAAAAAA"


@pytest.fixture(scope="module")
def tiny(shipped: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a random model of one layer, which is in memory."""
    torch.manual_seed(0)
    config = TransformerConfig(
        vocab_size=shipped.config.vocab_size,
        hidden_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=40,
        max_position_embeddings=32,
    )
    folder = str(tmp_path_factory.mktemp("tiny"))
    save_checkpoint(PreTrainingModel(config), shipped.tokenizer, Path(folder))
    models().fetch(folder)
    return folder


@pytest.fixture
def train(open_page: Open, tiny: str) -> Callable[..., AppTest]:
    """The page with the options of a tiny training."""

    def train(**address: str) -> AppTest:
        return open_page(
            "fine_tuning", view="train", **{"model": tiny, "few": "16", "batch": "4", "steps": "6"} | address
        )

    return train


Train = Callable[..., AppTest]


def begin(app: AppTest) -> str:
    """Press the button; the id that the address has then."""
    app.button(key="begin").click().run()
    assert not app.exception
    assert not app.warning
    return str(app.query_params["run"])


def wait_for(run_id: str, status: str = "done") -> Snapshot:
    deadline = time.monotonic() + PATIENCE
    while (snapshot := pool().snapshot(run_id)).status != status:
        assert time.monotonic() < deadline, snapshot.status
        assert snapshot.error is None
        time.sleep(0.02)
    return snapshot


def plan_of(run_id: str) -> FineTuningPlan:
    plan = pool().snapshot(run_id).plan
    assert isinstance(plan, FineTuningPlan)
    return plan


def curves(app: AppTest) -> Figure:
    (chart,) = app.get("plotly_chart")
    return from_json(chart.proto.spec, skip_invalid=True)


def drawn(figure: Figure, name: str) -> list[list[float]]:
    """The values of all lines of this name, from above."""
    return [_values(each.y) for each in figure.data if each.name == name]


def _values(sent: dict[str, str] | list[float] | None) -> list[float]:
    """What was sent, as base64 or as a list."""
    if isinstance(sent, dict):
        return [float(each) for each in np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"])]
    return [float(each) for each in sent or ()]


@every_language
def test_a_training_is_begun_ends_and_its_curves_are_its_own_numbers(train: Train, language: Language) -> None:
    app = train(lang=language)
    run_id = begin(app)
    snapshot = wait_for(run_id)
    app.run()
    assert translate("Done", language) in markdown(app)
    (loss, accuracy) = drawn(curves(app), translate("held out", language))
    assert loss == pytest.approx([each.losses["label"] for each in snapshot.held_out])
    assert accuracy == pytest.approx([each.accuracies["label"] for each in snapshot.held_out])
    (mean, _) = drawn(curves(app), translate("training", language))
    assert mean[-1] == pytest.approx(np.mean([each.losses["label"] for each in snapshot.steps]))
    plan = plan_of(run_id)
    bayes = learn(plan.train).accuracy(plan.held_out)
    assert any(f"{bayes:.3f}" in each.text for each in curves(app).layout.annotations)
    assert f"{bayes:.3f}" in markdown(app)


def test_the_address_alone_finds_a_run_again_in_another_session(train: Train, open_page: Open) -> None:
    run_id = begin(train())
    snapshot = wait_for(run_id)
    elsewhere = open_page("fine_tuning", view="train", run=run_id)
    assert drawn(curves(elsewhere), "held out")[0] == pytest.approx(
        [each.losses["label"] for each in snapshot.held_out]
    )


def test_the_server_is_stopped_and_the_address_goes_on_in_the_next_one(train: Train, open_page: Open) -> None:
    run_id = begin(train(steps="4000"))
    while pool().snapshot(run_id).step < 2:
        time.sleep(0.02)
    pool().pause(run_id)
    training_pool.close_pool()
    training_pool.pool.clear()
    app = open_page("fine_tuning", view="train", run=run_id)
    before = pool().snapshot(run_id)
    assert before.status == "paused"
    assert before.step >= 2
    app.button(key="leap_1").click().run()
    assert wait_for(run_id, "paused").step in (before.step, before.step + 1)
    deadline = time.monotonic() + PATIENCE
    while pool().snapshot(run_id).step != before.step + 1:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    app.button(key="remove").click().run()
    assert "run" not in app.query_params


def test_pause_step_play_reset_and_remove(train: Train) -> None:
    app = train(steps="4000")
    run_id = begin(app)
    app.button(key="play").click().run()
    assert pool().snapshot(run_id).status == "paused"
    with vars(pool())["_entries"][run_id].lock:  # a worker holds it until the step under way has ended
        pass
    step = pool().snapshot(run_id).step
    app.run()
    app.button(key="leap_10").click().run()
    deadline = time.monotonic() + PATIENCE
    while pool().snapshot(run_id).step < step + 10:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    first = wait_for(run_id, "paused")
    assert first.step == step + 10
    app.run()
    app.button(key="reset").click().run()
    assert pool().snapshot(run_id).step == 0
    assert "Ready to begin" in markdown(app)
    app.button(key="leap_10").click().run()
    while len(pool().snapshot(run_id).steps) < 10:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    again = pool().snapshot(run_id)
    assert [each.losses for each in again.steps] == [each.losses for each in first.steps[:10]]
    app.run()
    app.button(key="remove").click().run()
    assert "run" not in app.query_params
    with pytest.raises(InputError):
        pool().snapshot(run_id)
    assert app.button(key="begin")


OPTIONS: dict[str, tuple[str, str, object]] = {
    "rate": ("0.002", "learning_rate", 0.002),
    "batch": ("8", "batch_size", 8),
    "epochs": ("0.5", "epochs", 0.5),
    "start": ("nothing", "start", "nothing"),
    "schedule": ("cosine", "schedule", "cosine"),
    "warmup": ("20", "warmup_share", 0.2),
    "frozen": ("1", "frozen_layers", 1),
    "layer_decay": ("0.8", "layer_decay", 0.8),
    "weight_decay": ("0.1", "weight_decay", 0.1),
    "dropout": ("0.3", "dropout", 0.3),
    "patience": ("3", "patience", 3),
    "seed": ("7", "seed", 6),
    "steps": ("9", "steps", 9),
}


def test_every_option_of_the_address_reaches_the_training(train: Train) -> None:
    app = train(**{name: value for name, (value, _, _) in OPTIONS.items()}, few="32", probes="One.\n\nTwo [MASK].")
    plan = plan_of(begin(app))
    assert {field: getattr(plan.options, field) for _, field, _ in OPTIONS.values()} == {
        field: expected for _, field, expected in OPTIONS.values()
    }
    assert plan.options.bfloat16 == bfloat16_is_native()
    assert len(plan.train.rows) == 32
    assert plan.probes == ("One.", "Two [MASK].")
    assert plan.data == "sentiment"


def test_a_control_writes_its_option_into_the_address(train: Train) -> None:
    app = train(more="on")
    app.select_slider(key="rate").set_value("0.02").run()
    app.select_slider(key="frozen").set_value("0").run()
    app.button_group(key="start").set_value("nothing").run()
    assert [app.query_params[name] for name in ("rate", "frozen", "start")] == ["0.02", "0", "nothing"]
    app.button_group(key="preset").set_value("underfit").run()
    assert app.query_params["preset"] == "underfit"
    assert app.select_slider(key="rate").value == PRESETS["underfit"].changes["rate"]
    assert "rate" not in app.query_params


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_made_of_stops_and_gives_a_plan(open_page: Open, tiny: str, name: str) -> None:
    preset = PRESETS[name]
    for option, value in {**DEFAULTS, **preset.changes, **preset.against}.items():
        assert option == "frozen" or value in STOPS[option]
    app = open_page("fine_tuning", view="train", preset=name, model=tiny)
    assert not app.warning
    assert app.button(key="begin").label == ("Start both trainings" if preset.against else "Start training")


def test_from_nothing_starts_two_trainings_and_tells_them_apart(train: Train) -> None:
    app = train(preset="scratch")
    begin(app)
    first, second = (wait_for(str(app.query_params[name])) for name in ("run", "beside"))
    assert (first.plan.options.start, second.plan.options.start) == ("nothing", "pretrained")
    assert replace(first.plan.options, start="pretrained") == second.plan.options
    app.run()
    for snapshot, name in ((first, "fresh weights"), (second, "pre-trained weights")):
        assert drawn(curves(app), f"held out: {name}")[0] == pytest.approx(
            [each.losses["label"] for each in snapshot.held_out]
        )
    assert app.selectbox(key="run_picker").value == first.run_id
    app.selectbox(key="run_picker").set_value(second.run_id).run()
    assert app.query_params["run"] == second.run_id


@every_language
@pytest.mark.parametrize("run_id", [UNKNOWN, "../../etc", "<b>x</b>", "x" * 5000, "\x00"])
def test_an_address_of_no_run_is_told_and_the_options_stand(train: Train, run_id: str, language: Language) -> None:
    app = train(run=run_id, lang=language)
    assert len(app.warning) == 1
    assert app.button(key="begin")


@pytest.mark.parametrize("steps", ["0", "-3", "9999999999", "ten", "²", "1.5"])
def test_what_is_no_number_of_steps_is_told(train: Train, steps: str) -> None:
    app = train(steps=steps)
    assert "has to be a whole number from 1" in app.warning[0].value


def test_too_many_steps_are_refused_before_they_begin(train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.lessons.fine_tuning.train.MOST_STEPS", 100)
    app = train(steps="", few="all", epochs="30")
    assert "and 100 are the most" in app.warning[0].value
    app.select_slider(key="epochs").set_value("0.25").run()
    assert not app.warning
    assert app.button(key="begin")


def test_a_full_server_says_so_and_nothing_is_lost(
    train: Train, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    full = LocalPool(tmp_path, models().fetch, Limits(workers=1, active_runs=1))
    monkeypatch.setattr("ui.runs.controls.pool", lambda: full)
    monkeypatch.setattr("ui.runs.pool.pool", lambda: full)
    monkeypatch.setattr("ui.runs.live.pool", lambda: full)
    app = train(preset="scratch", steps="4000", rate="0.001")
    app.button(key="begin").click().run()
    assert "1 trainings are under way on this server" in app.warning[0].value
    assert "run" in app.query_params  # the first one has begun
    assert "beside" not in app.query_params
    assert app.query_params["rate"] == "0.001"
    app.run()
    assert not app.warning  # told once
    full.remove(str(app.query_params["run"]))
    full.close()


def test_a_run_that_broke_off_says_why_and_can_be_reset(train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_model(_name: str) -> LanguageModel:
        raise InputError("The <b>disk</b> is full.")

    app = train()
    monkeypatch.setattr(pool(), "_models", no_model)
    app.button(key="begin").click().run()
    run_id = str(app.query_params["run"])
    deadline = time.monotonic() + PATIENCE
    while pool().snapshot(run_id).status != "failed":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    app.run()
    assert app.warning[0].value == "The <b>disk</b> is full. Reset begins it anew."
    monkeypatch.undo()
    app.button(key="reset").click().run()
    app.button(key="play").click().run()
    wait_for(run_id)


@pytest.mark.parametrize(("loss", "norm"), [(math.nan, math.nan), (math.inf, 1.0)])
def test_a_loss_that_is_no_number_any_more_is_told_and_drawn_as_a_gap(
    train: Train, monkeypatch: pytest.MonkeyPatch, loss: float, norm: float
) -> None:
    app = train()
    run_id = begin(app)
    whole = wait_for(run_id)
    broken = [replace(each, losses={"label": loss}, gradient_norm=norm) for each in whole.steps[2:]]
    measured = [replace(each, losses={"label": loss}) for each in whole.held_out[-1:]]
    snapshot = replace(
        whole, steps=(*whole.steps[:2], *broken), held_out=(*whole.held_out[:-1], *measured), status="paused"
    )
    monkeypatch.setattr(type(pool()), "snapshot", lambda _self, _run_id: snapshot)
    for address in ({"charts": "loss,accuracy,rate,norm,speed"}, {"check": "on"}, {"table": "on"}):
        app.query_params = {**app.query_params, **address}
        app.run()
        assert not app.exception
    assert "The loss of step 3 is not a number any more" in app.warning[0].value
    assert math.isnan(drawn(curves(app), "held out")[0][-1])


@every_language
def test_a_step_is_written_out_with_the_rate_that_the_run_used(train: Train, language: Language) -> None:
    app = train(lang=language, schedule="cosine", warmup="20", steps="12")
    snapshot = wait_for(begin(app))
    app.query_params = {**app.query_params, "check": "on", "at": "7"}
    app.run()
    step = snapshot.steps[6]
    assert f"&= {step.learning_rate:.4g}".replace("e-05", r" \times 10^{-5}") in app.latex[0].value
    assert rf"\frac{{7 - 1}}{{{snapshot.total_steps}}}" in app.latex[0].value
    measured = [each for each in snapshot.held_out if each.step <= 7][-1]
    count = len(plan_of(snapshot.run_id).held_out.rows)
    right = round(measured.accuracies["label"] * count)
    assert rf"\frac{{{right}}}{{{count}}} = {right / count:.4f}" in app.latex[2].value
    assert f"**{step.gradient_norm:.3f}**" in markdown(app)
    assert app.number_input(key="at").value == 7


def test_the_table_has_every_step(train: Train) -> None:
    app = train(table="on")
    snapshot = wait_for(begin(app))
    app.run()
    table = app.dataframe[0].value
    assert table["loss: labels"].tolist() == pytest.approx([each.losses["label"] for each in snapshot.steps])
    assert table["Learning rate"].tolist() == pytest.approx([each.learning_rate for each in snapshot.steps])


@pytest.mark.parametrize("address", [{}, {"few": "all"}, {"set": "own"}], ids=lambda address: str(address))
def test_the_notebook_repeats_the_run(
    train: Train,
    taken: list[Cell],  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    address: dict[str, str],
) -> None:
    lines = "\n".join(f"{label}, {word} words about number {word} and {word}" for label in "ab" for word in WORDS)
    app = train(**({"lines": lines} if "set" in address else {}), **address)
    snapshot = wait_for(begin(app))
    app.run()
    names = run(taken)
    assert names["steps"][-1].losses == snapshot.steps[-1].losses
    assert f"accuracy {snapshot.held_out[-1].accuracies['label']:.4f}" in capsys.readouterr().out


WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def test_the_guess_is_settled_by_the_run(train: Train) -> None:
    app = train(preset="underfit", steps="4", set="topics")
    wagers = [button for button in app.button if str(button.key).startswith("wager")]
    assert PRESETS["underfit"].look not in markdown(app)
    wagers[-1].click().run()
    assert PRESETS["underfit"].look in markdown(app)
    assert all(button.disabled for button in app.button if str(button.key).startswith("wager"))
    plan = plan_of(wait_for(begin(app)).run_id)
    app.run()
    assert "✓ Right: its best was" in markdown(app)
    shares = {label: count / len(plan.train.rows) for label, count in plan.train.balance.items()}
    guessing = -sum(math.log(shares[row.label]) for row in plan.held_out.rows) / len(plan.held_out.rows)
    assert f"guessing costs {guessing:.3f}" in markdown(app)
    assert any(f"guessing {guessing:.3f}" in each.text for each in curves(app).layout.annotations)


@pytest.mark.parametrize("address", [{}, {"start": "nothing", "frozen": "1", "schedule": "constant"}], ids=str)
def test_the_code_beside_is_python_and_the_loop_learns_in_transformers(train: Train, address: dict[str, str]) -> None:
    app = train(step_code="on", steps="2", **address)
    plan = plan_of(wait_for(begin(app)).run_id)
    for way, write in (("ours", ours), ("loop", loop), ("trainer", trainer)):
        app.query_params = {**app.query_params, "way": way}
        app.run()
        assert app.code[0].value == write(plan)
        compile(write(plan), way, "exec")
    rows = [(row.text, plan.labels.index(row.label)) for row in plan.train.rows]
    names: dict[str, Any] = {"train": rows}
    exec(loop(plan), names)
    assert names["step"] == plan.total_steps
    assert math.isfinite(float(names["loss"].detach()))
    frozen = sum(not weight.requires_grad for weight in names["model"].parameters())
    assert (frozen > 0) == (plan.options.frozen_layers is not None)
