"""Sentences to begin with, written for this app, each with words that are worth masking."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SENTENCE = 2000  # characters: several times what the model reads, and short enough to stand in an address


@dataclass(frozen=True)
class Example:
    """A sentence and the words that are masked when it is picked."""

    sentence: str
    masked_words: tuple[int, ...]  # indices of words, from 0
    counterpart: str  # the same with a word or two changed, to be held against it


EXAMPLES = (
    Example(
        "The children went to school by bus in the morning.",
        (4,),
        "The children went to school by train in the morning.",
    ),
    Example(
        "She opened the window because the room was too hot.",
        (9,),
        "She closed the window because the room was too hot.",
    ),
    Example("The capital of France is a city called Paris.", (6,), "The capital of Italy is a city called Rome."),
    Example("He was thirsty, so he drank a glass of water.", (10,), "She was thirsty, so she drank a glass of milk."),
    Example("The doctor told the nurse that she was tired.", (6,), "The doctor told the nurse that he was tired."),
    Example(
        "In winter the lake is covered with ice and snow.", (7,), "In summer the lake is covered with boats and birds."
    ),
    Example(
        "The unbelievably old clock on the wall still tells the time.",
        (1,),
        "The unbelievably old clock on the wall never tells the time.",
    ),
)

DEFAULT = EXAMPLES[0]

PASSAGE = (
    "The farmer got up before the sun. He milked the cows, carried the milk to the kitchen and made himself a cup of "
    "coffee. Then he opened the gate and let the sheep out onto the green hill. In the afternoon dark clouds came over "
    "the mountains, and soon it began to rain. The sheep waited under the trees until the storm was over."
)
"""A few sentences about one thing, of our own writing, for lessons that need more text than a sentence."""
