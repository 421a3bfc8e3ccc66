"""The labelled sets that come with the app, all of our own writing."""

from __future__ import annotations

from pathlib import Path

from lm_core.errors import InputError
from lm_core.text.examples import Example, Examples

FOLDER = Path(__file__).resolve().parents[2] / "labelled"

SETS = ("sentiment", "topics", "questions")
"""Whether a review is for or against; what a text is about; what a question asks for."""

SEED = 0  # of their split


def load_set(name: str) -> Examples:
    """A set, with the kind and the level of each of its rows.

    Raises:
        InputError: there is no such set.
    """
    if name not in SETS:
        raise InputError("There is no set called {name}.", name=name)
    lines = FOLDER.joinpath(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return Examples(tuple(Example(text, label, kind=kind, level=level) for text, label, kind, level in rows))
