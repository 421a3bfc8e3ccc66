"""A fine-tuning as cells of a notebook that repeats it with lm_core and prints the same held-out accuracy."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from lm_core import load_pretrained
from lm_core.text.examples import Example, Examples
from lm_core.text.fewer import fewer
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from ui.frame.notebook import Cell, imports
from ui.i18n import _
from ui.lessons.fine_tuning.data_cells import cells as data_cells

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from ui.runs.labelled_data import ChosenData

_MOST_ROWS = 2000  # written out in a notebook


def cells(run: Snapshot, data: ChosenData | None) -> list[Cell]:
    """The data, the options of the run, the training, and what it is measured by; none where the data are too many.

    Args:
        run: a fine-tuning.
        data: what the address names now. Where the run learned from something else, its rows are written out.
    """
    plan = run.plan
    assert isinstance(plan, FineTuningPlan)
    same = _from_the_address(plan, data)
    if same is None and len(plan.train.rows) > _MOST_ROWS:
        return []
    first = same or [
        Cell(f"{imports(Example, Examples)}train = {_rows(plan.train)}\nheld_out = {_rows(plan.held_out)}")
    ]
    return [
        *first,
        Cell(
            _(
                "The training once more, with one thread as in the app. On the same kind of processor the numbers "
                "are the same to the last digit."
            ),
            "markdown",
        ),
        Cell(
            "import torch\n\n"
            f"{imports(load_pretrained, FineTuningOptions, FineTuningPlan)}"
            "torch.set_num_threads(1)\n"
            f"{beginning(plan)}"
            f"steps = training.advance({run.step})"
        ),
        Cell(
            "for each in training.history.held_out:\n"
            "    print(each.step, f\"{each.losses['label']:.4f} nats\", f\"accuracy {each.accuracies['label']:.4f}\")"
        ),
    ]


def beginning(plan: FineTuningPlan) -> str:
    """Code that makes `training` out of `train` and `held_out`; of the options only what differs is written."""
    options = plan.options
    differing = [
        f"{each.name}={getattr(options, each.name)!r}"
        for each in fields(options)
        if getattr(options, each.name) != each.default
    ]
    return (
        f"options = FineTuningOptions({', '.join(differing)})\n"
        f"plan = FineTuningPlan({plan.model!r}, train, held_out, options)\n"
        "training = plan.begin(load_pretrained)\n"
    )


def _from_the_address(plan: FineTuningPlan, data: ChosenData | None) -> list[Cell] | None:
    """The cells of the data that the address names, if it is what the plan learned from."""
    if data is None or plan.held_out != data.split.held_out:
        return None
    count, seed = len(plan.train.rows), plan.options.seed
    if plan.train == data.split.train:
        take = "train, held_out = parts.train, parts.held_out"
    elif plan.train == fewer(data.split.train, count, seed):
        take = f"{imports(fewer)}train, held_out = fewer(parts.train, {count}, seed={seed}), parts.held_out"
    else:
        return None
    return [*data_cells(data), Cell(take)]


def _rows(examples: Examples) -> str:
    """Labelled texts as code, a line each."""
    rows = [
        f"    Example({row.text!r}, {row.label!r}" + (f", {row.text_pair!r})," if row.text_pair is not None else "),")
        for row in examples.rows
    ]
    return "\n".join(["Examples((", *rows, "))"])
