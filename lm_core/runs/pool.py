"""What trains for many people at once: the face that a page sees, whoever does the work behind it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from lm_core.errors import LMGlassboxError
from lm_core.training.experiment import HeldOut
from lm_core.training.film import Film
from lm_core.training.plans import Plan
from lm_core.training.run import StepMetrics

Status = Literal["waiting", "running", "paused", "done", "failed"]


@dataclass(frozen=True)
class Snapshot:
    """A run as it stands now; nothing in it changes any more."""

    run_id: str
    plan: Plan
    status: Status  # waiting: active, but another one is being worked on; running: a worker is at it now
    place: int  # runs before it in the queue; 0 for one that is not waiting
    active_runs: int  # of the whole pool, this one included
    step: int
    total_steps: int
    steps: tuple[StepMetrics, ...]
    held_out: tuple[HeldOut, ...]
    baselines: dict[str, float]  # losses of who knows less, as of History; empty before the first step
    film: Film | None  # None before the first step
    stopped_early: bool
    error: LMGlassboxError | None  # why it failed


class Pool(Protocol):
    """What trains for many people; whoever knows the id of a run can look at it and steer it.

    Every method but `submit` raises an InputError for an id that there is no run of.
    """

    def submit(self, plan: Plan, *, paused: bool = False) -> str:
        """Take a run in, and give its id. Raises an InputError where there is no room."""

    def snapshot(self, run_id: str) -> Snapshot:
        """How a run stands; asking shows that somebody is interested in it."""

    def pause(self, run_id: str) -> None:
        """Stop after the step under way."""

    def resume(self, run_id: str) -> None:
        """Go on to the end."""

    def step(self, run_id: str, steps: int = 1) -> None:
        """Go on for some steps, and pause."""

    def reset(self, run_id: str) -> None:
        """Back to before the first step, with the same seed, paused."""

    def remove(self, run_id: str) -> None:
        """Stop and forget a run and all that was kept of it."""

    def model_folder(self, run_id: str) -> Path:
        """The model as it is now, as a Hugging Face folder that will not change."""

    def close(self) -> None:
        """Save all runs and stop the workers."""


@dataclass(frozen=True)
class Limits:
    """How much one server gives to training."""

    workers: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    active_runs: int = 40
    memory_bytes: int = 3 * 2**30  # of the runs in memory
    disk_bytes: int = 20 * 2**30  # of all runs that are kept
    slice_seconds: float = 0.5  # that a worker stays with one run
    lease_seconds: float = 60.0  # without anybody looking, until a run is put away
    save_seconds: float = 20.0  # between two saves of a run that learns
