"""Plans of experiments as JSON: what is written beside a run, so that another process can do it, or go on with it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lm_core.text.examples import Example, Examples
from lm_core.text.whole_files import written_at_once
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from lm_core.training.small_pretraining import PreTrainingOptions, PreTrainingPlan

Plan = FineTuningPlan | PreTrainingPlan


def plan_to_json(plan: Plan) -> str:
    """A plan as one JSON object."""
    kind = "fine-tuning" if isinstance(plan, FineTuningPlan) else "pre-training"
    return json.dumps({"kind": kind, **asdict(plan)}, ensure_ascii=False)


def plan_from_json(text: str) -> Plan:
    """The plan that `plan_to_json` wrote."""
    read: dict[str, Any] = json.loads(text)
    if read.pop("kind") == "pre-training":
        options = PreTrainingOptions(**read.pop("options"))
        return PreTrainingPlan(**{**read, "options": options, "probes": tuple(read["probes"])})
    return FineTuningPlan(
        model=read["model"],
        train=_examples(read["train"]),
        held_out=_examples(read["held_out"]),
        options=FineTuningOptions(**read["options"]),
        probes=tuple(read["probes"]),
        data=read["data"],
    )


def write_plan(plan: Plan, file: Path) -> None:
    """Write a plan; the file is there at once or not at all."""
    with written_at_once(file) as partial:
        partial.write_text(plan_to_json(plan), encoding="utf-8")


def read_plan(file: Path) -> Plan:
    """Read what `write_plan` wrote."""
    return plan_from_json(file.read_text(encoding="utf-8"))


def _examples(read: dict[str, Any]) -> Examples:
    """Labelled texts from their JSON."""
    return Examples(tuple(Example(**row) for row in read["rows"]))
