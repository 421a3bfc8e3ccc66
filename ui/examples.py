"""Sentences to begin with, written for this app, each with words that are worth masking."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SENTENCE = 2000  # characters: several times what the model reads, and short enough to stand in an address


@dataclass(frozen=True)
class Example:
    """A sentence and the words that are masked when it is picked."""

    sentence: str
    masked_words: tuple[int, ...]  # indices of words, from 0


EXAMPLES = (
    Example("The children went to school by bus in the morning.", (4,)),
    Example("She opened the window because the room was too hot.", (9,)),
    Example("The capital of France is a city called Paris.", (6,)),
    Example("He was thirsty, so he drank a glass of water.", (10,)),
    Example("The doctor told the nurse that she was tired.", (6,)),
    Example("In winter the lake is covered with ice and snow.", (7,)),
)

DEFAULT = EXAMPLES[0]
