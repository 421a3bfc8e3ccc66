"""What one reader has asked of trainings under way."""

from __future__ import annotations

from dataclasses import dataclass, field

from lm_core.errors import LMGlassboxError


@dataclass
class RunsState:
    """Kept in the reader's session."""

    refusal: LMGlassboxError | None = None  # why what was last asked of a training was not done
    pace: dict[str, tuple[float, int]] = field(default_factory=dict)  # by run under way: when it was seen first, where
