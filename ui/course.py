"""The map of the course: every lesson in its order, those that exist and those that are planned."""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n import N_


@dataclass(frozen=True)
class Lesson:
    """One page of the course."""

    slug: str  # its address; its file in pages/ has the same name with underscores
    title: str  # two words for the map
    question: str  # what it answers
    exists: bool = False

    @property
    def file(self) -> str:
        """The page's file, from the root of the app."""
        return f"pages/{self.slug.replace('-', '_')}.py"


HOME = Lesson("home", N_("Home"), N_("What is this?"), exists=True)

COURSE = (
    Lesson("language-model", N_("Language model"), N_("What does it mean to model language?"), exists=True),
    Lesson("tokens", N_("Tokens and positions"), N_("What does the model read?"), exists=True),
    Lesson("attention", N_("One head by hand"), N_("How does one word look at another?"), exists=True),
    Lesson("many-heads", N_("Many heads"), N_("Who looks at whom?"), exists=True),
    Lesson("transformer", N_("The whole Transformer"), N_("How do the parts work together?")),
    Lesson("masked-words", N_("Masked words"), N_("What belongs in the gap?"), exists=True),
    Lesson("next-sentences", N_("Next sentences"), N_("Does this sentence follow?"), exists=True),
    Lesson("fine-tuning", N_("Training live"), N_("How does a model learn?"), exists=True),
    Lesson("tasks", N_("Tasks"), N_("What can one body do with many heads?")),
    Lesson("looking-inside", N_("Looking inside"), N_("Why this word and not that one?")),
    Lesson("making-it-small", N_("Making it small"), N_("What can be left out?")),
    Lesson("scale", N_("Scale"), N_("What does more of everything buy?")),
)

PAGES = (HOME, *(lesson for lesson in COURSE if lesson.exists))


def neighbours(slug: str) -> tuple[Lesson | None, Lesson | None]:
    """The page before and the page after, of those that exist."""
    here = [lesson.slug for lesson in PAGES].index(slug)
    return (PAGES[here - 1] if here else None), (PAGES[here + 1] if here + 1 < len(PAGES) else None)
