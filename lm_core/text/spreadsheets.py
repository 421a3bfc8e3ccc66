"""Tables that people open in a spreadsheet: as CSV, with nothing in them that would be run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float


def spreadsheet_safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front; a number stays one."""
    if isinstance(cell, str) and (cell.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠")):
        return f"'{cell}"
    return cell


def safe_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Rows under a header, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(spreadsheet_safe, header))
    writer.writerows(map(spreadsheet_safe, row) for row in rows)
    return out.getvalue()
