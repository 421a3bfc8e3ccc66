"""The numbers behind a figure, as a table and as a file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from lm_core.text.spreadsheets import safe_csv
from ui.frame.controls import switch
from ui.frame.downloads import csv_button
from ui.i18n import _

Row = dict[str, str | int | float]
"""A row of a table, by the titles of the columns."""

_ROWS_AT_ONCE = 20  # of a longer table the rest is scrolled to


def numbers(rows: Sequence[Row], *, alt: str, file_name: str, number_format: str = "%.4f") -> None:
    """A switch, and behind it the table with a button to take it away.

    Args:
        rows: what each row says, by the titles of the columns; at least one row.
        alt: what the table holds, for those who cannot see it.
        file_name: of the CSV, without ending.
        number_format: of all columns with fractions, in printf's way.
    """
    if not switch(_("Numbers as a table"), name="table"):
        return
    st.dataframe(
        list(rows),
        hide_index=True,
        height="content" if len(rows) < _ROWS_AT_ONCE else 400,
        column_config=fractions(rows, number_format),
        alt=alt,
        key="numbers",
    )
    csv_button(as_csv(rows), f"{file_name}.csv")


def fractions(rows: Sequence[Row], number_format: str) -> dict[str, ColumnConfig]:
    """How a table writes its columns with fractions.

    Args:
        rows: what each row says, by the titles of the columns; at least one row.
        number_format: in printf's way.
    """
    names = [name for name, value in rows[0].items() if isinstance(value, float)]
    return {name: st.column_config.NumberColumn(format=number_format) for name in names}


def as_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return safe_csv(list(rows[0]), (list(row.values()) for row in rows))
