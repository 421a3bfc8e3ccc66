"""Labelled data as cells of a notebook: the same rows, the same split, the same line to beat."""

from __future__ import annotations

from lm_core.text.example_sets import SETS
from ui.address.sources import OWN
from ui.frame.notebook import Cell
from ui.i18n import _
from ui.runs.labelled_data import (
    ChosenData,
    brought_table,
    chosen_columns,
    data_source,
    held_out_share,
    pasted_lines,
    split_seed,
    what_was_brought,
)


def cells(data: ChosenData) -> list[Cell]:
    """The rows that the page shows, split as it splits them."""
    return [
        Cell(
            _(
                "The labelled data of a page of LM Glassbox, once more. Run this in the folder of LM Glassbox: it "
                "needs `lm_core` and no more."
            ),
            "markdown",
        ),
        Cell(_read(data)),
        Cell(
            "from lm_core.text.examples import split\n"
            "from lm_core.text.naive_bayes import learn\n\n"
            f"parts = split(examples, {held_out_share() / 100}, seed={split_seed()})\n"
            "print(parts.train.balance, parts.held_out.balance)\n"
            "accuracy = learn(parts.train).accuracy(parts.held_out)\n"
            'print(f"naive Bayes: {accuracy:.1%} of what is held out")'
        ),
    ]


def _read(data: ChosenData) -> str:
    """Code that makes `examples`."""
    source = data_source()
    if source in SETS:
        return f"from lm_core.text.example_sets import load_set\n\nexamples = load_set({source!r})"
    brought = what_was_brought()
    table = brought_table(brought)
    columns = chosen_columns(brought)
    code = "from lm_core.text.columns import Columns, examples_of\nfrom lm_core.text.examples import tidy\n"
    if source == OWN:
        code += (
            "from lm_core.text.tables import read_lines\n\n"
            f"table = read_lines({pasted_lines(brought)!r}, has_header={brought.has_header!r})\n"
        )
    else:
        code += (
            "from pathlib import Path\n\nfrom lm_core.text.tables import read_table\n\n"
            f"data = Path({data.name!r}).read_bytes()  # your file\n"
            f"table = read_table(data, encoding={table.encoding!r}, delimiter={table.delimiter!r}, "
            f"has_header={table.has_header!r})\n"
        )
    return f"{code}examples = tidy(examples_of(table.rows, {columns!r})).examples"
