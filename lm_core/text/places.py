"""Where on this machine the work of readers is kept: what they train on, and what they train."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

HOME = "LM_GLASSBOX_HOME"
"""The environment variable that names the folder; without it, the user's own place for data."""


def home_folder() -> Path:
    """The folder for everything that outlives the server."""
    named = os.environ.get(HOME)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path  # only where nobody has named a folder

    return user_data_path("lm-glassbox", appauthor=False)


def runs_folder() -> Path:
    """Where runs of training are kept, a folder each."""
    return home_folder() / "runs"


def data_folder() -> Path:
    """Where labelled data are kept that are too long for an address."""
    return home_folder() / "data"


def in_the_way(kept: Iterable[tuple[float, int, Path]], needed: int, *, most: int, most_bytes: int) -> list[Path]:
    """What has to go so that one more has room in a folder, the one not asked for longest first.

    Args:
        kept: of each that is there the time it was asked for last, its bytes, and its place.
        needed: bytes of the new one.
        most: how many may be there, with the new one.
        most_bytes: how large all may be together.
    """
    order = sorted(kept)
    size = sum(each for _, each, _ in order)
    going = []
    while order and (len(order) >= most or size + needed > most_bytes):
        _, its_size, oldest = order.pop(0)
        going.append(oldest)
        size -= its_size
    return going
