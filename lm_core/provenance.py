"""Which weights a table was measured on, and by which command: what is kept beside every figure that is shipped."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path


def weights_of(folder: Path) -> str:
    """SHA-256 of the weights in a checkpoint's folder: a table measured on others says nothing about these."""
    with (folder / "model.safetensors").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def command_of(module: str, checkpoint: Path, data: Path, **options: str) -> str:
    """How a table was made, without the places of one machine."""
    place = checkpoint.name if checkpoint.is_absolute() else checkpoint.as_posix()
    named = [part for name, value in options.items() for part in (f"--{name}", value)]
    return shlex.join(["python", "-m", module, place, "--data", data.name, *named])
