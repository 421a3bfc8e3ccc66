"""Files that are there whole or not at all, whenever the process that writes them is killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_at_once(file: Path) -> Iterator[Path]:
    """A place to write to instead; at the end it takes the file's name, and until then an earlier file stays whole."""
    partial = file.with_suffix(".partial")
    yield partial
    os.replace(partial, file)
