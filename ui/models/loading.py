"""A model on its way, as whoever fetches it tells those who wait."""

from __future__ import annotations

from dataclasses import dataclass

from lm_core.errors import LMGlassboxError


@dataclass
class Loading:
    """A model on its way, written by the thread that fetches it and read by pages."""

    name: str
    file: str = ""  # what is downloaded now
    fraction: float | None = None  # of this file; None while it is not known
    error: LMGlassboxError | None = None
    done: bool = False
    step: int | None = None  # of a run whose model it is: how far it had come
