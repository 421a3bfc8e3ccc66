"""Two sentences against each other: which of them a model finds more probable, and where the difference arises."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from lm_core.explain.sentences.likelihood import PieceLikelihood, PseudoLikelihood


@dataclass(frozen=True)
class Place:
    """Words of two sentences that correspond, as pieces; none in one of them where the other has more."""

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
    """Hold two sentences against each other: equal words one by one, what differs in between as a whole.

    The differences of all places add up to the difference of the sentences, in bits.
    """
    one, other = _words(first), _words(second)
    ids, other_ids = ([tuple(piece.token_id for piece in word) for word in words] for words in (one, other))
    found = []
    for tag, start, end, other_start, other_end in SequenceMatcher(a=ids, b=other_ids, autojunk=False).get_opcodes():
        here, there = one[start:end], other[other_start:other_end]
        if tag == "equal":
            found += [Place(*both) for both in zip(here, there, strict=True)]
        else:
            found.append(Place(tuple(chain.from_iterable(here)), tuple(chain.from_iterable(there))))
    return tuple(found)


def _words(scored: PseudoLikelihood) -> list[tuple[PieceLikelihood, ...]]:
    """The pieces of each word."""
    by_position = {piece.position: piece for piece in scored.pieces}
    return [tuple(by_position[position] for position in word.positions) for word in scored.encoding.words]
