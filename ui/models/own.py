"""Models of readers' own: that of a run of training, and one that was brought back; their names, places and titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import InputError
from lm_core.text.places import home_folder
from ui.i18n import _

if TYPE_CHECKING:
    from lm_core.runs.saved_models import SavedModels

RUN, SAVED = "run:", "saved:"
"""What begins the name of the model of a run, and of one that was brought back."""

_KEY_SHOWN = 8  # characters of a hash: enough to tell a few models apart
_STEP = re.compile(r"model-(\d+)")


@dataclass(frozen=True)
class OwnModel:
    """Where such a model lies now."""

    folder: Path
    step: int | None  # of a run: how far it had come; None for one that was brought back


def is_own(name: str) -> bool:
    """Whether a name is that of a model of a reader's own, which is here or nowhere."""
    return name.startswith((RUN, SAVED))


def own_model(name: str) -> OwnModel:
    """The model of a name; that of a run as it is now.

    Raises:
        InputError: there is no such run, or no such model.
        ValueError: the name is another one.
        LMGlassboxError: the run's model cannot be had.
    """
    if name.startswith(SAVED):
        return OwnModel(saved_models().place_of(name.removeprefix(SAVED)), None)
    if not name.startswith(RUN):
        raise ValueError(f"name: {name!r} is no model of a reader's own")
    from ui.runs.pool import pool  # which gets its models from the shelf that this module serves

    run_id = name.removeprefix(RUN)
    folder = pool().model_folder(run_id)
    found = _STEP.fullmatch(folder.name)
    return OwnModel(folder, int(found.group(1)) if found else pool().snapshot(run_id).step)


def own_title(name: str, step: int | None = None) -> str:
    """What a model of a reader's own is called where one is picked, as plain text.

    Args:
        name: as it stands in the address.
        step: at which the model of a run was loaded; None where it is not in memory.
    """
    if name.startswith(SAVED):
        return _("Brought back: {key}").format(key=name.removeprefix(SAVED)[:_KEY_SHOWN])
    data = data_name(_data_of(name.removeprefix(RUN)))
    return (
        _("Trained on {data}").format(data=data)
        if step is None
        else _("Trained on {data}, step {step}").format(data=data, step=f"{step:,}")
    )


def data_name(data: str) -> str:
    """What a plan's data are called, in the reader's language, as plain text; a reader's own have the reader's name."""
    from ui.runs.labelled_data import SOURCES  # only where somebody has trained

    return _(SOURCES[data]) if data in SOURCES else data or _("own examples")


def saved_models() -> SavedModels:
    """Where models lie that were brought back to this server."""
    from lm_core.runs.saved_models import SavedModels  # brings torch

    return SavedModels(home_folder() / "models")


@st.cache_resource(max_entries=512, show_spinner=False)
def _data_of(run_id: str) -> str:
    """What a run learns from; asked once, since whoever asks a pool for a run keeps it from being put away."""
    from ui.runs.pool import pool

    try:
        return str(pool().snapshot(run_id).plan.data)
    except InputError:
        return ""
