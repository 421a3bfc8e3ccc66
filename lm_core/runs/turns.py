"""Many trainings on few workers: each takes the next run in the queue, a slice of it, and again."""

from __future__ import annotations

import os
import shutil
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from lm_core.errors import LMGlassboxError, TrainingError
from lm_core.runs.pool import Limits
from lm_core.runs.run_book import Entry, RunBook, Work
from lm_core.runs.run_folder import read_kept
from lm_core.training.experiment import Models

_IDLE = 1.0  # seconds after which an idle worker looks whether somebody has left
_MOST_LOSSES = 5  # of the machine under a run that has not been saved in between


class WorkLostError(TrainingError):
    """The machine that worked on a run is gone, and what it had not given back with it."""


class TakingTurns(RunBook, ABC):
    """A `Pool` whose workers are threads; where a run is worked on, its subclasses say.

    What nobody has looked at for the length of the lease is put away on disk, until somebody asks for it again; so is
    what was resting when memory was needed. A process that is killed loses the steps since the last save.
    """

    def __init__(
        self, folder: Path, models: Models, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start the workers.

        Args:
            folder: where runs are kept; those of an earlier process are found there again.
            models: gives the pre-trained models, from several threads.
            limits: how much to give to training.
            clock: seconds.
        """
        super().__init__(folder, limits, clock)
        self._models = models
        self._is_closing = False
        self._threads = [
            threading.Thread(target=self._work_on, args=(number,), name=f"training {number}", daemon=True)
            for number in range(limits.workers)
        ]
        for thread in self._threads:
            thread.start()

    @abstractmethod
    def _begin(self, entry: Entry, number: int | None) -> Work:
        """A run as it was last saved, in the hands of a worker, or of none in particular."""

    def _set_up(self, number: int) -> None:
        """What a worker's thread does first."""

    def _is_at_hand(self, work: Work, number: int) -> bool:  # noqa: ARG002
        """Whether a worker can go on with what is in memory."""
        return True

    def _can_work(self, number: int) -> bool:  # noqa: ARG002
        """Whether a worker can take a run now."""
        return True

    def model_folder(self, run_id: str) -> Path:
        """The model as it is now, as a Hugging Face folder that will not change."""
        while True:
            with self._changed:
                entry = self._find(run_id)
            with entry.lock:
                if entry.doomed is not None:  # reset while this waited: there is another attempt
                    continue
                if (entry.folder / "model").is_dir():
                    return entry.folder / "model"
                try:
                    return self._model_now(entry)
                except WorkLostError as lost:
                    if error := self._lose(entry, lost):
                        raise error from lost
                finally:
                    self._clear_up(entry)

    def close(self) -> None:
        """Save all runs and stop the workers."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        for entry in list(self._entries.values()):
            with entry.lock, suppress(WorkLostError):
                self._put_away(entry)

    def _work_on(self, number: int) -> None:
        """What a worker does, until the pool closes."""
        self._set_up(number)
        while (entry := self._take(number)) is not None:
            error: LMGlassboxError | None = None
            with entry.lock:
                try:
                    self._slice(entry, number)
                except WorkLostError as lost:
                    error = self._lose(entry, lost)
                except LMGlassboxError as told:
                    error = told
                except Exception as other:  # nobody above this thread could tell the reader
                    error = TrainingError("The training broke off: {reason}.", reason=other)
                # A disk that is full must not end the worker: in memory the run stands as it should.
                with self._changed, suppress(OSError):
                    self._hand_back(entry, number, error)
            with self._changed:
                self._changed.notify_all()  # somebody may wait for the room that this run takes

    def _take(self, number: int) -> Entry | None:
        """The next run, as soon as there is one; None when the pool closes."""
        while True:
            self._put_away_unwatched()
            can_work = self._can_work(number)
            with self._changed:
                if self._is_closing:
                    return None
                if self._queue and can_work:
                    entry = self._queue.popleft()
                    entry.status, entry.worker = "running", number
                    return entry
                self._changed.wait(_IDLE)

    def _slice(self, entry: Entry, number: int) -> None:
        """Some steps of one run; for who holds its lock."""
        if entry.doomed is not None or entry.status == "failed" or (entry.folder / "model").is_dir():
            return  # it came to its end, or was let go of, while this worker waited for it
        work = self._awake(entry, number)
        until = self._clock() + self._limits.slice_seconds
        while not work.is_done and self._is_wanted(entry, number):
            work.advance(1)
            if self._clock() >= until:
                break
        if entry.doomed is not None:
            return
        entry.num_bytes = work.num_bytes
        is_at_rest = work.is_done or entry.status == "paused" or entry.is_where_it_pauses
        if is_at_rest or self._clock() - entry.saved_at > self._limits.save_seconds:
            work.save(entry.folder)
            entry.saved_at, entry.losses = self._clock(), 0
        if work.is_done:
            _save_model(work, entry.folder / "model")
            self._forget(entry)
            (entry.folder / "state.pt").unlink(missing_ok=True)

    def _model_now(self, entry: Entry) -> Path:
        """The folder of a run's model at the step that it has reached; for who holds its lock."""
        work = self._awake(entry, None)
        folder = entry.folder / f"model-{entry.step}"
        if not folder.is_dir():
            for earlier in entry.folder.glob("model-*"):
                shutil.rmtree(earlier, ignore_errors=True)
            _save_model(work, folder)
        return folder

    def _is_wanted(self, entry: Entry, number: int) -> bool:
        """Whether a worker should take one more step of what it has in hand."""
        with self._changed:
            is_mine = entry.status == "running" and entry.worker == number
            return is_mine and not self._is_closing and not entry.is_where_it_pauses

    def _hand_back(self, entry: Entry, number: int, error: LMGlassboxError | None) -> None:
        """After a slice: back into the queue, or to rest; for who holds both locks."""
        if entry.doomed is not None:
            self._clear_up(entry)
        elif error is not None:
            self._leave_queue(entry)
            entry.status, entry.error = "failed", error
            self._forget(entry)
            self._write(entry)
        elif (entry.folder / "model").is_dir():
            self._leave_queue(entry)
            entry.status = "done"
            self._write(entry)
        elif entry.status == "running" and entry.worker == number:
            if entry.is_where_it_pauses:
                entry.status, entry.pause_at = "paused", None
                self._write(entry)
            else:
                self._queue_up(entry)

    def _lose(self, entry: Entry, lost: WorkLostError) -> LMGlassboxError | None:
        """Take a run up again where it was saved last; the reason, where that has failed too often."""
        entry.work, entry.num_bytes = None, 0
        entry.losses += 1
        try:
            entry.kept = read_kept(entry.folder)
        except TrainingError as error:
            return error
        return lost if entry.losses >= _MOST_LOSSES else None

    def _awake(self, entry: Entry, number: int | None) -> Work:
        """The run's work in memory, as it was last saved if it was only on disk; for who holds its lock."""
        if entry.work is not None and number is not None and not self._is_at_hand(entry.work, number):
            self._put_away(entry)
        if entry.work is None:
            self._make_room(entry)
            try:
                entry.work = self._begin(entry, number)
            finally:
                entry.num_bytes = 0 if entry.work is None else entry.work.num_bytes
            entry.saved_at = self._clock()
        return entry.work

    def _make_room(self, entry: Entry) -> None:
        """Set memory aside for a run; where there is none, put others away: what rests, then what was at its turn last.

        Raises:
            TrainingError: one run alone is too large.
        """
        needed, given = entry.plan.num_bytes(self._models), self._limits.memory_bytes
        if needed > given:
            raise TrainingError(
                "To train this model takes {needed} MB of memory, and this server gives {given} MB to training.",
                needed=f"{needed / 2**20:,.0f}",
                given=f"{given / 2**20:,.0f}",
            )
        while True:
            with self._changed:
                entries = list(self._entries.values())
                if sum(each.num_bytes for each in entries) + needed <= given:
                    entry.num_bytes = needed
                    return
                candidates = [*(each for each in entries if not each.is_active), *reversed(self._queue)]
            if not any(self._try_to_put_away(each) for each in candidates if each.work is not None):
                with self._changed:
                    self._changed.wait(_IDLE)  # all are in other workers' hands, for a slice

    def _put_away(self, entry: Entry) -> None:
        """Save a run's work and let go of it; for who holds its lock."""
        if entry.work is not None and entry.doomed is None:
            entry.work.save(entry.folder)
            self._forget(entry)

    def _forget(self, entry: Entry) -> None:
        """Keep of a run's work only what happened; for who holds its lock."""
        entry.kept = entry.told
        entry.work, entry.num_bytes = None, 0

    def _try_to_put_away(self, entry: Entry) -> bool:
        """Put a run away, unless somebody has it in hand."""
        if not entry.lock.acquire(blocking=False):
            return False
        try:
            self._put_away(entry)
            self._clear_up(entry)
        except WorkLostError as lost:
            self._lose(entry, lost)
        finally:
            entry.lock.release()
        return True

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
            with suppress(OSError, RuntimeError):  # the disk is full: it stays in memory
                if self._try_to_put_away(entry):
                    with self._changed:
                        if entry.looked_at < too_long_ago and self._entries.get(entry.run_id) is entry:
                            del self._entries[entry.run_id]


def _save_model(work: Work, folder: Path) -> None:
    """Write the model as it is now; the folder is there whole or not at all."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    work.save_model(partial)
    os.replace(partial, folder)
