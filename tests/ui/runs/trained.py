"""A tiny run of the server's own pool, trained to its end: what the pages after training are opened with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lm_core.text.examples import Example, Examples
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from tests.patience import PATIENCE
from ui.runs.pool import pool

HOSTILE = "=1+1 <script>alert(1)</script> | `a` [x](y) $z$ :smile:"
LABELS = ("about a cat", "about | a <b>dog</b> $x$ `狗`")
_TEXTS = [
    ("The cat slept on the sofa.", 0),
    ("A dog ran through the wet street.", 1),
    ("My cat never eats fish.", 0),
    ("Two dogs barked at the postman.", 1),
    ("Cats climb on the roof at night.", 0),
    ("The dog fetched the ball.", 1),
    (HOSTILE, 1),
]
_LEVELS = ("plain", "mixed", "hard")


@dataclass(frozen=True)
class Trained:
    """A run that is done."""

    run_id: str
    plan: FineTuningPlan
    folder: Path  # of its model


@cache
def trained(steps: int = 6) -> Trained:
    """The run; trained once for a process."""
    rows = tuple(
        Example(text, LABELS[label], kind=f"kind {number % 2}", level=_LEVELS[number % 3])
        for number, (text, label) in enumerate(_TEXTS)
    )
    options = FineTuningOptions(steps=steps, batch_size=2, learning_rate=3e-4)
    plan = FineTuningPlan(
        "compact-bert", Examples(rows), Examples(rows), options, ("A [MASK] slept.",), f"my {HOSTILE}"
    )
    run_id = pool().submit(plan)
    deadline = time.monotonic() + PATIENCE
    while (snapshot := pool().snapshot(run_id)).status != "done":
        assert snapshot.error is None, snapshot.error
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return Trained(run_id, plan, pool().model_folder(run_id))
