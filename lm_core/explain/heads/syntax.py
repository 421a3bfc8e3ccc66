"""Which heads follow the grammar of a sentence: measured on sentences whose dependencies somebody has marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

PUNCTUATION = "punct"  # hangs on some word by convention, and is left out (as by Clark et al. 2019, Table 1)
MARGIN = 0.10  # above the best fixed offset, from which on a head counts as syntactic (Voita et al. 2019, §5.2)
CASES = 100  # fewer tell too little, and are not listed (as in Clark et al. 2019, Table 1)

LooksAt = Literal["head", "dependent"]


@dataclass(frozen=True)
class ParsedSentence:
    """A sentence with its dependency tree, as Universal Dependencies write it."""

    words: tuple[str, ...]
    heads: tuple[int, ...]  # of each word the number of its head, from 1; 0 for the root
    relations: tuple[str, ...]  # of each word to its head, such as nsubj or det


@dataclass(frozen=True)
class Question:
    """One thing that a head could be good at, over all words that it can be asked about."""

    relation: str
    looks_at: LooksAt  # "head": from a dependent at its head; "dependent": from a head at a dependent of its


@dataclass(frozen=True, eq=False)
class Answers:
    """How often the heads of a model answer a question right, and how often a fixed distance does."""

    question: Question
    cases: int  # words that were asked about
    accuracy: tuple[tuple[float, ...], ...]  # per layer and head, 0 to 1: the word most looked at is the right one
    offset: int  # the fixed distance that is right most often, in words: 1 is the next word
    baseline: float  # how often it is, 0 to 1


@dataclass(frozen=True)
class SyntacticRole:
    """A head found to follow a relation better than any fixed distance does."""

    question: Question
    accuracy: float
    baseline: float
    offset: int
    cases: int


def word_attention(probs: Tensor, words: Sequence[Sequence[int]]) -> Tensor:
    """Attention between words from attention between pieces (Clark et al. 2019, §4.1).

    To a word it is the sum over the word's pieces, from a word the mean. If the words hold all positions, each row
    still sums to 1.

    Args:
        probs: (batch, head, query, key) attention probabilities.
        words: the positions of each word's pieces, at least one.

    Returns:
        (batch, head, word that looks, word that is looked at)
    """
    belongs = probs.new_zeros(len(words), probs.shape[-1])
    for number, positions in enumerate(words):
        belongs[number, list(positions)] = 1.0
    return belongs / belongs.sum(dim=-1, keepdim=True) @ probs @ belongs.T


def most_attended_word(attention: Tensor) -> Tensor:
    """The other word that each word looks at most (Clark et al. 2019, §4.1).

    Args:
        attention: (batch, head, word, word) of at least two words; [CLS] and [SEP] are not among them.

    Returns:
        (batch, head, word) indices of words, never a word's own.
    """
    itself = torch.eye(attention.shape[-1], dtype=torch.bool, device=attention.device)
    return attention.masked_fill(itself, -1.0).argmax(dim=-1)


def cases(sentence: ParsedSentence) -> Iterator[tuple[Question, int, frozenset[int]]]:
    """What can be asked about a sentence: a question, the word that looks, and the words that are right, from 0.

    A head with several dependents of a kind is asked once, and each of them is right (Voita et al. 2019, §5.2.1).
    """
    dependents: dict[tuple[int, str], set[int]] = {}
    for word, (head, relation) in enumerate(zip(sentence.heads, sentence.relations, strict=True)):
        if head and relation != PUNCTUATION:
            yield Question(relation, "head"), word, frozenset({head - 1})
            dependents.setdefault((head - 1, relation), set()).add(word)
    for (head, relation), words in dependents.items():
        yield Question(relation, "dependent"), head, frozenset(words)


class Tally:
    """Counts right answers over sentences, of every head and of every fixed distance."""

    def __init__(self, layers: int, heads: int) -> None:
        self._nothing = torch.zeros(layers, heads, dtype=torch.long)
        self._right: dict[Question, Tensor] = {}
        self._cases: dict[Question, int] = {}
        self._by_offset: dict[Question, dict[int, int]] = {}

    def add(self, sentence: ParsedSentence, guesses: Tensor) -> None:
        """Hold what the heads looked at against the tree.

        Args:
            sentence: with its tree.
            guesses: (layer, head, word) the word that each word looks at most.
        """
        for question, word, right in cases(sentence):
            found = torch.isin(guesses[..., word], torch.tensor(sorted(right)))
            self._right[question] = self._right.get(question, self._nothing) + found
            self._cases[question] = self._cases.get(question, 0) + 1
            offsets = self._by_offset.setdefault(question, {})
            for each in right:
                offsets[each - word] = offsets.get(each - word, 0) + 1

    def answers(self, least: int = CASES) -> list[Answers]:
        """The questions with at least so many cases, the most frequent first."""
        asked = [question for question, count in self._cases.items() if count >= least]
        return [
            Answers(
                question=question,
                cases=self._cases[question],
                accuracy=tuple(map(tuple, (self._right[question] / self._cases[question]).tolist())),
                offset=(best := best_offset(self._by_offset[question])),
                baseline=self._by_offset[question][best] / self._cases[question],
            )
            for question in sorted(asked, key=lambda each: (-self._cases[each], each.relation, each.looks_at))
        ]


def best_offset(counts: Mapping[int, int]) -> int:
    """The distance that is right most often; of equals the nearest, and of these the one to the right."""
    return max(counts, key=lambda offset: (counts[offset], -abs(offset), offset))


def syntactic_roles(table: Sequence[Answers], layer: int, head: int) -> list[SyntacticRole]:
    """The relations that a head follows at least 10 percentage points better than any fixed distance.

    Voita et al. (2019, §5.2) call a head syntactic where its accuracy is at least 10 % above such a baseline.

    Returns:
        The one furthest above its baseline first.
    """
    roles = [
        SyntacticRole(each.question, each.accuracy[layer][head], each.baseline, each.offset, each.cases)
        for each in table
        if each.cases >= CASES and each.accuracy[layer][head] - each.baseline >= MARGIN
    ]
    return sorted(roles, key=lambda role: role.baseline - role.accuracy)
