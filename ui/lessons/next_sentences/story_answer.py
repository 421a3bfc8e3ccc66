"""A story that was put in order: the model's scores, and the reader's order, the model's and the true one."""

from __future__ import annotations

from dataclasses import dataclass

from lm_core.explain.sentences.ordering import PairScores, RankedOrders, agreement
from ui.lessons.next_sentences.story_choice import DealtStory

Order = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class StoryAnswer:
    """A story, the model's scores, and the three orders; sentences are counted from 0 in the true order."""

    story: DealtStory
    scores: PairScores
    ranked: RankedOrders
    reader: Order
    model_name: str

    @property
    def truth(self) -> Order:
        """The order in which the story was told."""
        return tuple(range(len(self.story.sentences)))

    @property
    def model(self) -> Order:
        """The order with the highest score."""
        return self.ranked.best

    @property
    def pairs(self) -> int:
        """How many pairs of sentences there are, whichever comes first."""
        return len(self.truth) * (len(self.truth) - 1) // 2

    def spelled(self, order: Order) -> str:
        """An order as the letters of its cards."""
        return " ".join(self.story.letters[sentence] for sentence in order)

    def turned(self, order: Order) -> int:
        """How many pairs of sentences are turned round in an order."""
        return round((1 - agreement(order, self.truth)) * self.pairs / 2)
