"""What this lesson keeps of a reader."""

from __future__ import annotations

from dataclasses import dataclass, field

from lm_core.errors import InputError


@dataclass(frozen=True)
class Fooled:
    """A sentence of the reader's that was to fool a model."""

    run_id: str
    step: int  # of the run
    text: str
    truth: str  # the label that the reader gives it
    answer: str  # the model's
    probability: float  # of the model's answer


@dataclass
class FineTuningState:
    """Kept in the reader's session."""

    measured: dict[str, int] = field(default_factory=dict)  # by run: the step whose model is compared
    fooled: list[Fooled] = field(default_factory=list)  # sentences that were to fool a model, the first first
    not_kept: InputError | None = None  # why the examples that were last brought could not be kept
