"""Labelled data as cells of a notebook: the same rows, the same split, the same line to beat."""

from __future__ import annotations

from lm_core.text.columns import Columns, examples_of
from lm_core.text.example_sets import SETS, load_set
from lm_core.text.examples import split, tidy
from lm_core.text.tables import read_lines, read_table
from ui.address.sources import OWN
from ui.frame.notebook import Cell, imports
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
    from lm_core.text.naive_bayes import learn  # brings nltk

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
            f"{imports(split, learn)}"
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
        return f"{imports(load_set)}examples = load_set({source!r})"
    brought = what_was_brought()
    table = brought_table(brought)
    columns = chosen_columns(brought)
    if source == OWN:
        code = (
            f"{imports(Columns, examples_of, tidy, read_lines)}"
            f"table = read_lines({pasted_lines(brought)!r}, has_header={brought.has_header!r})\n"
        )
    else:
        code = (
            f"from pathlib import Path\n\n{imports(Columns, examples_of, tidy, read_table)}"
            f"data = Path({data.name!r}).read_bytes()  # your file\n"
            f"table = read_table(data, encoding={table.encoding!r}, delimiter={table.delimiter!r}, "
            f"has_header={table.has_header!r})\n"
        )
    return f"{code}examples = tidy(examples_of(table.rows, {columns!r})).examples"
