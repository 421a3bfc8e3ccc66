"""What is kept of a run on disk: its plan, how it stands, and for each attempt at it a folder of its own."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from safetensors import SafetensorError

from lm_core.errors import InputError, LMGlassboxError, TrainingError
from lm_core.runs.pool import Status
from lm_core.text.whole_files import written_at_once
from lm_core.training.experiment import History
from lm_core.training.film import Film
from lm_core.training.plans import Plan, read_plan, write_plan

_RUN_ID = re.compile(r"[A-Za-z0-9_-]{12}")
_DAMAGED = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    SafetensorError,
)  # what reading such a file raises


@dataclass(frozen=True)
class Standing:
    """How a run stands: what another process has to know in order to go on with it."""

    status: Status
    pause_at: int | None  # the step after which it pauses; None goes on to the end
    attempt: str  # the name of the folder of this attempt
    error: LMGlassboxError | None = None  # why it failed


class RunFolders:
    """The runs in one folder, by their ids."""

    def __init__(self, folder: Path) -> None:
        """Keep runs there, and find those of an earlier process."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def create(self, plan: Plan) -> tuple[str, Path]:
        """A new id, and the folder of its first attempt."""
        run_id = secrets.token_urlsafe(9)
        attempt = self._folder / run_id / "1"
        attempt.mkdir(parents=True)
        write_plan(plan, attempt.parent / "plan.json")
        return run_id, attempt

    def read(self, run_id: str) -> tuple[Plan, Standing, Path]:
        """The plan of a run, how it stands, and the folder of its attempt.

        Raises:
            InputError: there is none of this id, or it is damaged.
        """
        if not _RUN_ID.fullmatch(run_id) or not (self._folder / run_id / "status.json").is_file():
            raise InputError(
                "There is no training {run_id} here. It may have been removed to make room.", run_id=run_id
            )
        folder = self._folder / run_id
        try:
            standing = _standing_of(json.loads((folder / "status.json").read_text(encoding="utf-8")))
            return read_plan(folder / "plan.json"), standing, folder / standing.attempt
        except _DAMAGED as error:
            raise InputError(
                "What is kept of the training {run_id} on this server is damaged. Begin a new one.", run_id=run_id
            ) from error

    def taken(self) -> int:
        """Bytes of all runs."""
        return _size(self._folder)

    def oldest(self) -> Iterator[str]:
        """The ids, those that were touched last at the end."""
        touched = []
        for folder in self._folder.iterdir():
            with suppress(FileNotFoundError):
                touched.append((folder.stat().st_mtime, folder.name))
        return (run_id for _, run_id in sorted(touched))

    def remove(self, run_id: str) -> int:
        """Forget a run; the bytes that this gives back."""
        given_back = _size(self._folder / run_id)
        shutil.rmtree(self._folder / run_id, ignore_errors=True)
        return given_back


def write_standing(attempt: Path, standing: Standing) -> None:
    """Write how the run of an attempt stands; the file is whole at any time."""
    error = standing.error
    words = {
        "status": "waiting" if standing.status == "running" else standing.status,
        "pause_at": standing.pause_at,
        "attempt": standing.attempt,
        "error": error and {"template": error.template, "fields": {k: str(v) for k, v in error.fields.items()}},
    }
    with written_at_once(attempt.parent / "status.json") as partial:
        partial.write_text(json.dumps(words), encoding="utf-8")


def read_kept(attempt: Path) -> tuple[History, Film | None]:
    """History and film of an attempt, as they were saved last.

    Raises:
        TrainingError: a file is damaged.
    """
    if not (attempt / "film.safetensors").is_file():  # which is written after the history
        return History(), None
    try:
        return History.load(attempt / "history.json"), Film.load(attempt / "film.safetensors")
    except _DAMAGED as error:
        raise damaged() from error


def damaged() -> TrainingError:
    """What was saved of a run is of no use."""
    return TrainingError("What was saved of this training is damaged. Reset it to begin again with the same seed.")


def _standing_of(words: dict[str, Any]) -> Standing:
    """The standing that was written; a ValueError where it makes no sense."""
    error, attempt = words["error"], words["attempt"]
    if words["status"] not in get_args(Status) or not attempt.isdecimal():
        raise ValueError("no standing of a run")
    told = TrainingError(error["template"], **error["fields"]) if error else None
    return Standing(words["status"], words["pause_at"], attempt, told)


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, while others may be at work there."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += file.stat().st_size if file.is_file() else 0
    return total
