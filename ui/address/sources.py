"""Where labelled texts come from: the names in the address, and what they are called on the page."""

from __future__ import annotations

from ui.i18n import N_, _

OWN, FILE = "own", "file"
SOURCES = {
    "sentiment": N_("Reviews"),
    "topics": N_("Topics"),
    "questions": N_("Questions"),
    OWN: N_("Your lines"),
    FILE: N_("A file"),
}
"""Where data come from, by the name in the address: the sets that come with the app, and two ways to bring others."""


def data_name(data: str) -> str:
    """What a plan's data are called, in the reader's language, as plain text; a reader's own have the reader's name."""
    return _(SOURCES[data]) if data in SOURCES else data or _("own examples")
