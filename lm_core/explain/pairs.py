"""Two sentences against each other: which of them a model finds more probable, and where the difference arises."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lm_core.explain.likelihood import PieceLikelihood, PseudoLikelihood


@dataclass(frozen=True)
class Place:
    """Pieces of two sentences that correspond; none in one of them where the other has more."""

    first: tuple[PieceLikelihood, ...]
    second: tuple[PieceLikelihood, ...]

    @property
    def difference(self) -> float:
        """Bits of the second minus bits of the first: above 0, the first is the more probable here."""
        return math.fsum(piece.bits for piece in self.second) - math.fsum(piece.bits for piece in self.first)

    @property
    def is_same(self) -> bool:
        """Whether both sentences have the same here."""
        return [piece.token_id for piece in self.first] == [piece.token_id for piece in self.second]


def places(first: PseudoLikelihood, second: PseudoLikelihood) -> tuple[Place, ...]:
    """Hold two sentences against each other: equal pieces one by one, what differs in between as a whole.

    The differences of all places add up to the difference of the sentences, in bits.
    """
    blocks = SequenceMatcher(a=_ids(first.pieces), b=_ids(second.pieces), autojunk=False).get_opcodes()
    found = []
    for tag, start, end, other_start, other_end in blocks:
        here, there = first.pieces[start:end], second.pieces[other_start:other_end]
        if tag == "equal":
            found += [Place((one,), (other,)) for one, other in zip(here, there, strict=True)]
        else:
            found.append(Place(here, there))
    return tuple(found)


def _ids(pieces: Sequence[PieceLikelihood]) -> list[int]:
    return [piece.token_id for piece in pieces]
