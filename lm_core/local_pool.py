"""Many trainings on few cores: worker threads of this process take the active runs in turn, a slice each."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from lm_core.errors import InputError, LMGlassboxError, TrainingError
from lm_core.experiment import Experiment, History, Models
from lm_core.film import Film
from lm_core.plans import Plan, read_plan, write_plan
from lm_core.pool import Limits, Snapshot, Status

_RUN_ID = re.compile(r"[A-Za-z0-9_-]{12}")
_POLITENESS = 10  # how much the system prefers a page's thread to a worker's
_IDLE = 1.0  # seconds after which an idle worker looks whether somebody has left


@dataclass(eq=False)
class _Entry:
    """One run. The pool's lock guards it, but for the experiment, which whoever holds `lock` works on."""

    run_id: str
    plan: Plan
    folder: Path  # of this attempt; after a reset there is another one
    status: Status
    steps_left: int | None  # until it pauses; None goes on to the end
    looked_at: float  # when somebody last did
    experiment: Experiment | None = None  # None while it is only on disk
    worker: int | None = None  # the thread that has it in hand
    is_away: bool = False  # nobody looks: it waits on disk, and not in the queue
    is_discarded: bool = False  # it was reset or removed while a worker had it in hand
    saved_at: float = 0.0
    error: LMGlassboxError | None = None
    kept: tuple[History, Film | None] = field(default_factory=lambda: (History(), None))  # what is on disk
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_active(self) -> bool:
        """Whether it wants to go on."""
        return self.status in ("waiting", "running")


class LocalPool:
    """A `Pool` of worker threads, each run kept in a folder of its own.

    What nobody has looked at for the length of the lease is put away on disk, until somebody asks for it again; so is
    what was resting when memory was needed. A process that is killed loses the steps since the last save.
    """

    def __init__(
        self,
        folder: Path,
        models: Models,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the workers.

        Args:
            folder: where runs are kept; those of an earlier process are found there again.
            models: gives the pre-trained models, from several threads.
            limits: how much to give to training.
            clock: seconds.
        """
        self._folder = folder
        self._models = models
        self._limits = limits or Limits()
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._queue: deque[_Entry] = deque()
        self._changed = threading.Condition()
        self._is_closing = False
        folder.mkdir(parents=True, exist_ok=True)
        self._threads = [
            threading.Thread(target=self._work_on, args=(number,), name=f"training {number}", daemon=True)
            for number in range(self._limits.workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, plan: Plan, *, paused: bool = False) -> str:
        """Take a run in, and give its id.

        Raises:
            InputError: as many trainings as this server takes are under way.
        """
        run_id = secrets.token_urlsafe(9)
        folder = self._folder / run_id
        with self._changed:
            self._refuse_if_full()
            (folder / "1").mkdir(parents=True)
            write_plan(plan, folder / "plan.json")
            entry = _Entry(run_id, plan, folder / "1", "paused", None, self._clock())
            self._entries[run_id] = entry
            if not paused:
                self._queue_up(entry)
            self._write_status(entry)
        self._forget_the_oldest()
        return run_id

    def snapshot(self, run_id: str) -> Snapshot:
        """How a run stands; asking shows that somebody is interested in it."""
        with self._changed:
            entry = self._find(run_id)
            experiment = entry.experiment
            history, film = (experiment.history, experiment.film) if experiment else entry.kept
            steps = tuple(history.steps)
            return Snapshot(
                run_id=run_id,
                plan=entry.plan,
                status=entry.status,
                place=self._queue.index(entry) if entry.status == "waiting" and entry in self._queue else 0,
                active_runs=sum(each.is_active and not each.is_away for each in self._entries.values()),
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
                self._write_status(entry)

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
            self._discard(old)
            attempt = old.folder.parent / str(int(old.folder.name) + 1)
            attempt.mkdir()
            entry = _Entry(run_id, old.plan, attempt, "paused", None, self._clock())
            self._entries[run_id] = entry
            self._write_status(entry)

    def remove(self, run_id: str) -> None:
        """Stop and forget a run and all that was kept of it."""
        with self._changed:
            entry = self._find(run_id)
            self._discard(entry)
            del self._entries[run_id]
            shutil.rmtree(entry.folder.parent, ignore_errors=True)

    def model_folder(self, run_id: str) -> Path:
        """The model as it is now, as a Hugging Face folder that will not change."""
        with self._changed:
            entry = self._find(run_id)
        with entry.lock:
            if (entry.folder / "model").is_dir():
                return entry.folder / "model"
            experiment = self._awake(entry)
            folder = entry.folder / f"model-{experiment.step}"
            if not folder.is_dir():
                for earlier in entry.folder.glob("model-*"):
                    shutil.rmtree(earlier, ignore_errors=True)
                experiment.save_model(folder)
            return folder

    def close(self) -> None:
        """Save all runs and stop the workers."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        for entry in self._entries.values():
            with entry.lock:
                self._put_away(entry)

    # What follows is called with the pool's lock held.

    def _find(self, run_id: str) -> _Entry:
        """The run of this id, from disk if need be; it counts as looked at, and comes back if it was away."""
        entry = self._entries.get(run_id) or self._restored(run_id)
        entry.looked_at = self._clock()
        if entry.is_away:
            entry.is_away = False
            self._queue_up(entry)
        return entry

    def _restored(self, run_id: str) -> _Entry:
        """A run that an earlier process, or this one some time ago, has left on disk."""
        folder = self._folder / run_id
        if not _RUN_ID.fullmatch(run_id) or not (folder / "status.json").is_file():
            raise InputError(
                "There is no training {run_id} here. It may have been removed to make room.", run_id=run_id
            )
        status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
        entry = _Entry(
            run_id,
            read_plan(folder / "plan.json"),
            folder / status["attempt"],
            status["status"],
            status["steps_left"],
            self._clock(),
        )
        _read_kept(entry)
        self._entries[run_id] = entry
        if entry.is_active:
            self._queue_up(entry)
        return entry

    def _queue_up(self, entry: _Entry) -> None:
        """To the end of the queue."""
        entry.status = "waiting"
        entry.worker = None
        self._queue.append(entry)
        self._changed.notify()

    def _leave_queue(self, entry: _Entry) -> None:
        with contextlib.suppress(ValueError):
            self._queue.remove(entry)

    def _discard(self, entry: _Entry) -> None:
        """Let go of an attempt; if a worker has it in hand, that one clears up behind itself."""
        self._leave_queue(entry)
        entry.is_discarded = True
        entry.status = "paused"
        if not entry.lock.locked():
            shutil.rmtree(entry.folder, ignore_errors=True)

    def _refuse_if_full(self) -> None:
        active = sum(entry.is_active and not entry.is_away for entry in self._entries.values())
        if active >= self._limits.active_runs:
            raise InputError(
                "{count} trainings are under way on this server, which is as many as it takes. Try again when one of "
                "them has ended; nothing that you have chosen or typed is lost.",
                count=active,
            )

    def _write_status(self, entry: _Entry) -> None:
        """What another process has to know of a run in order to go on with it."""
        status = {
            "status": "waiting" if entry.status == "running" else entry.status,
            "steps_left": entry.steps_left,
            "attempt": entry.folder.name,
        }
        file = entry.folder.parent / "status.json"
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(status), encoding="utf-8")
        os.replace(partial, file)

    # What follows takes the lock itself.

    def _go_on(self, run_id: str, steps: int | None) -> None:
        """Let a run that is paused, or one that is on its way, take so many steps from here on."""
        with self._changed:
            entry = self._find(run_id)
            if entry.status == "paused":
                self._refuse_if_full()
                self._queue_up(entry)
            if entry.is_active:
                entry.steps_left = steps
                self._write_status(entry)

    def _forget_the_oldest(self) -> None:
        """Where all runs together take too much of the disk: those that nobody has touched for longest."""
        with self._changed:
            in_use = set(self._entries)
        runs = sorted(
            (file.stat().st_mtime, file.parent)
            for file in self._folder.glob("*/status.json")
            if file.parent.name not in in_use
        )
        taken = sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())
        for _, folder in runs:
            if taken <= self._limits.disk_bytes:
                return
            taken -= sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            shutil.rmtree(folder, ignore_errors=True)

    def _work_on(self, number: int) -> None:
        """What a worker does: the next run in the queue, a slice of it, and again."""
        torch.set_num_threads(1)  # the same sums in the same order, whatever else is going on
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITENESS)
        while (entry := self._take(number)) is not None:
            try:
                with entry.lock:
                    self._slice(entry, number)
            except LMGlassboxError as error:
                self._fail(entry, error)
            except Exception as error:  # nobody above this thread could tell the reader
                self._fail(entry, TrainingError("The training broke off: {reason}.", reason=error))
            self._hand_back(entry, number)

    def _take(self, number: int) -> _Entry | None:
        """The next run, as soon as there is one; None when the pool closes."""
        while True:
            self._put_away_unwatched()
            with self._changed:
                if self._is_closing:
                    return None
                if self._queue:
                    entry = self._queue.popleft()
                    entry.status, entry.worker = "running", number
                    return entry
                self._changed.wait(_IDLE)

    def _slice(self, entry: _Entry, number: int) -> None:
        """Some steps of one run."""
        experiment = self._awake(entry)
        until = self._clock() + self._limits.slice_seconds
        while not experiment.is_done and self._clock() < until:
            with self._changed:
                if entry.status != "running" or entry.worker != number or entry.steps_left == 0 or self._is_closing:
                    break
                if entry.steps_left is not None:
                    entry.steps_left -= 1
            experiment.advance(1)
        if entry.is_discarded:
            return
        if experiment.is_done:
            experiment.save_model(entry.folder / "model")
        is_at_rest = experiment.is_done or entry.status == "paused" or entry.steps_left == 0
        if is_at_rest or self._clock() - entry.saved_at > self._limits.save_seconds:
            experiment.save(entry.folder)
            entry.saved_at = self._clock()
        if experiment.is_done:
            entry.kept = experiment.history, experiment.film
            entry.experiment = None
            (entry.folder / "state.pt").unlink()

    def _hand_back(self, entry: _Entry, number: int) -> None:
        """After a slice: back into the queue, or to rest."""
        with self._changed:
            if entry.is_discarded:
                shutil.rmtree(entry.folder, ignore_errors=True)
            elif (entry.folder / "model").is_dir():
                entry.status = "done"
                self._write_status(entry)
            elif entry.status == "running" and entry.worker == number:
                if entry.steps_left == 0:
                    entry.status, entry.steps_left = "paused", None
                    self._write_status(entry)
                else:
                    self._queue_up(entry)

    def _fail(self, entry: _Entry, error: LMGlassboxError) -> None:
        """The run ends here, and says why; what was saved of it stays."""
        with self._changed:
            entry.status, entry.error = "failed", error
            if entry.experiment is not None:
                entry.kept = entry.experiment.history, entry.experiment.film
            entry.experiment = None
            self._write_status(entry)

    def _awake(self, entry: _Entry) -> Experiment:
        """The run's experiment in memory, as it was last saved if it was only on disk; for who holds its lock."""
        if entry.experiment is None:
            self._make_room(entry.plan.num_bytes(self._models))
            experiment = entry.plan.begin(self._models)
            experiment.load(entry.folder)
            entry.saved_at = self._clock()
            entry.experiment = experiment
        return entry.experiment

    def _make_room(self, num_bytes: int) -> None:
        """Put runs away until so many bytes are free: first what rests, then what was at its turn last.

        Raises:
            TrainingError: one run alone is too large.
        """
        if num_bytes > self._limits.memory_bytes:
            raise TrainingError(
                "To train this model takes {needed} MB of memory, and this server gives {given} MB to training.",
                needed=f"{num_bytes / 2**20:,.0f}",
                given=f"{self._limits.memory_bytes / 2**20:,.0f}",
            )
        with self._changed:
            resting = [entry for entry in self._entries.values() if not entry.is_active]
            candidates = [*resting, *reversed(self._queue)]
        for entry in candidates:
            if self._taken() + num_bytes <= self._limits.memory_bytes:
                return
            if entry.lock.acquire(blocking=False):
                try:
                    self._put_away(entry)
                finally:
                    entry.lock.release()

    def _taken(self) -> int:
        """Bytes of the experiments in memory."""
        with self._changed:
            experiments = [entry.experiment for entry in self._entries.values()]
        return sum(experiment.num_bytes for experiment in experiments if experiment is not None)

    def _put_away(self, entry: _Entry) -> None:
        """Save an experiment and let go of it; for who holds its lock."""
        experiment = entry.experiment
        if experiment is not None and not entry.is_discarded:
            experiment.save(entry.folder)
            entry.kept = experiment.history, experiment.film
            entry.experiment = None

    def _put_away_unwatched(self) -> None:
        """Put away what nobody has looked at for the length of the lease."""
        with self._changed:
            too_long_ago = self._clock() - self._limits.lease_seconds
            left = [
                entry
                for entry in self._entries.values()
                if entry.looked_at < too_long_ago and entry.status != "running"
            ]
            for entry in left:
                entry.is_away = entry.is_active
                self._leave_queue(entry)
        for entry in left:
            if not entry.lock.acquire(blocking=False):
                continue
            try:
                self._put_away(entry)
            finally:
                entry.lock.release()
            with self._changed:
                if entry.looked_at < too_long_ago and self._entries.get(entry.run_id) is entry:
                    del self._entries[entry.run_id]


def _read_kept(entry: _Entry) -> None:
    """History and film as they are on disk; none of what came after the last save."""
    with contextlib.suppress(FileNotFoundError):
        entry.kept = History.load(entry.folder / "history.json"), Film.load(entry.folder / "film.safetensors")
