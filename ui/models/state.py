"""What one reader has to do with models: those loaded, the one waited for, those that the reader's trainings made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lm_core.errors import LMGlassboxError
from ui.models.loading import Loading

if TYPE_CHECKING:
    from lm_core.training.plans import Plan


@dataclass
class ModelsState:
    """Kept in the reader's session."""

    models: list[str] = field(default_factory=list)  # names of the models that this reader has loaded
    loading: Loading | None = None  # the model that this reader waits for
    failure: LMGlassboxError | None = None  # why the last model could not be loaded
    not_brought: LMGlassboxError | None = None  # why the last zip could not be brought back
    runs: dict[str, Plan] = field(default_factory=dict)  # by id: the trainings that this reader has seen
