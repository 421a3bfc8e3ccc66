"""A pre-training of the page as cells of a notebook that does it again, with the same numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ui.frame.notebook import Cell, imports
from ui.i18n import _
from ui.lessons.pretraining.cells import source_cell
from ui.lessons.pretraining.source import WORKADAY, shipped_text

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot


def run_cells(run: Snapshot) -> list[Cell]:
    """The plan, the whole training, its losses against the lines, and the answers along the way."""
    from lm_core import load_pretrained
    from lm_core.training.small_pretraining import PreTrainingOptions, PreTrainingPlan

    plan = run.plan
    assert isinstance(plan, PreTrainingPlan)
    options = ",\n    ".join(f"{name}={value!r}" for name, value in asdict(plan.options).items())
    return [
        Cell(
            _(
                "A pre-training of LM Glassbox, done again. Run this in the folder of LM Glassbox: it needs `lm_core` "
                "and no more. On the same machine the numbers are the same."
            ),
            "markdown",
        ),
        source_cell(plan.text, is_ours=plan.text == shipped_text(WORKADAY)),
        Cell(
            "import torch\n\n"
            f"{imports(load_pretrained, PreTrainingOptions, PreTrainingPlan)}"
            "torch.set_num_threads(1)  # the order of sums matters\n"
            f"options = PreTrainingOptions(\n    {options},\n)\n"
            f"plan = PreTrainingPlan(text, options, model={plan.model!r}, probes={plan.probes!r})\n"
            "experiment = plan.begin(load_pretrained)\n"
            "while not experiment.is_done:\n"
            "    experiment.advance(100)\n"
            "    print(experiment.step, experiment.history.held_out[-1].losses)"
        ),
        Cell("experiment.history.baselines"),
        Cell(
            "for frame in experiment.film.frames:\n    print(frame.step, [[answer.token for answer in gap[:3]] for "
            "look in frame.looks for gap in look.answers])"
        ),
    ]
