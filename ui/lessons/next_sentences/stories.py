"""Stories to put in order, written for this app: everyday events, told with the words that give an order away."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from ui.i18n import N_

Level = Literal["easy", "medium", "hard"]

LEVELS: dict[Level, str] = {"easy": N_("easy"), "medium": N_("medium"), "hard": N_("hard")}


@dataclass(frozen=True)
class Story:
    """One story; `sentences` stand in the order in which it is told."""

    name: str  # in the address
    title: str
    level: Level  # for a person: how plainly the sentences say what comes before what
    sentences: tuple[str, ...]


STORIES = (
    Story(
        "bread",
        N_("Bread"),
        "easy",
        (
            "In the evening Anna mixed flour, water and salt in a large bowl.",
            "Then she covered the dough and let it rest overnight.",
            "By morning it had grown to twice its size.",
            "She shaped it into a loaf and put it into the hot oven.",
            "An hour later the whole house smelled of fresh bread.",
        ),
    ),
    Story(
        "key",
        N_("The lost key"),
        "easy",
        (
            "When Paul came home, he could not find his key.",
            "First he searched all the pockets of his coat.",
            "Then he emptied his bag onto the doorstep.",
            "At last he saw that the key was still in the lock.",
        ),
    ),
    Story(
        "letter",
        N_("A letter"),
        "medium",
        (
            "My grandmother wrote a long letter to her sister in Canada.",
            "She put it into an envelope and went to look for a stamp.",
            "On the way to the post office it began to rain.",
            "The ink on the envelope ran until nobody could read the address.",
            "Three weeks later the letter came back to her door.",
        ),
    ),
    Story(
        "fox",
        N_("The fox"),
        "medium",
        (
            "A hungry fox crept towards the farm one winter night.",
            "The dog in the yard heard its steps and began to bark.",
            "Soon a light went on in the kitchen.",
            "When the farmer opened the door, the fox was already back in the forest.",
        ),
    ),
    Story(
        "train",
        N_("The early train"),
        "medium",
        (
            "Maria wanted to catch the early train to the coast.",
            "She set her alarm for five o'clock and went to bed.",
            "But during the night the power failed.",
            "When she woke up, the sun was already high in the sky.",
            "She ran to the station without any breakfast.",
            "The next train left two hours later.",
        ),
    ),
    Story(
        "seed",
        N_("A seed"),
        "easy",
        (
            "In spring the boy planted a small seed in a pot.",
            "He watered it every day and waited.",
            "After two weeks a green leaf came out of the earth.",
            "By summer the plant was taller than he was.",
            "In autumn it bore a single yellow flower.",
            "He gathered the new seeds and kept them for the next year.",
        ),
    ),
    Story(
        "chess",
        N_("A game of chess"),
        "hard",
        (
            "The old man and the girl sat down at the chess board.",
            "He gave her the white pieces and let her begin.",
            "For an hour neither of them said a word.",
            "Suddenly she smiled and moved her queen.",
            "He looked at the board and shook her hand.",
        ),
    ),
    Story(
        "museum",
        N_("At the museum"),
        "hard",
        (
            "The guard walked through the museum as he did every night.",
            "In the last room he stopped and stared at the wall.",
            "There was a pale square where the painting had hung.",
            "He reached for his phone with a trembling hand.",
            "The police were there within ten minutes.",
            "Behind the curtain they found an open window.",
        ),
    ),
    Story(
        "boat",
        N_("The boat"),
        "medium",
        (
            "Two brothers built a boat from old boards.",
            "They painted it blue and carried it down to the lake.",
            "At first it floated, and they cheered.",
            "Then water came in through a small hole.",
            "They swam back to the shore and laughed about it.",
        ),
    ),
    Story(
        "soup",
        N_("Too much salt"),
        "hard",
        (
            "The cook tasted the soup and added some salt.",
            "His assistant did not know that and added salt, too.",
            "The first guest took one spoonful and asked for water.",
            "That evening nobody ordered the soup again.",
        ),
    ),
)  # fmt: skip


def shuffled(name: str, count: int) -> tuple[int, ...]:
    """The order in which the cards of a story are dealt: always the same, and no sentence in its own place.

    Args:
        name: of the story, or its text.
        count: of its sentences, at least 2.

    Returns:
        The sentence, from 0, that each card holds.
    """
    chance = Random(f"glassbox {name}")
    cards = list(range(count))
    while any(card == place for place, card in enumerate(cards)):
        chance.shuffle(cards)
    return tuple(cards)
