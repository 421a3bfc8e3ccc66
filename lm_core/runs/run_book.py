"""The book of all runs: who they are, how they stand, and the queue in which they take turns."""

from __future__ import annotations

import shutil
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lm_core.errors import InputError, LMGlassboxError, TrainingError
from lm_core.runs.pool import Limits, Snapshot, Status
from lm_core.runs.run_folder import RunFolders, Standing, read_kept, write_standing
from lm_core.training.experiment import History
from lm_core.training.film import Film
from lm_core.training.plans import Plan
from lm_core.training.run import StepMetrics


class Work(Protocol):
    """A run as who works on it has it in hand: an `Experiment`, or one on another machine."""

    history: History
    film: Film

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""

    @property
    def num_bytes(self) -> int:
        """What it takes in memory."""

    def advance(self, steps: int) -> list[StepMetrics]:
        """Take so many steps."""

    def save(self, folder: Path) -> None:
        """Write all that is needed to go on."""

    def save_model(self, folder: Path) -> None:
        """Write the model as it is now."""


@dataclass(eq=False)
class Entry:
    """One run. The book's lock guards it, but for the work, which whoever holds `lock` does."""

    run_id: str
    plan: Plan
    folder: Path  # of this attempt; after a reset there is another one
    looked_at: float  # when somebody last did
    status: Status = "paused"
    pause_at: int | None = None  # the step after which it pauses; None goes on to the end
    work: Work | None = None  # None while it is only on disk
    num_bytes: int = 0  # of memory that are set aside for the work
    worker: int | None = None  # the thread that has it in hand
    is_away: bool = False  # nobody looks: it waits on disk, and not in the queue
    doomed: Path | None = None  # it was reset or removed: what is to be deleted of it, by who has it in hand
    saved_at: float = 0.0
    losses: int = 0  # how often the machine that worked on it was lost since the last save
    error: LMGlassboxError | None = None
    kept: tuple[History, Film | None] = field(default_factory=lambda: (History(), None))  # what is on disk
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_active(self) -> bool:
        """Whether it wants to go on."""
        return self.status in ("waiting", "running")

    @property
    def told(self) -> tuple[History, Film | None]:
        """What happened so far, as far as is known here."""
        work = self.work
        return (work.history, work.film) if work is not None else self.kept

    @property
    def step(self) -> int:
        """Steps taken."""
        steps = self.told[0].steps
        return steps[-1].step if steps else 0

    @property
    def is_where_it_pauses(self) -> bool:
        """Whether it has taken the steps that were asked for."""
        return self.pause_at is not None and self.step >= self.pause_at


class RunBook:
    """What a reader can do to runs: each of these only writes into the book, and no one waits for a step."""

    def __init__(self, folder: Path, limits: Limits, clock: Callable[[], float]) -> None:
        """Open the book.

        Args:
            folder: where runs are kept; those of an earlier process are found there again.
            limits: how much to give to training.
            clock: seconds.
        """
        self._folders = RunFolders(folder)
        self._limits = limits
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._queue: deque[Entry] = deque()
        self._changed = threading.Condition()

    def submit(self, plan: Plan, *, paused: bool = False) -> str:
        """Take a run in, and give its id.

        Raises:
            InputError: as many trainings as this server takes are under way, or its disk is full of them.
        """
        self._forget_the_oldest()
        with self._changed:
            self._refuse_if_full()
            run_id, attempt = self._folders.create(plan)
            entry = self._entries[run_id] = Entry(run_id, plan, attempt, self._clock())
            if not paused:
                self._queue_up(entry)
            self._write(entry)
        return run_id

    def snapshot(self, run_id: str) -> Snapshot:
        """How a run stands; asking shows that somebody is interested in it."""
        with self._changed:
            entry = self._find(run_id)
            history, film = entry.told
            steps = tuple(history.steps)
            return Snapshot(
                run_id=run_id,
                plan=entry.plan,
                status=entry.status,
                place=self._queue.index(entry) if entry in self._queue else 0,
                active_runs=self._count_active(),
                step=steps[-1].step if steps else 0,
                total_steps=entry.plan.total_steps,
                steps=steps,
                held_out=tuple(history.held_out),
                baselines=history.baselines,
                film=film,
                stopped_early=entry.status == "done" and len(steps) < entry.plan.total_steps,
                error=entry.error,
            )

    def pause(self, run_id: str) -> None:
        """Stop after the step under way."""
        with self._changed:
            entry = self._find(run_id)
            if entry.is_active:
                self._leave_queue(entry)
                entry.status = "paused"
                self._write(entry)

    def resume(self, run_id: str) -> None:
        """Go on to the end."""
        self._go_on(run_id, None)

    def step(self, run_id: str, steps: int = 1) -> None:
        """Go on for some steps, and pause."""
        self._go_on(run_id, steps)

    def reset(self, run_id: str) -> None:
        """Back to before the first step, with the same seed, paused."""
        with self._changed:
            old = self._find(run_id)
            self._let_go(old, old.folder)
            attempt = old.folder.parent / str(int(old.folder.name) + 1)
            attempt.mkdir(exist_ok=True)
            entry = self._entries[run_id] = Entry(run_id, old.plan, attempt, self._clock())
            self._write(entry)

    def remove(self, run_id: str) -> None:
        """Stop and forget a run and all that was kept of it."""
        with self._changed:
            entry = self._find(run_id)
            (entry.folder.parent / "status.json").unlink(missing_ok=True)  # from now on nobody finds it
            self._let_go(entry, entry.folder.parent)
            del self._entries[run_id]

    # What follows is called with the lock held.

    def _find(self, run_id: str) -> Entry:
        """The run of this id, from disk if need be; it counts as looked at, and comes back if it was away."""
        entry = self._entries.get(run_id) or self._restored(run_id)
        entry.looked_at = self._clock()
        if entry.is_away:
            entry.is_away = False
            self._queue_up(entry)
        return entry

    def _restored(self, run_id: str) -> Entry:
        """A run that an earlier process, or this one some time ago, has left on disk."""
        plan, standing, attempt = self._folders.read(run_id)
        entry = Entry(run_id, plan, attempt, self._clock(), standing.status, standing.pause_at, error=standing.error)
        self._entries[run_id] = entry
        try:
            entry.kept = read_kept(attempt)
        except TrainingError as error:
            entry.status, entry.error = "failed", error
        if entry.is_active:
            self._queue_up(entry)
        return entry

    def _queue_up(self, entry: Entry) -> None:
        """To the end of the queue."""
        entry.status, entry.worker = "waiting", None
        self._queue.append(entry)
        self._changed.notify_all()

    def _leave_queue(self, entry: Entry) -> None:
        with suppress(ValueError):
            self._queue.remove(entry)

    def _let_go(self, entry: Entry, doomed: Path) -> None:
        """Have no more to do with an attempt; whoever has it in hand clears up behind it."""
        self._leave_queue(entry)
        entry.status, entry.doomed = "paused", doomed
        if entry.lock.acquire(blocking=False):
            try:
                self._clear_up(entry)
            finally:
                entry.lock.release()

    def _clear_up(self, entry: Entry) -> None:
        """Delete what is doomed of an entry; for who holds its lock."""
        if entry.doomed is not None:
            entry.work, entry.num_bytes = None, 0
            shutil.rmtree(entry.doomed, ignore_errors=True)

    def _count_active(self) -> int:
        return sum(entry.is_active and not entry.is_away for entry in self._entries.values())

    def _refuse_if_full(self) -> None:
        active = self._count_active()
        if active >= self._limits.active_runs:
            raise InputError(
                "{count} trainings are under way on this server, which is as many as it takes. Try again when one of "
                "them has ended; nothing that you have chosen or typed is lost.",
                count=active,
            )

    def _write(self, entry: Entry) -> None:
        """Keep on disk how a run stands."""
        write_standing(entry.folder, Standing(entry.status, entry.pause_at, entry.folder.name, entry.error))

    # What follows takes the lock itself.

    def _go_on(self, run_id: str, steps: int | None) -> None:
        """Let a run that is paused, or one that is on its way, take so many steps from here on."""
        with self._changed:
            entry = self._find(run_id)
            if entry.status == "paused":
                self._refuse_if_full()
                self._queue_up(entry)
            if entry.is_active:
                entry.pause_at = None if steps is None else entry.step + steps
                self._write(entry)

    def _forget_the_oldest(self) -> None:
        """Where all runs together take too much of the disk: those that nobody has touched for longest.

        Raises:
            InputError: that is not enough, since people are at work on the others.
        """
        taken = self._folders.taken()
        for run_id in self._folders.oldest():
            if taken <= self._limits.disk_bytes:
                return
            with self._changed:
                if run_id not in self._entries:
                    taken -= self._folders.remove(run_id)
        if taken > self._limits.disk_bytes:
            raise InputError(
                "The trainings on this server take all the room on its disk that there is for them. Try again when "
                "somebody has left, or remove a training that you no longer need; nothing that you have chosen or "
                "typed is lost."
            )
