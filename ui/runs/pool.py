"""The one pool of this server, which trains for all readers, and the run that an address names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import InputError, TrainingError
from lm_core.text.places import runs_folder
from ui.address.session import option, session
from ui.models.shelf import models
from ui.models.state import ModelsState

if TYPE_CHECKING:
    from lm_core.runs.pool import Limits, Pool, Snapshot

_opened: list[Pool] = []  # what has to be closed when the server stops; at most one

WHOLE_NUMBERS = {
    "LM_GLASSBOX_TRAINING_WORKERS": ("workers", 1),
    "LM_GLASSBOX_TRAINING_RUNS": ("active_runs", 1),
    "LM_GLASSBOX_TRAINING_MEMORY_MB": ("memory_bytes", 2**20),
    "LM_GLASSBOX_TRAINING_DISK_MB": ("disk_bytes", 2**20),
    "LM_GLASSBOX_TRAINING_LEASE_SECONDS": ("lease_seconds", 1),
}
"""What the environment can say: the field of `Limits` that each variable sets, and what its unit is in the field's."""


@st.cache_resource(show_spinner=False)
def pool() -> Pool:
    """The one pool of this server.

    Raises:
        TrainingError: the environment asks for limits that are none or for a cluster that does not answer, or there is
            no place to keep runs in.
    """
    from lm_core.runs.local_pool import LocalPool  # brings torch
    from lm_core.runs.ray_pool import RayPool, connect

    shelf = models()
    address = os.environ.get("LM_GLASSBOX_RAY_ADDRESS", "").strip()
    limits = limits_of(os.environ, connect(address) if address else None)
    kind = RayPool if address else LocalPool
    try:
        opened = kind(runs_folder(), shelf.fetch, limits)
    except OSError as error:
        raise TrainingError(
            "There is no place to keep trainings in: {reason}. LM_GLASSBOX_HOME names another folder.", reason=error
        ) from error
    _opened.append(opened)
    return opened


def close_pool() -> None:
    """Save all runs and stop the workers, if anybody has trained; for the end of the server."""
    while _opened:
        _opened.pop().close()


def limits_of(environment: Mapping[str, str], otherwise: Limits | None = None) -> Limits:
    """How much to give to training, as the environment says; otherwise, where it says nothing, or the defaults.

    Raises:
        TrainingError: a variable is not a whole number from 1.
    """
    from lm_core.runs.pool import Limits

    fields: dict[str, int] = {}
    for variable, (field, unit) in WHOLE_NUMBERS.items():
        value = environment.get(variable, "").strip()
        if not value:
            continue
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value)):
            raise TrainingError(
                "The environment variable {variable} has to be a whole number from 1, not {value}.",
                variable=variable,
                value=value,
            )
        fields[field] = int(value) * unit
    return replace(otherwise or Limits(), **fields)


def run_of_reader(name: str = "run") -> str | None:
    """The id of the run that the address names, None where it names none; the run beside it under `beside`."""
    return (option(name) or "").strip() or None


def current_snapshot(name: str = "run") -> Snapshot | None:
    """How the run stands that the address names, None where it names none; asking keeps the run going.

    Raises:
        InputError: there is no such run.
        TrainingError: this server cannot train.
    """
    run_id = run_of_reader(name)
    if run_id is None:
        return None
    try:
        snapshot = pool().snapshot(run_id)
    except InputError:
        session().kept(ModelsState).runs.pop(run_id, None)
        raise
    session().kept(ModelsState).runs.setdefault(run_id, snapshot.plan)
    return snapshot
