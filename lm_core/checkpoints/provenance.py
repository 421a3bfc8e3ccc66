"""Tables kept beside the weights they were measured on: how they are written and read, and whose they are."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lm_core.errors import CheckpointError


class Measured(Protocol):
    """A table that knows its weights."""

    @property
    def weights(self) -> str:
        """SHA-256 of model.safetensors."""


Table = TypeVar("Table", bound=Measured)


def weights_of(folder: Path) -> str:
    """SHA-256 of the weights in a checkpoint's folder: a table measured on others says nothing about these."""
    with (folder / "model.safetensors").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def command_of(subcommand: str, checkpoint: Path, data: Path, **options: str) -> str:
    """How a table was made, without the places of one machine.

    Args:
        subcommand: of `python -m lm_core`, in words.
        checkpoint: the folder that was measured.
        data: what it was measured on.
        options: by name, what else was asked for.
    """
    place = checkpoint.name if checkpoint.is_absolute() else checkpoint.as_posix()
    named = [part for name, value in options.items() for part in (f"--{name}", value)]
    return shlex.join(["python", "-m", "lm_core", *subcommand.split(), place, "--data", data.name, *named])


def write_beside(file: Path, table: Mapping[str, object], rows: Sequence[Mapping[str, object]], *, under: str) -> None:
    """Write a table as JSON, a line for each row.

    Args:
        file: in the folder of the weights.
        table: what was measured, on what, and by which command, without what is None; besides, the rows themselves.
        rows: as they are written.
        under: the name that they have in the table, and stand under.
    """
    about = {name: value for name, value in table.items() if name != under and value is not None}
    head = json.dumps(about, indent=2, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n    ".join(json.dumps(row) for row in rows)
    file.write_text(f'{head},\n  "{under}": [\n    {lines}\n  ]\n}}\n', encoding="utf-8")


def read_beside(file: Path, make: Callable[[dict[str, Any]], Table]) -> Table | None:
    """The table in a file beside a model's weights; None if there is none, or it was measured on other weights.

    Args:
        file: in the folder of the weights.
        make: the table out of what the file says.

    Raises:
        CheckpointError: the file is not such a table.
    """
    if not file.is_file():
        return None
    try:
        table = make(json.loads(file.read_text(encoding="utf-8")))
        return table if table.weights == weights_of(file.parent) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError("{file} is damaged: {reason}.", file=file, reason=error) from error
