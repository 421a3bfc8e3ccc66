"""The numbers behind an attention figure, as a table on the page and as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from figures.labels import one_line

Table = dict[str, list[str] | list[float]]


def attention_table(probs: NDArray[np.float32], tokens: Sequence[str], *, corner: str) -> Table:
    """One row for each query, one column for each key; the first column names the rows.

    Args:
        probs: (query, key) attention probabilities; each row sums to 1.
        tokens: one per position.
        corner: title of the first column.
    """
    return matrix_table(probs, tokens, tokens, corner=corner)


def matrix_table(values: NDArray[np.float32], rows: Sequence[str], columns: Sequence[str], *, corner: str) -> Table:
    """A matrix as a table; the first column names the rows.

    Args:
        values: (row, column).
        rows, columns: their names. Each gets its number, which keeps equal names apart and keeps a spreadsheet from
            reading a token that starts with = as a formula.
        corner: title of the first column.
    """
    table: Table = {corner: _numbered(rows)}
    return table | {name: values[:, place].tolist() for place, name in enumerate(_numbered(columns))}


def _numbered(names: Sequence[str]) -> list[str]:
    return [f"{place} {one_line(name)}" for place, name in enumerate(names, 1)]


def to_csv(table: Table) -> bytes:
    """The table as CSV, marked so that a spreadsheet opens it in the right encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return out.getvalue().encode("utf-8-sig")
