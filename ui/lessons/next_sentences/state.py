"""What this lesson keeps of a reader."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class NextSentencesState:
    """Kept in the reader's session."""

    tried: list[tuple[str, str]] = field(default_factory=list)  # pairs that the model has judged, the first first
