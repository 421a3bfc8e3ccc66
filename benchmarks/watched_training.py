"""The app, with a log of who trained when, for `training_class.py`: a JSON line a slice, in the file WATCH_LOG."""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path

import streamlit as st

from lm_core.runs.run_book import Entry, Work
from lm_core.runs.turns import TakingTurns

_LOG = Path(os.environ["WATCH_LOG"])
_take_slice = TakingTurns._slice


def _places(work: Work) -> set[int]:
    """Where the memory of a run's weights and moments lies."""
    run = work._run  # type: ignore[attr-defined]
    moments = [list(state.values()) for optimizer in run._optimizers for state in list(optimizer.state.values())]
    tensors = [*run.model.state_dict().values(), *(each for state in moments for each in state)]
    return {tensor.untyped_storage().data_ptr() for tensor in tensors}


def _shared(pool: TakingTurns, entry: Entry) -> int:
    """How many places a run shares with others that are in memory now."""
    with pool._changed:
        works = [(each, each.work) for each in pool._entries.values()]
    mine = _places(entry.work) if entry.work is not None else set()
    return sum(len(mine & _places(work)) for each, work in works if work is not None and each is not entry)


def _slice(pool: TakingTurns, entry: Entry, number: int) -> None:
    began = time.monotonic()
    _take_slice(pool, entry, number)
    ended = time.monotonic()
    with pool._changed:
        active = pool._count_active()
        in_memory = sum(each.work is not None for each in pool._entries.values())
    line = {
        "run": entry.run_id,
        "began": began,
        "ended": ended,
        "step": entry.step,
        "of": entry.plan.total_steps,
        "active": active,
        "in_memory": in_memory,
        "shared": _shared(pool, entry),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    with _LOG.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


TakingTurns._slice = _slice  # type: ignore[assignment, method-assign]
app = st.App(Path(__file__).parent.parent / "ui" / "shell.py")
