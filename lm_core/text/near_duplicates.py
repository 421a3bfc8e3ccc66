"""Texts that say nearly the same, found without comparing each with each.

A test on a text whose twin was trained on measures memory. Twins hide in chains: a template filled in ten ways, a
review quoted in another. So texts are put into families, and a family is never torn.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from typing import Literal

Likeness = Literal["run", "words", "copy"]
"""What makes two texts alike: a run of words in common, or nearly the same words, or the same words in the same order.

Each one holds what stands behind it: texts with the same words in the same order are alike by all three.
"""

RUN = 5  # words in a row that two texts share only if one was made from the other, or both from a template
SHARED_WORDS = 0.7  # of all different words of two texts, those that both have (Jaccard 1912)

_COMPARED = 50  # texts held against one that has the same rare word: bounds the time where no word is rare

# A word, or one sign of a script that is written without spaces.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, without case and punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def families(texts: Sequence[str], likeness: Likeness = "run") -> list[int]:
    """Which texts belong together: alike themselves, or by a chain of others.

    Args:
        texts: any number of them; 20,000 of twenty words take about a second.
        likeness: the loosest that counts.

    Returns:
        For each text the index of the first text of its family.
    """
    words = [words_of(text) for text in texts]
    union = _Union(len(texts))
    first: dict[tuple[str, ...], int] = {}
    for index, sequence in enumerate(words):
        union.join(first.setdefault(sequence or (texts[index],), index), index)
    distinct = sorted(first.values())
    if likeness == "run":
        _join_by_runs(words, distinct, union)
    if likeness in ("run", "words"):
        _join_by_words(words, distinct, union)
    return [union.find(index) for index in range(len(texts))]


def _join_by_runs(words: Sequence[tuple[str, ...]], distinct: Sequence[int], union: _Union) -> None:
    """Join texts with a run of RUN words in common."""
    first: dict[tuple[str, ...], int] = {}
    for index in distinct:
        sequence = words[index]
        for start in range(len(sequence) - RUN + 1):
            union.join(first.setdefault(sequence[start : start + RUN], index), index)


def _join_by_words(words: Sequence[tuple[str, ...]], distinct: Sequence[int], union: _Union) -> None:
    """Join texts of which SHARED_WORDS of the words are the same.

    With the words of each text in the order of their rarity, two such texts must have one in common among their first
    few (prefix filtering: Chaudhuri et al. 2006, §4), and these are rare: few texts have them.
    """
    counts = Counter(word for index in distinct for word in set(words[index]))
    holders: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_COMPARED))
    sets: dict[int, frozenset[str]] = {}
    for index in sorted(distinct, key=lambda index: len(set(words[index]))):
        own = sets[index] = frozenset(words[index])
        least = SHARED_WORDS * len(own)
        prefix = sorted(own, key=lambda word: (counts[word], word))[: len(own) - _ceil(least) + 1]
        for other in {holder for word in prefix for holder in holders[word]}:
            theirs = sets[other]
            if len(theirs) >= least and union.find(other) != union.find(index):
                shared = len(own & theirs)
                if shared >= SHARED_WORDS * (len(own) + len(theirs) - shared):
                    union.join(other, index)
        for word in prefix:
            holders[word].append(index)


def _ceil(number: float) -> int:
    """Rounded up; a hair's breadth of rounding error above a whole number is not more than it."""
    return -int(-(number - 1e-9) // 1)


class _Union:
    """Sets that are joined, each named by its smallest member (Tarjan 1975)."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def find(self, member: int) -> int:
        """The smallest member of its set."""
        parents = self._parents
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    def join(self, one: int, other: int) -> None:
        """Make one set of two."""
        one, other = self.find(one), self.find(other)
        self._parents[max(one, other)] = min(one, other)
