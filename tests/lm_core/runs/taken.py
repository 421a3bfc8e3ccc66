"""A tiny run of training, and its zip: what the tests of taking home and bringing back start from."""

from __future__ import annotations

import io
from dataclasses import dataclass

from lm_core import LanguageModel
from lm_core.explain.training.confusion import judge_examples
from lm_core.runs.pool import Snapshot
from lm_core.runs.take_home import TakenRun, write_model_zip
from lm_core.text.examples import Example, Examples
from lm_core.training.fine_tuning import FineTuning, FineTuningOptions, FineTuningPlan

HOSTILE = "=1+1 | `a` <b>\n[x](y) $z$"
ROWS = [
    ("The cat sat on the mat.", "cat"),
    ("A cat looked at the street.", "cat"),
    ("The dog ran, barking.", "a | `dog` 狗"),
    ("A dog ran through the wet street.", "a | `dog` 狗"),
    (HOSTILE, "cat"),
    ("Dog dog dog!", "a | `dog` 狗"),
]


@dataclass(frozen=True)
class Taken:
    """A run that has been trained, and what was taken home of it."""

    run: TakenRun
    experiment: FineTuning


def take(lm: LanguageModel, *, steps: int = 3) -> Taken:
    """Train a few steps."""
    examples = Examples(tuple(Example(text, label, kind="k", level="plain") for text, label in ROWS))
    options = FineTuningOptions(steps=steps, batch_size=2, learning_rate=1e-2)
    plan = FineTuningPlan("compact-bert", examples, examples, options, ("The [MASK] sat.",), f"own | {HOSTILE}")
    experiment = plan.begin(lambda _: lm)
    experiment.advance(steps)
    experiment.classifier.model.eval()
    history = experiment.history
    snapshot = Snapshot(
        run_id="abcdefghijkl",
        plan=plan,
        status="done",
        place=0,
        active_runs=0,
        step=steps,
        total_steps=steps,
        steps=tuple(history.steps),
        held_out=tuple(history.held_out),
        film=experiment.film,
        stopped_early=False,
        error=None,
        baselines={},
    )
    judged = judge_examples(experiment.classifier, plan.held_out)
    return Taken(TakenRun(snapshot, plan, experiment.classifier, steps, judged), experiment)


def zipped(run: TakenRun, *, half: bool = False, with_film: bool = False) -> bytes:
    """The zip that a reader gets."""
    out = io.BytesIO()
    write_model_zip(run, out, half=half, with_film=with_film)
    return out.getvalue()
