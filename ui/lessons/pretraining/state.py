"""What this lesson keeps of a reader."""

from __future__ import annotations

from dataclasses import dataclass

from lm_core.errors import InputError


@dataclass
class PretrainingState:
    """Kept in the reader's session."""

    not_kept: InputError | None = None  # why the text that was last brought could not be kept
