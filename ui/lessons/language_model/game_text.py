"""The text of the guessing game, written for this app: it tells of the world of the class text and is no part of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Round:
    """A sentence in which one word is to be guessed."""

    before: str  # what stands in front of the word
    word: str  # in lower case
    after: str  # what follows it; at least the full stop

    @property
    def with_mask(self) -> str:
        """The whole sentence with [MASK] in place of the word."""
        return f"{self.before} [MASK]{self.after}"


ROUNDS = (
    Round("On Sunday the children went to the", "park", " with the dog."),
    Round("She was tired and went to", "bed", " early."),
    Round("The old man looked at the", "dog", " and smiled."),
    Round("It was raining, so they stayed in the", "house", " all day."),
    Round("Every morning my brother goes to", "school", " by bus."),
    Round("The little boy threw the", "ball", " over the wall."),
    Round("Mia lay down and closed her", "eyes", " at once."),
    Round("In the evening we drank some", "tea", " and played cards."),
    Round("The cat did not", "like", " the cold water."),
    Round("They lived in a small house near the", "river", ", where the boats passed."),
)
