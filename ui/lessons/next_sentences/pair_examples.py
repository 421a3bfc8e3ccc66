"""Pairs of sentences to begin with, written for this app: each first sentence with what may stand behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lm_core.explain.questions import shuffled
from ui.i18n import N_

VARIANTS: Mapping[str, str] = {
    "follows": N_("What really follows"),
    "earlier": N_("Same topic, wrong order"),
    "paraphrase": N_("Paraphrase of A"),
    "negated": N_("What follows, negated"),
    "unrelated": N_("Unrelated"),
}
"""What can stand behind the first sentence of an example; also the names of the fields of `PairExample`."""

KINDS: Mapping[str, str] = {
    **VARIANTS,
    "swapped": N_("Swapped"),
    "random": N_("From another pair"),
    "own": N_("Your own pair"),
}
"""What a pair can be. Of these only `follows` is true; of the reader's own nobody here knows."""


@dataclass(frozen=True)
class PairExample:
    """A sentence and five that may be put behind it; only the first of them follows."""

    first: str
    follows: str
    earlier: str  # of the same story, but from before the first sentence
    paraphrase: str  # says again what the first sentence says
    negated: str  # the sentence that follows, turned into its contrary
    unrelated: str

    def variant(self, name: str) -> str:
        """One of `VARIANTS`."""
        if name not in VARIANTS:
            raise ValueError(f"name: {name!r} is not one of {', '.join(VARIANTS)}")
        text: str = getattr(self, name)
        return text


PAIRS = (
    PairExample(
        "The children went to school by bus in the morning.",
        "In the afternoon it brought them home again.",
        "They had breakfast before they left the house.",
        "The kids took the bus to school when the day began.",
        "In the afternoon it did not bring them home again.",
        "The price of copper has fallen for three months.",
    ),
    PairExample(
        "She opened the window because the room was too hot.",
        "Cool air came in, and she felt much better.",
        "The heating had been on all night.",
        "As it was far too warm inside, she let some air in.",
        "No cool air came in, and she felt no better.",
        "The two countries signed a treaty of peace.",
    ),
    PairExample(
        "The capital of France is a city called Paris.",
        "It lies on the river Seine and has two million inhabitants.",
        "Let us begin with the map of Europe and its countries.",
        "Paris is the capital city of the French.",
        "It does not lie on the river Seine and has no inhabitants.",
        "My little brother is afraid of spiders.",
    ),
    PairExample(
        "He was thirsty, so he drank a glass of water.",
        "Then he filled it again and drank some more.",
        "He had walked for hours in the sun without a drink.",
        "Because he needed to drink, he emptied a glass of water.",
        "Then he did not fill it again and drank no more.",
        "The second chapter is about the history of printing.",
    ),
    PairExample(
        "The doctor told the nurse that she was tired.",
        "The nurse said that she should go home and sleep.",
        "They had begun their work in the hospital the evening before.",
        "She felt worn out, the doctor said to the nurse.",
        "The nurse did not say that she should go home and sleep.",
        "A new bridge will cross the river next to the old mill.",
    ),
    PairExample(
        "In winter the lake is covered with ice and snow.",
        "People walk across it, and children skate on it.",
        "In autumn the leaves fall from the trees around the lake.",
        "When it is cold, ice and snow lie on the lake.",
        "Nobody walks across it, and no children skate on it.",
        "The lawyer read the letter aloud to the court.",
    ),
    PairExample(
        "The old man sat down on a bench in the park.",
        "He took some bread out of his bag and fed the birds.",
        "He had left his house early and walked slowly through the streets.",
        "In the park an elderly man took a seat on a bench.",
        "He took no bread out of his bag and did not feed the birds.",
        "The computer needs a stronger battery.",
    ),
    PairExample(
        "The king had three daughters, and the youngest was the most beautiful.",
        "One day a prince came to the castle and asked for her hand.",
        "Once upon a time there was a king who had no children.",
        "Of the three girls of the king, the last was the fairest.",
        "No prince ever came to the castle, and nobody asked for her hand.",
        "Wash the potatoes and cut them into thin slices.",
    ),
    PairExample(
        "Anna lost her key on the way home.",
        "She had to wait in front of the door until her sister came.",
        "In the morning she had put it into the pocket of her coat.",
        "On her way back Anna's key got lost.",
        "She did not have to wait in front of the door until her sister came.",
        "The orchestra played the first symphony twice.",
    ),
    PairExample(
        "The film was far too long, and the story made no sense.",
        "After an hour I looked at my watch and wanted to leave.",
        "We bought two tickets and sat down in the first row.",
        "The movie never came to an end, and its plot was nonsense.",
        "After an hour I did not look at my watch and did not want to leave.",
        "Farmers in the valley grow wheat and corn.",
    ),
    PairExample(
        "The storm broke the mast of the ship.",
        "The sailors tried to reach the coast with their oars.",
        "They had left the harbour when the sea was still calm.",
        "In the heavy wind the ship's mast was broken.",
        "The sailors did not try to reach the coast with their oars.",
        "She teaches mathematics at a school in the city.",
    ),
    PairExample(
        "Put the flour and the eggs into a bowl.",
        "Add the milk and stir until the dough is smooth.",
        "First read the recipe and buy what you need.",
        "Take a bowl for the eggs and the flour.",
        "Do not add the milk, and do not stir the dough.",
        "The general ordered his men to cross the mountains.",
    ),
)  # fmt: skip


def example_of(first: str) -> PairExample | None:
    """The example that begins with this sentence, if it is one of ours."""
    return next((example for example in PAIRS if example.first == first), None)


def second_to_begin_with(first: str) -> str:
    """What stands behind a sentence before the reader has typed a second one.

    Behind a sentence of the reader's own there is nothing that follows: one from elsewhere, which the model should
    tell apart.
    """
    example = example_of(first)
    return PAIRS[-1].unrelated if example is None else example.follows


def kind_of(first: str, second: str) -> str:
    """Which of `KINDS` two sentences are."""
    example = example_of(first)
    if example is not None:
        kind = next((name for name in VARIANTS if example.variant(name) == second), None)
        if kind is not None:
            return kind
    if any((other.follows, other.first) == (first, second) for other in PAIRS):
        return "swapped"
    return "random" if any(second in _sentences(other) for other in PAIRS if other is not example) else "own"


def another_second(first: str, second: str) -> str:
    """A sentence of another pair than A's: each call gives the next of an order that A fixes."""
    pool = [other.follows for other in PAIRS if first not in _sentences(other)]
    order = [pool[number] for number in shuffled(len(pool), first)]
    return order[(order.index(second) + 1) % len(order)] if second in order else order[0]


def _sentences(example: PairExample) -> tuple[str, ...]:
    """All sentences of an example."""
    return example.first, *(example.variant(name) for name in VARIANTS)
