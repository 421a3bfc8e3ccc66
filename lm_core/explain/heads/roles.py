"""What a head is for, as far as its attention to one sentence tells: a score, a threshold, and who drew it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lm_core.explain.heads.statistics import HeadStatistics

RoleName = Literal["previous", "next", "same", "special", "broad"]

HALF = 0.5
"""The share of attention from which on a head counts as one for something: more than half of it.

Clark et al. (2019) pick out the heads with more than half of their attention on the previous or the next token
(§3.1), and the layers with more than half on [SEP] (§3.2). For the same token the line is drawn likewise.
"""

BROAD = 0.8
"""The share of the largest entropy from which on a head counts as broad.

Clark et al. (2019, §3.3) describe such heads, which see "a bag of vectors", without a threshold: this one is ours.
"""

THRESHOLDS: dict[RoleName, float] = {"previous": HALF, "next": HALF, "same": HALF, "special": HALF, "broad": BROAD}
"""Each role and the score that a head has to exceed."""


@dataclass(frozen=True)
class Role:
    """A role that a head was found to have on one sentence."""

    name: RoleName
    score: float  # share of attention, for "broad" share of the largest entropy; above the threshold

    @property
    def threshold(self) -> float:
        """What the score had to exceed."""
        return THRESHOLDS[self.name]


def score(head: HeadStatistics, role: RoleName) -> float:
    """How far a head has a role, 0 to 1."""
    scores: dict[RoleName, float] = {
        "previous": head.previous,
        "next": head.next,
        "same": head.same,
        "special": head.special,
        "broad": head.breadth,
    }
    return scores[role]


def roles(head: HeadStatistics) -> list[Role]:
    """The roles whose threshold a head exceeds, the one furthest above it first."""
    found = [Role(name, score(head, name)) for name, threshold in THRESHOLDS.items() if score(head, name) > threshold]
    return sorted(found, key=lambda role: role.threshold - role.score)
