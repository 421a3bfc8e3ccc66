"""Models of readers' own: that of a run of training, and one that was brought back; their names, places and titles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import InputError
from lm_core.text.places import home_folder
from ui.address.session import change, session
from ui.address.sources import data_name
from ui.i18n import _
from ui.models.state import ModelsState

if TYPE_CHECKING:
    from lm_core.runs.pool import Pool
    from lm_core.runs.saved_models import SavedModels

RUN, SAVED = "run:", "saved:"
"""What begins the name of the model of a run, and of one that was brought back."""

_KEY_SHOWN = 8  # characters of a hash: enough to tell a few models apart
_STEP = re.compile(r"model-(\d+)")

_trained_by: list[Callable[[], Pool]] = []  # how the pool is had whose runs have these models; at most one


def trained_by(pool: Callable[[], Pool]) -> None:
    """Tell how the pool is had that trains on this server; the last word holds.

    The pool gets its models from the shelf, and the shelf gets the models of runs from the pool: whoever stands above
    both brings them together.
    """
    _trained_by[:] = [pool]


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
    run_id, pool = name.removeprefix(RUN), _pool()
    folder = pool.model_folder(run_id)
    found = _STEP.fullmatch(folder.name)
    return OwnModel(folder, int(found.group(1)) if found else pool.snapshot(run_id).step)


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


def read_with(name: str) -> None:
    """Make a model one of those that this reader can choose, and the one that the address names; for callbacks."""
    here = session().kept(ModelsState)
    here.models = [*dict.fromkeys([*here.models, name])]
    change(model=name)


def saved_models() -> SavedModels:
    """Where models lie that were brought back to this server."""
    from lm_core.runs.saved_models import SavedModels  # brings torch

    return SavedModels(home_folder() / "models")


@st.cache_resource(max_entries=512, show_spinner=False)
def _data_of(run_id: str) -> str:
    """What a run learns from; asked once, since whoever asks a pool for a run keeps it from being put away."""
    try:
        return str(_pool().snapshot(run_id).plan.data)
    except InputError:
        return ""


def _pool() -> Pool:
    """The pool that `trained_by` told of."""
    if not _trained_by:
        raise RuntimeError("trained_by: nobody has told how the pool of this server is had")
    return _trained_by[0]()
