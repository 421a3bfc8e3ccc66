"""Minimal pairs to begin with, written for this app: the first of each is good English, the second is not."""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n import N_


@dataclass(frozen=True)
class PairExample:
    """Two sentences that differ in one place."""

    phenomenon: str  # what a model has to know, for the catalogue
    good: str
    bad: str

    @property
    def sentences(self) -> tuple[str, str]:
        """In the order of the page, which tells nothing: the shorter first, and of equal ones by the alphabet."""
        first, second = sorted((self.good, self.bad), key=lambda sentence: (len(sentence), sentence))
        return first, second


EXAMPLES = (
    PairExample(
        N_("This house, these houses"), "She bought these books yesterday.", "She bought these book yesterday."
    ),
    PairExample(N_("A verb agrees with its subject"), "The cats sleep.", "The cats sleeps."),
    PairExample(
        N_("A verb agrees with its subject, not with its neighbour"),
        "The key to the old houses is in the kitchen.",
        "The key to the old houses are in the kitchen.",
    ),
    PairExample(
        N_("A verb agrees across a clause"),
        "The boys who know the teacher are tired.",
        "The boys who know the teacher is tired.",
    ),
    PairExample(N_("A reflexive agrees with who acts"), "The girl looked at herself.", "The girl looked at himself."),
    PairExample(
        N_("A reflexive refers within its clause"),
        "Mary said that the boys washed themselves.",
        "Mary said that the boys washed herself.",
    ),
    PairExample(N_("Irregular forms"), "The children went home early.", "The children goed home early."),
    PairExample(N_("Forms of the participle"), "He has broken the window.", "He has broke the window."),
    PairExample(
        N_("“Ever” needs something negative"),
        "Nobody has ever seen this river.",
        "Somebody has ever seen this river.",
    ),
    PairExample(
        N_("“Any” needs something negative"),
        "The boy did not eat any bread.",
        "The boy did eat any bread.",
    ),
    PairExample(N_("What a verb takes with it"), "The teacher arrived.", "The teacher arrived the school."),
    PairExample(N_("Who can do what"), "The woman opened the letter.", "The letter opened the woman."),
    PairExample(N_("The case of a pronoun"), "They gave the book to her.", "They gave the book to she."),
    PairExample(
        N_("Questions and their gap"),
        "I know what the dog ate.",
        "I know that the dog ate what.",
    ),
    PairExample(N_("Much and many"), "There were too many people.", "There were too much people."),
    PairExample(N_("The order of adjectives"), "She has a big red car.", "She has a red big car."),
)
