"""The map of the course: every lesson in its order, those that exist and those that are planned.

Data only: it imports no lesson. A lesson that is added is a folder, a page of a few lines, and a line here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n import N_


@dataclass(frozen=True)
class Entry:
    """One page of the course, as the map has it; what is on it stands in its folder in `ui/lessons/`."""

    slug: str  # its address; its file in pages/ has the same name with underscores
    title: str  # two words for the map
    question: str  # what it answers
    exists: bool = False

    @property
    def file(self) -> str:
        """The page's file, from the root of the app."""
        return f"pages/{self.slug.replace('-', '_')}.py"


HOME = Entry("home", N_("Home"), N_("What is this?"), exists=True)

COURSE = (
    Entry("language-model", N_("Language model"), N_("What does it mean to model language?"), exists=True),
    Entry("tokens", N_("Tokens and positions"), N_("What does the model read?"), exists=True),
    Entry("attention", N_("One head by hand"), N_("How does one word look at another?"), exists=True),
    Entry("many-heads", N_("Many heads"), N_("Who looks at whom?"), exists=True),
    Entry("transformer", N_("The whole Transformer"), N_("How do the parts work together?")),
    Entry("masked-words", N_("Masked words"), N_("What belongs in the gap?"), exists=True),
    Entry("next-sentences", N_("Next sentences"), N_("Does this sentence follow?"), exists=True),
    Entry("fine-tuning", N_("Training live"), N_("How does a model learn?"), exists=True),
    Entry("pretraining", N_("From nothing"), N_("What does a model learn first?"), exists=True),
    Entry("tasks", N_("Tasks"), N_("What can one body do with many heads?")),
    Entry("looking-inside", N_("Looking inside"), N_("Why this word and not that one?")),
    Entry("making-it-small", N_("Making it small"), N_("What can be left out?")),
    Entry("scale", N_("Scale"), N_("What does more of everything buy?")),
)

PAGES = (HOME, *(entry for entry in COURSE if entry.exists))


def neighbours(slug: str) -> tuple[Entry | None, Entry | None]:
    """The page before and the page after, of those that exist."""
    here = [entry.slug for entry in PAGES].index(slug)
    return (PAGES[here - 1] if here else None), (PAGES[here + 1] if here + 1 < len(PAGES) else None)
