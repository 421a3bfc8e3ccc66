"""A matrix of numbers to point at, to pick from and, where a lesson allows it, to change; it serves every matrix."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ui.address.session import component_event
from ui.components.assets import register
from ui.components.attention_view import TokenKind

LARGEST = 64  # rows, and columns
WITH_NUMBERS = 10  # columns; of more, the numbers have no room and the colour alone is shown
Scale = Literal["sequential", "diverging"]
Tone = Literal["query", "key", "value", "context"]

_mount = register("matrix", "elements", "scales", "keys", "pointed")


@dataclass(frozen=True)
class MatrixLabels:
    """What a matrix is called, in the reader's language."""

    name: str  # the matrix, for screen readers
    row: str = ""  # what a row is: "query (looks)"
    column: str = ""  # what a column is
    row_tone: Tone | None = None  # the colour of meaning of what a row is
    column_tone: Tone | None = None


@dataclass(frozen=True)
class Lit:
    """A row and a column that stand out: the two vectors that a number was made of."""

    row: int | None = None
    column: int | None = None
    tone: Tone | None = None  # their colour of meaning


NOTHING_LIT = Lit()


@dataclass(frozen=True)
class Aside:
    """One more column at the end, of what else is known of each row; without colour, not to be picked."""

    title: str
    values: tuple[str, ...]  # one for each row


def matrix(
    values: NDArray[np.float32],
    *,
    key: str,
    rows: Sequence[str],
    columns: Sequence[str],
    labels: MatrixLabels,
    scale: Scale = "diverging",
    bound: float | None = None,
    digits: int = 2,
    row_kinds: Sequence[TokenKind] = (),
    column_kinds: Sequence[TokenKind] = (),
    picked: tuple[int, int] | None = None,
    lit: Lit = NOTHING_LIT,
    changed: Collection[tuple[int, int]] = (),
    hidden: Collection[tuple[int, int]] = (),
    group: str | None = None,
    texts: Sequence[Sequence[str]] | None = None,
    asides: Sequence[Aside] = (),
    on_pick: Callable[[int, int], None] | None = None,
    on_edit: Callable[[int, int, float], None] | None = None,
) -> None:
    """Show a matrix; pointing at a cell tells its number with two more digits.

    Args:
        values: (row, column), at most 64 × 64. Sent as they are, in float32; what is hidden is not sent. NaN is a cell
            without a number, which cannot be picked.
        key: names the instance.
        rows, columns: their names, as text.
        labels: what the matrix, a row and a column are.
        scale: "sequential" from 0 to the bound, for probabilities; "diverging" around 0, for all else.
        bound: the value with the strongest colour; None means 1 for a sequential scale, else the largest magnitude.
        digits: after the point, of the numbers in the cells.
        row_kinds, column_kinds: of the tokens that name rows and columns, for their colour.
        picked: the cell that is asked about; whoever calls remembers it.
        lit: the row and the column that stand out.
        changed: cells with a mark, because the reader changed them or what they were made of.
        hidden: cells that show a question mark instead of their number.
        group: views of one name show what is pointed at in any of them; rows are its queries and columns its keys.
        texts: what each number is of, a text for each cell; it stands above the number.
        asides: columns of text at the end.
        on_pick: called before the script runs again, with the row and the column that were picked; None: no picking.
        on_edit: called in the same way with row, column and the new number; cells are then to be changed, not picked.

    Raises:
        ValueError: values is not (rows, columns), or larger than 64 × 64.
    """
    shape = (len(rows), len(columns))
    if values.shape != shape or not 1 <= min(shape) <= max(shape) <= LARGEST:
        raise ValueError(f"values of shape {values.shape} do not fit {shape} names, or exceed {LARGEST} × {LARGEST}")

    def report_pick() -> None:
        pick = component_event(key, "pick")
        if on_pick is not None and pick is not None and _is_inside(pick, shape):
            on_pick(int(pick["row"]), int(pick["column"]))

    def report_edit() -> None:
        edit = component_event(key, "edit")
        if on_edit is not None and edit is not None and _is_inside(edit, shape) and math.isfinite(edit["value"]):
            on_edit(int(edit["row"]), int(edit["column"]), float(edit["value"]))

    sent = np.array(values, dtype="<f4", order="C")
    for cell in hidden:
        sent[cell] = 0.0
    _mount(
        key=key,
        data={
            "values": base64.b64encode(sent.tobytes()).decode("ascii"),
            "rows": list(rows),
            "columns": list(columns),
            "rowKinds": list(row_kinds),
            "columnKinds": list(column_kinds),
            "labels": {"name": labels.name, "row": labels.row, "column": labels.column},
            "tones": {"row": labels.row_tone, "column": labels.column_tone},
            "scale": scale,
            "bound": bound or (1.0 if scale == "sequential" else _largest(sent)),
            "digits": digits,
            "numbers": shape[1] <= WITH_NUMBERS,
            "picked": None if picked is None else list(picked),
            "lit": {"row": lit.row, "column": lit.column, "tone": lit.tone},
            "changed": [row * shape[1] + column for row, column in changed],
            "hidden": [row * shape[1] + column for row, column in hidden],
            "group": group,
            "texts": None if texts is None else [text for row in texts for text in row],
            "asides": [{"title": aside.title, "values": list(aside.values)} for aside in asides],
            "pickable": on_pick is not None,
            "editable": on_edit is not None,
        },
        on_pick_change=report_pick,
        on_edit_change=report_edit,
    )


def _largest(values: NDArray[np.float32]) -> float:
    """The largest magnitude; 1 where all are 0. What a mask adds is no part of the scale."""
    magnitudes = np.abs(values[np.abs(values) < 1e5])
    return float(magnitudes.max(initial=0.0)) or 1.0


def _is_inside(cell: Mapping[str, Any], shape: tuple[int, int]) -> bool:
    return bool(0 <= cell["row"] < shape[0] and 0 <= cell["column"] < shape[1])
