"""WordPiece, step by step: how one word falls into pieces of the vocabulary, longest match first."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from lm_core.text.tokenization import LONGEST_WORD, UNK

CONTINUES = "##"
"""What marks a piece that does not begin its word."""


@dataclass(frozen=True)
class Step:
    """The search for one piece: shorter and shorter beginnings of what remains, until the vocabulary has one."""

    start: int  # character of the word at which the piece begins
    tried: tuple[str, ...]  # candidates, the longest first; only the last can be in the vocabulary
    piece: str | None  # the last candidate; None where the vocabulary has not even its first letter


@dataclass(frozen=True)
class WordPieces:
    """How a word was taken apart, with everything that was tried on the way."""

    word: str
    steps: tuple[Step, ...]  # none where the word was too long to be tried
    pieces: tuple[str, ...]  # what the model reads; [UNK] alone where a step found nothing

    @property
    def is_known(self) -> bool:
        """Whether the vocabulary could spell the word."""
        return bool(self.steps) and self.steps[-1].piece is not None


def take_apart(word: str, vocabulary: Container[str], longest: int = LONGEST_WORD) -> WordPieces:
    """Cut a word into pieces, longest match first (Devlin et al. 2019, §3; Wu et al. 2016, §4.1).

    At each step the longest beginning of what remains that the vocabulary has becomes a piece. Nothing is ever
    taken back: if the search ends without a piece, the whole word is [UNK].

    Args:
        word: one word, as the tokenizer cleaned and split it; at least one character.
        vocabulary: every piece; one that continues a word is written with ## in front.
        longest: a word of more characters is [UNK] without a search.

    Raises:
        ValueError: the word is empty.
    """
    if not word:
        raise ValueError("word: it is empty")
    steps: list[Step] = []
    start = 0
    while start < len(word) <= longest:
        tried: list[str] = []
        piece = None
        for candidate in _beginnings(word, start):
            tried.append(candidate)
            if candidate in vocabulary:
                piece = candidate
                break
        steps.append(Step(start, tuple(tried), piece))
        if piece is None:
            break
        start += len(word) - start - len(tried) + 1
    found = tuple(step.piece for step in steps if step.piece is not None)
    spelled = bool(steps) and len(found) == len(steps)
    return WordPieces(word, tuple(steps), found if spelled else (UNK,))


def _beginnings(word: str, start: int) -> Iterator[str]:
    """The beginnings of what remains of the word, the longest first, marked where they continue it."""
    for end in range(len(word), start, -1):
        yield word[start:end] if start == 0 else CONTINUES + word[start:end]
