"""A model that was fine-tuned here, to take along: one zip with a Hugging Face folder, its card and its metrics."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import torch

from lm_core.checkpoints.bundle import add_file, add_text
from lm_core.checkpoints.folders import save_fine_tuned
from lm_core.explain.training.confusion import Judged
from lm_core.runs.model_card import model_card
from lm_core.runs.pool import Snapshot
from lm_core.text.spreadsheets import safe_csv
from lm_core.training.classifier import Classifier
from lm_core.training.film import Film
from lm_core.training.fine_tuning import FineTuningPlan
from lm_core.training.plans import plan_to_json
from lm_core.training.run import StepMetrics


@dataclass(frozen=True, eq=False)
class TakenRun:
    """A run, and what it reached, as it is taken along."""

    snapshot: Snapshot  # of that step or later
    plan: FineTuningPlan  # the snapshot's
    classifier: Classifier  # its model
    step: int  # that it had come to
    judged: Judged  # what that model answers to all held-out examples


def write_model_zip(run: TakenRun, file: BinaryIO, *, half: bool, with_film: bool = False) -> None:
    """Write the zip; its files stand at its root, so that what is unzipped is the folder.

    Args:
        run: what is taken along.
        file: open for writing; it need not be seekable.
        half: float16 weights, half as large; whoever loads them computes in float32. Otherwise float32.
        with_film: whether the film of the run goes along.
    """
    lm = run.classifier.lm
    with ZipFile(file, "w") as bundle, tempfile.TemporaryDirectory() as place:
        save_fine_tuned(
            run.classifier.model,
            run.classifier.labels,
            lm.model,
            lm.tokenizer,
            place,
            dtype=torch.float16 if half else torch.float32,
        )
        add_text(bundle, "README.md", model_card(run.plan, run.snapshot, run.judged, step=run.step, half=half))
        add_text(bundle, "plan.json", plan_to_json(run.plan))
        add_text(bundle, "metrics.csv", metrics_csv([each for each in run.snapshot.steps if each.step <= run.step]))
        add_text(bundle, "held_out.csv", held_out_csv(run.plan, run.judged))
        for path in sorted(Path(place).iterdir()):
            add_file(bundle, path)
        film = run.snapshot.film
        if with_film and film is not None and film.frames:
            _add_film(bundle, film.until(run.step))


def metrics_csv(steps: Sequence[StepMetrics]) -> str:
    """What each step did, as CSV: a row a step, a column for each loss and each accuracy."""
    losses = list(steps[0].losses) if steps else []
    accuracies = list(steps[0].accuracies) if steps else []
    return safe_csv(
        [
            "step",
            "tokens",
            "seconds",
            "learning_rate",
            "gradient_norm",
            "examples_per_second",
            *(f"{name}_loss" for name in losses),
            *(f"{name}_accuracy" for name in accuracies),
        ],
        (
            [
                each.step,
                each.tokens,
                each.seconds,
                each.learning_rate,
                each.gradient_norm,
                each.examples_per_second,
                *(each.losses[name] for name in losses),
                *(each.accuracies[name] for name in accuracies),
            ]
            for each in steps
        ),
    )


def held_out_csv(plan: FineTuningPlan, judged: Judged) -> str:
    """What the model answers to every held-out example, as CSV; a text that would be a formula is made safe."""
    return safe_csv(
        ["text", "text_pair", "kind", "level", "label", "answer", *(f"p({label})" for label in plan.labels)],
        (
            [row.text, row.text_pair or "", row.kind, row.level, row.label, plan.labels[answer], *probs]
            for row, answer, probs in zip(
                plan.held_out.rows, judged.answers.tolist(), judged.probs.tolist(), strict=True
            )
        ),
    )


def _add_film(bundle: ZipFile, film: Film) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "film.safetensors"
        film.save(path)
        add_file(bundle, path)
