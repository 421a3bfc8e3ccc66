"""A file or a paste as a table: which encoding, which delimiter, and what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lm_core.errors import InputError
from lm_core.text.columns import LONGEST_NAME, is_header

MOST_BYTES = 5_000_000

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "cp1252", "cp1250", "cp1251")
"""What can be chosen; UTF-8, UTF-16 and the ones of _GUESSED are detected."""

OF_LINES = ("label", "text")
"""The columns of lines that were cut at their first comma."""

DELIMITERS = (",", "\t", ";", "|")

_GUESSED = ["gb18030", "big5", "cp1252"]
_SAMPLE = 20_000  # characters from which the delimiter is detected: tens of milliseconds

# What a file begins with that is not text, and what it is.
_SIGNATURES = (
    (b"PK\x03\x04", "ZIP"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ", "xz"),
    (b"\xd0\xcf\x11\xe0", "Microsoft Office"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
)


@dataclass(frozen=True)
class Table:
    """Rows of cells, all with as many cells as there are columns."""

    header: tuple[str, ...]  # names of the columns, each different; "1", "2" … where the file names none
    rows: tuple[tuple[str, ...], ...]
    encoding: str  # as Python calls it
    delimiter: str
    has_header: bool  # whether the first row of the file was taken for the header
    ragged: int = 0  # rows left out: they have another number of cells
    damaged: int = 0  # characters that the encoding does not have, now \ufffd


def read_table(
    data: bytes, *, encoding: str | None = None, delimiter: str | None = None, has_header: bool | None = None
) -> Table:
    """The bytes of a CSV or TSV file as a table; what is not given is detected.

    Args:
        data: the whole file.
        encoding: one of ENCODINGS.
        delimiter: one of DELIMITERS.
        has_header: whether the first row names the columns.

    Raises:
        InputError: it is no text, too large, empty, has one column, or rows of every length.
    """
    text, encoding, damaged = _decoded(data, encoding)
    delimiter = delimiter or _detected_delimiter(text)
    every_row = _parsed(text, delimiter)
    if not every_row:
        raise InputError("The file is empty.")
    width = Counter(map(len, every_row)).most_common(1)[0][0]
    rows = [row for row in every_row if len(row) == width]
    ragged = len(every_row) - len(rows)
    if 2 * ragged > len(every_row):
        raise InputError(
            "{ragged} of {rows} rows have another number of cells than the others. Is another delimiter used?",
            ragged=ragged,
            rows=len(every_row),
        )
    if width < 2:
        raise InputError("There is one column only: a text and its label need two. Is another delimiter used?")
    is_named = is_header(rows[0], rows[1:]) if has_header is None else has_header
    names = rows[0] if is_named else tuple(str(number + 1) for number in range(width))
    body = tuple(rows[1:] if is_named else rows)
    if not body:
        raise InputError("There is a header, and no row under it.")
    return Table(_told_apart(names), body, encoding, delimiter, is_named, ragged, damaged)


def read_lines(text: str, *, has_header: bool | None = None) -> Table:
    """What was pasted: a label, a comma and a text a line; or cells of a spreadsheet, or of a CSV with a header.

    Args:
        text: any number of lines.
        has_header: whether the first row of cells names the columns; None detects it.

    Raises:
        InputError: nothing was pasted, or most lines have no label.
    """
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    if not lines:
        raise InputError("Nothing is written here yet: a label, a comma and a text in each line.")
    delimiter = "\t" if "\t" in text else ","
    if delimiter == "\t" or is_header(lines[0].split(","), ()):
        data = text.encode("utf-8", "replace")
        return read_table(data, encoding="utf-8", delimiter=delimiter, has_header=has_header)
    cut = [re.split("[,，]", line, maxsplit=1) for line in lines]  # the Chinese comma, too
    rows = tuple((cells[0], cells[1]) for cells in cut if len(cells) == 2)
    ragged = len(lines) - len(rows)
    if 2 * ragged > len(lines):
        raise InputError(
            "{ragged} of {rows} lines have no comma between a label and a text.", ragged=ragged, rows=len(lines)
        )
    return Table(OF_LINES, rows, "utf-8", delimiter, False, ragged)


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str, int]:
    """The text, the encoding that it was read by, and how many characters were damaged."""
    if len(data) > MOST_BYTES:
        raise InputError(
            "The file has {size} MB, and {most} MB are the most.",
            size=round(len(data) / 1e6, 1),
            most=round(MOST_BYTES / 1e6, 1),
        )
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            what = "Excel (.xlsx)" if name == "ZIP" and b"xl/" in data else name
            raise InputError("This is a file of {kind}, not a table in plain text. Export it as CSV.", kind=what)
    encoding = encoding or _detected_encoding(data)
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    if "\0" in text:
        raise InputError("This file is not a text: it has NUL characters in it. Export the table as CSV.")
    if not text.strip():
        raise InputError("The file is empty.")
    return text, encoding, text.count("\ufffd")


def _detected_encoding(data: bytes) -> str:
    """What the bytes are most likely written in; strict UTF-8 is hardly ever anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # only for files that are not UTF-8

        best = from_bytes(data, cp_isolation=_GUESSED).best()
        return "cp1252" if best is None else best.encoding


def _detected_delimiter(text: str) -> str:
    """What stands between the cells; a comma where nothing tells."""
    from clevercsv import Detector  # only when a file is read

    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    found = Detector().detect(sample, delimiters=DELIMITERS)
    return found.delimiter if found is not None and found.delimiter else ","


def _parsed(text: str, delimiter: str) -> list[tuple[str, ...]]:
    """The rows that are not blank: with quotes where all of them enclose a cell, else (5" of rain) as it fits."""
    text = re.sub("\r\n?", "\n", text)
    ways = ((csv.QUOTE_MINIMAL, True), (csv.QUOTE_NONE, False), (csv.QUOTE_MINIMAL, False))
    readings = []
    for quoting, strict in ways:
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=delimiter,
            quoting=quoting,  # type: ignore[arg-type]
            strict=strict,
        )
        try:
            rows = [tuple(row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error:  # not so written, or a cell larger than the module reads
            continue
        if strict:
            return rows
        readings.append(rows)
    if not readings:
        raise InputError("A cell has more than {most} characters.", most=csv.field_size_limit())
    return max(readings, key=_regularity)  # the first one, if both are equal


def _regularity(rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows have the commonest length (above one cell), less those that have not."""
    widths = Counter(map(len, rows))
    usual = widths.most_common(1)[0] if widths else (0, 0)
    return 2 * usual[1] * (usual[0] > 1) - len(rows)


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names that are all different and not empty: a second `text` becomes `text (2)`."""
    found: list[str] = []
    for number, name in enumerate(names):
        base = " ".join(name.split())[:LONGEST_NAME] or str(number + 1)
        copies = (f"{base} ({copy})" for copy in range(2, len(names) + 2))
        found.append(base if base not in found else next(copy for copy in copies if copy not in found))
    return tuple(found)
