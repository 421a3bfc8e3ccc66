"""A page's computation as a notebook that runs with lm_core alone and gives the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import lm_core
from ui.frame.downloads import download_button
from ui.i18n import _
from ui.models.own import is_own
from ui.models.shelf import Reading

OWN_FOLDER = "my-model"  # where a notebook looks for a model of the reader's own
_LONGEST_LINE = 88  # of code, as most who format theirs have it


@dataclass(frozen=True)
class Cell:
    """One cell; what the reader typed stands in code as `repr` writes it, and in Markdown as a code span."""

    source: str
    kind: Literal["code", "markdown"] = "code"


def imports(*things: Callable[..., object]) -> str:
    """Code that imports functions and classes of lm_core from where they stand; an empty line ends it.

    What `lm_core` itself offers is imported from there: that face stays, whatever moves behind it.
    """
    names: dict[str, list[str]] = {}
    for thing in things:
        module = "lm_core" if thing.__name__ in lm_core.__all__ else thing.__module__
        names.setdefault(module, []).append(thing.__name__)
    lines = []
    for module in sorted(names):
        line = f"from {module} import {', '.join(sorted(names[module]))}"
        if len(line) > _LONGEST_LINE:
            line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in sorted(names[module])) + ")"
        lines.append(f"{line}\n")
    return "".join(lines) + "\n"


def about_page() -> Cell:
    """What a notebook of a page is, and where it runs."""
    return Cell(
        _(
            "The numbers of a page of LM Glassbox, computed again. Run this in the folder of LM Glassbox: it needs "
            "`lm_core` and no more."
        ),
        "markdown",
    )


def model_cells(name: str) -> list[Cell]:
    """The model that the cells of a lesson go on from: `lm`."""
    load = Cell(
        f"from lm_core import load_pretrained\n\nlm = load_pretrained({(OWN_FOLDER if is_own(name) else name)!r})"
    )
    return [about_page(), *own_model_note(name), load]


def own_model_note(name: str) -> list[Cell]:
    """Where a model of the reader's own has to be for the cells that load it; nothing for any other."""
    if not is_own(name):
        return []
    return [
        Cell(
            _(
                "The model is one of your own: take it home, and unzip it into the folder {folder} beside this "
                "notebook."
            ).format(folder=f"`{OWN_FOLDER}`"),
            "markdown",
        )
    ]


def reading_cells(reading: Reading) -> list[Cell]:
    """The model, the sentence and the pass that the cells of a lesson go on from: `lm` and `trace`."""
    return [
        *model_cells(reading.model.name),
        Cell(
            f"sentence = {reading.view.sentence!r}\n"
            f"text_pair = {reading.trace.encoding.text_pair!r}\n"
            f"masked_words = {reading.masked_words!r}  # counted from 0\n"
            "trace = lm.trace(sentence, text_pair, masked_words=masked_words)\n"
            "trace.encoding.tokens"
        ),
    ]


def computed(reading: Reading, *sources: str) -> list[Cell]:
    """`reading_cells`, and the cells of code that go on from them."""
    return [*reading_cells(reading), *map(Cell, sources)]


def notebook_button(slug: str, cells: Sequence[Cell]) -> None:
    """Take the cells away as a notebook, which is written when it is asked for."""
    download_button(_("Notebook (.ipynb)"), lambda: as_notebook(cells), f"{slug}.ipynb", key="notebook")


def as_notebook(cells: Sequence[Cell]) -> str:
    """The cells in Jupyter's format, version 4."""
    from nbformat import v4, writes  # takes a tenth of a second

    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}
    book = v4.new_notebook(
        cells=[make[cell.kind](cell.source, id=f"cell-{number}") for number, cell in enumerate(cells, 1)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    return str(writes(book))
