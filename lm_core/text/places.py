"""Where on this machine the work of readers is kept: what they train on, and what they train."""

from __future__ import annotations

import os
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
