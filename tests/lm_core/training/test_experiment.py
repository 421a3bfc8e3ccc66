"""An experiment gives the same numbers however it is cut, and leaves alone what is not its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Barrier, Thread

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.training.experiment import Experiment
from lm_core.training.fine_tuning import FineTuningPlan
from lm_core.training.plans import write_plan
from lm_core.training.run import depth_of
from tests.lm_core.runs.tiny_runs import PROBES, assert_same, make_plan, weights, whole_run


def begin(plan: FineTuningPlan, lm: LanguageModel) -> Experiment:
    return plan.begin(lambda _: lm)


def test_the_same_seed_gives_the_same_run_and_another_seed_another(language_model: LanguageModel) -> None:
    first, again = (whole_run(make_plan(seed=3), language_model) for _ in range(2))
    assert_same(first, again)
    other = whole_run(make_plan(seed=4), language_model)
    assert [each.losses for each in first.history.steps] != [each.losses for each in other.history.steps]


@settings(max_examples=12)
@given(first=st.integers(0, 12), second=st.integers(0, 12), bfloat16=st.booleans(), is_saved=st.booleans())
def test_two_advances_equal_one_also_across_a_save_and_a_load(
    language_model: LanguageModel, first: int, second: int, bfloat16: bool, is_saved: bool
) -> None:
    plan = make_plan(probes=PROBES, bfloat16=bfloat16)
    one, two = begin(plan, language_model), begin(plan, language_model)
    one.advance(first + second)
    two.advance(first)
    if is_saved:
        with tempfile.TemporaryDirectory() as folder:
            two.save(Path(folder))
            two.advance(2)  # what comes after the save is lost
            two = begin(plan, language_model)
            two.load(Path(folder))
    two.advance(second)
    assert_same(one, two)


_KILLED = """
import sys
from pathlib import Path
from lm_core import load_pretrained
from lm_core.training.plans import read_plan

folder = Path(sys.argv[1])
experiment = read_plan(folder / "plan.json").begin(lambda name: load_pretrained(name, device="cpu"))
experiment.load(folder)
while True:
    experiment.advance(2)
    experiment.save(folder)
    experiment.advance(1)
    print(experiment.step, flush=True)
"""


@pytest.mark.parametrize("bfloat16", [False, True])
def test_a_process_killed_between_two_saves_costs_only_the_steps_since_the_last(
    checkpoint: Path, language_model: LanguageModel, tmp_path: Path, bfloat16: bool
) -> None:
    plan = make_plan(str(checkpoint), bfloat16=bfloat16, steps=100_000)
    write_plan(plan, tmp_path / "plan.json")
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    continued, whole = begin(plan, language_model), begin(plan, language_model)
    continued.load(tmp_path)
    assert continued.step >= 8
    continued.advance(3)
    whole.advance(continued.step)
    assert_same(whole, continued)


def test_two_runs_in_two_threads_give_what_each_gives_alone(language_model: LanguageModel) -> None:
    plans = [make_plan(probes=PROBES, seed=seed, dropout=0.3, steps=30) for seed in (1, 2)]
    together = [begin(plan, language_model) for plan in plans]
    barrier = Barrier(2)

    def advance(experiment: Experiment) -> None:
        torch.set_num_threads(1)
        barrier.wait()
        experiment.advance(30)

    threads = [Thread(target=advance, args=(experiment,)) for experiment in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for plan, experiment in zip(plans, together, strict=True):
        assert_same(whole_run(plan, language_model), experiment)


@pytest.mark.parametrize("start", ["pretrained", "nothing"])
def test_the_given_model_is_never_touched_and_no_tensor_is_shared(language_model: LanguageModel, start: str) -> None:
    def places(module: torch.nn.Module) -> set[int]:
        tensors = [*module.state_dict().values(), *(each.grad for each in module.parameters() if each.grad is not None)]
        return {tensor.untyped_storage().data_ptr() for tensor in tensors}

    model = language_model.model
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    runs = [begin(make_plan(start=start, seed=seed), language_model) for seed in (0, 1)]
    for run in runs:
        run.advance(6)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in model.parameters())
    assert not any(module.training for module in model.modules())
    own = [places(run._run.model) for run in runs]
    assert own[0].isdisjoint(own[1])
    assert all(each.isdisjoint(places(model)) for each in own)


@settings(max_examples=5)
@given(frozen_layers=st.integers(0, 3))
def test_frozen_layers_stay_and_all_others_move(language_model: LanguageModel, frozen_layers: int) -> None:
    experiment = begin(make_plan(frozen_layers=frozen_layers, dropout=0.0, weight_decay=0.1), language_model)
    before = weights(experiment)
    experiment.advance(4)
    for name, tensor in weights(experiment).items():
        is_frozen = depth_of(name, 3) <= frozen_layers
        assert torch.equal(tensor, before[name]) == is_frozen, name


def test_each_layer_learns_at_its_share_of_the_rate_of_the_one_above(language_model: LanguageModel) -> None:
    experiment = begin(make_plan(layer_decay=0.5, warmup_share=0.0, schedule="constant"), language_model)
    experiment.advance(1)
    rates = {
        id(parameter): group["lr"]
        for optimizer in experiment._run._optimizers
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    for name, parameter in experiment._run.model.named_parameters():
        layers_above = 4 - depth_of(name, 3)  # the head stands above three layers, the embeddings below
        assert rates[id(parameter)] == pytest.approx(3e-3 * 0.5**layers_above), name
    assert len(set(rates.values())) == 5


def test_early_stopping_takes_the_best_weights_back_and_so_does_a_saved_run(
    language_model: LanguageModel, tmp_path: Path
) -> None:
    plan = make_plan(patience=2, steps=200, learning_rate=0.05)  # far too high: the loss will rise
    whole = whole_run(plan, language_model)
    assert whole.stopped_early
    assert whole.step < 200
    totals = [each.losses["label"] for each in whole.history.held_out]
    assert min(totals) not in totals[-2:]
    best = whole.history.held_out[totals.index(min(totals))]
    assert whole._evaluate() == (best.losses, best.accuracies)
    assert whole.advance(5) == []
    cut = begin(plan, language_model)
    cut.advance(best.step + 1)
    cut.save(tmp_path)
    cut = begin(plan, language_model)
    cut.load(tmp_path)
    cut.advance(200)
    assert_same(whole, cut)
    cut.save(tmp_path)
    ended = begin(plan, language_model)
    ended.load(tmp_path)
    assert ended.is_done
    assert_same(whole, ended)


def test_from_nothing_begins_with_other_weights_than_the_pretrained(language_model: LanguageModel) -> None:
    given_body = {f"body.{name}": tensor for name, tensor in language_model.model.body.state_dict().items()}
    pretrained, nothing = (
        weights(begin(make_plan(start=start), language_model)) for start in ("pretrained", "nothing")
    )
    for name, tensor in given_body.items():
        assert torch.equal(pretrained[name], tensor), name
        if tensor.dim() == 2:
            assert not torch.equal(nothing[name], tensor), name
    assert torch.equal(pretrained["classifier.weight"], nothing["classifier.weight"])  # the head is fresh in both


def test_a_run_whose_loss_is_no_number_ends_and_tells_it(language_model: LanguageModel, tmp_path: Path) -> None:
    plan = make_plan(learning_rate=1e30, patience=3, dropout=0.0)
    experiment = whole_run(plan, language_model)
    assert experiment.is_done
    experiment.save(tmp_path)
    again = begin(plan, language_model)
    again.load(tmp_path)
    assert_same(experiment, again)
