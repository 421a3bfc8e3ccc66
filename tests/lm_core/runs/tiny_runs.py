"""Small runs that the tests of training share, and what of two runs must be equal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from lm_core import LanguageModel
from lm_core.runs.pool import Pool
from lm_core.text.examples import Example, Examples
from lm_core.training.experiment import Experiment, HeldOut
from lm_core.training.film import Film
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from lm_core.training.plans import Plan
from lm_core.training.run import StepMetrics
from lm_core.training.small_pretraining import PreTrainingOptions, PreTrainingPlan
from tests.patience import wait_until

ANIMALS = ("cat", "dog", "players", "street", "coffee", "rain")
TRAIN = Examples(
    tuple(
        Example(f"The {animal} {verb} {'well' * (number % 3)}", label)
        for animal in ANIMALS
        for number, (verb, label) in enumerate([("sat", "calm"), ("ran", "loud"), ("barking", "loud"), ("was", "calm")])
    )
)
HELD_OUT = Examples(tuple(Example(f"A {row.text} and sat", row.label) for row in TRAIN.rows[::3]))
PROBES = ("The cat [MASK] on the mat.", "It rained all day.")


def make_plan(model: str = "tiny", probes: tuple[str, ...] = (), **options: Any) -> FineTuningPlan:  # noqa: ANN401
    """A run of twelve steps, unless told otherwise."""
    chosen = {"batch_size": 4, "steps": 12, "learning_rate": 3e-3, "dropout": 0.2, **options}
    return FineTuningPlan(model, TRAIN, HELD_OUT, FineTuningOptions(**chosen), probes, "tests")


def make_pretraining_plan(**options: Any) -> PreTrainingPlan:  # noqa: ANN401
    """The same from nothing, on a small text."""
    sentences = (f"{row.text} and {other.lower()} sat in the garden." for other in ANIMALS for row in TRAIN.rows)
    chosen = {"vocab_size": 150, "hidden_size": 32, "max_length": 32, "steps": 12, "dropout": 0.1, **options}
    return PreTrainingPlan("\n".join(sentences), PreTrainingOptions(**chosen), probes=PROBES)


def weights(experiment: Experiment) -> dict[str, torch.Tensor]:
    """The weights as they are now."""
    return {name: tensor.clone() for name, tensor in experiment._run.model.state_dict().items()}


def told(steps: Sequence[StepMetrics], held_out: Sequence[HeldOut], film: Film | None) -> tuple[object, ...]:
    """All that a run tells, but for the seconds that it took; exact, as text, so that NaN equals NaN."""
    rows = [
        (each.step, each.tokens, each.learning_rate, each.gradient_norm, each.losses, each.accuracies, each.examples)
        for each in steps
    ]
    frames = (
        []
        if film is None
        else [
            (
                frame.step,
                frame.tokens,
                [(look.attentions.tolist(), look.answers, look.label_probs) for look in frame.looks],
            )
            for frame in film.frames
        ]
    )
    return repr(rows), repr(list(held_out)), repr(frames)


def assert_same(one: Experiment, other: Experiment) -> None:
    """Two runs are at the same step, with the very same weights, history and film."""
    assert one.step == other.step
    assert told(one.history.steps, one.history.held_out, one.film) == told(
        other.history.steps, other.history.held_out, other.film
    )
    for (name, mine), theirs in zip(weights(one).items(), weights(other).values(), strict=True):
        assert torch.equal(mine, theirs), name


def whole_run(plan: Plan, lm: LanguageModel) -> Experiment:
    """The run alone, in one go."""
    experiment = plan.begin(lambda _: lm)
    experiment.advance(plan.total_steps)
    return experiment


def saved_weights(folder: Path) -> bytes:
    """The weights in a Hugging Face folder."""
    return (folder / "model.safetensors").read_bytes()


def assert_ends_as_alone(pool: Pool, run_id: str, plan: Plan, lm: LanguageModel, folder: Path) -> None:
    """A run in a pool comes to what it comes to alone, in one go."""
    wait_until(lambda: pool.snapshot(run_id).status in ("done", "failed"))
    snapshot, alone = pool.snapshot(run_id), whole_run(plan, lm)
    assert snapshot.status == "done", snapshot.error
    assert told(snapshot.steps, snapshot.held_out, snapshot.film) == told(
        alone.history.steps, alone.history.held_out, alone.film
    )
    alone.save_model(folder)
    assert saved_weights(pool.model_folder(run_id)) == saved_weights(folder)
