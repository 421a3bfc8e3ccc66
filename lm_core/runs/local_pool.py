"""Many trainings on the cores of this machine, in threads of this process."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError

from lm_core.errors import LMGlassboxError
from lm_core.runs.pool import Limits
from lm_core.runs.run_book import Entry
from lm_core.runs.run_folder import damaged
from lm_core.runs.turns import TakingTurns
from lm_core.training.experiment import Experiment, Models
from lm_core.training.plans import Plan

_POLITENESS = 10  # how much the system prefers a page's thread to a worker's


class LocalPool(TakingTurns):
    """A `Pool` that trains in this process: there is nothing to set up, and a page's own models serve it."""

    def __init__(
        self,
        folder: Path,
        models: Models,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start as many workers as there are cores, unless told otherwise; see `TakingTurns`."""
        super().__init__(folder, models, limits or Limits(), clock)

    def _set_up(self, number: int) -> None:  # noqa: ARG002
        torch.set_num_threads(1)  # the same sums in the same order, whatever else is going on
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITENESS)

    def _begin(self, entry: Entry, number: int | None) -> Experiment:  # noqa: ARG002
        return go_on(entry.plan, self._models, entry.folder)


def go_on(plan: Plan, models: Models, folder: Path) -> Experiment:
    """A run as it was last saved in a folder; at its first step, where it never was.

    Raises:
        LMGlassboxError: the model cannot be had, or what was saved is damaged.
    """
    experiment = plan.begin(models)
    try:
        experiment.load(folder)
    except LMGlassboxError:
        raise
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, EOFError, SafetensorError) as error:
        raise damaged() from error
    return experiment
