"""A model that was pre-trained here on a small text, to take along: a zip with a Hugging Face folder and its card."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

from lm_core.checkpoints.bundle import add_file, add_text
from lm_core.errors import CheckpointError
from lm_core.runs.pool import Snapshot
from lm_core.text.small_text import read_text
from lm_core.text.spreadsheets import safe_csv
from lm_core.training.experiment import HeldOut
from lm_core.training.plans import plan_to_json
from lm_core.training.small_pretraining import PreTrainingPlan


def write_small_model_zip(run: Snapshot, folder: Path, file: BinaryIO) -> None:
    """Write the zip; its files stand at its root, so that what is unzipped is the folder.

    Args:
        run: a pre-training.
        folder: its model as it is now.
        file: open for writing.

    Raises:
        CheckpointError: the folder cannot be read.
        ValueError: the run is no pre-training.
    """
    plan = run.plan
    if not isinstance(plan, PreTrainingPlan):
        raise ValueError("run: not a pre-training")
    with ZipFile(file, "w") as bundle:
        for name, text in (
            ("README.md", small_model_card(run, plan)),
            ("plan.json", plan_to_json(plan)),
            ("losses.csv", _losses(run)),
        ):
            add_text(bundle, name, text)
        try:
            for path in sorted(folder.iterdir()):
                add_file(bundle, path)
        except OSError as error:
            raise CheckpointError(
                "{file} cannot be read: {reason}.", file=folder, reason=error.strerror or error
            ) from error


def small_model_card(run: Snapshot, plan: PreTrainingPlan) -> str:
    """What the model read and how well it does, in Markdown; every number is the run's."""
    documents = read_text(plan.text)
    words = sum(len(sentence.split()) for document in documents for sentence in document)
    lines = [
        "---",
        "library_name: transformers",
        "pipeline_tag: fill-mask",
        "---",
        "",
        "# A small language model, trained in LM Glassbox",
        "",
        f"Trained {'from random weights' if plan.options.start == 'nothing' else 'on from another model'} on one text "
        f"of {len(documents):,} documents and {words:,} words, with masked words and next sentences, for {run.step:,} "
        f"of {run.total_steps:,} steps. It knows nothing but what that text says, and is for learning how models work.",
        "",
        "`BertForPreTraining.from_pretrained` loads this folder, and so does `lm_core.load_pretrained`.",
        "",
        "| held out | loss (nats) | right | who knows less |",
        "|---|---|---|---|",
    ]
    if run.held_out:
        last = run.held_out[-1]
        lesser = {
            "masked_lm": f"{run.baselines['unigram']:.3f} (frequencies), {run.baselines['uniform']:.3f} (nothing)",
            "next_sentence": f"{math.log(2):.3f} (a coin)",
        }
        lines += [
            f"| {name} | {loss:.3f} | {last.accuracies[name]:.1%} | {lesser.get(name, '')} |"
            for name, loss in last.losses.items()
        ]
    lines += ["", "## Options", "", *(f"- {name}: {value}" for name, value in asdict(plan.options).items()), ""]
    return "\n".join(lines)


def _losses(run: Snapshot) -> str:
    """Every step, and the measurements on held-out text beside those at which they were made."""
    names = list(run.steps[0].losses) if run.steps else []
    measured = {each.step: each for each in run.held_out}
    nothing = HeldOut(0, {}, {})
    return safe_csv(
        ["step", "tokens", "learning_rate", *names, *(f"held_out_{name}" for name in names)],
        (
            [
                each.step,
                each.tokens,
                each.learning_rate,
                *(each.losses[name] for name in names),
                *(measured.get(each.step, nothing).losses.get(name, "") for name in names),
            ]
            for each in run.steps
        ),
    )
