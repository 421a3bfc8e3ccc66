"""The labelled data that the address names: which rows, which columns, how they are split."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import streamlit as st

from lm_core.errors import InputError
from lm_core.text.columns import Columns, examples_of, guess_columns
from lm_core.text.data_shelf import data_shelf
from lm_core.text.example_sets import SEED, SETS, load_set
from lm_core.text.examples import Example, Split, Tidied, split, tidy
from lm_core.text.tables import DELIMITERS, ENCODINGS, Table, read_lines, read_table
from ui.address.session import option, session
from ui.address.sources import FILE, OWN, SOURCES
from ui.i18n import N_, _

ABOUT = {
    "sentiment": N_("Whether a review is for or against."),
    "topics": N_("What a text is about."),
    "questions": N_("What a question asks for."),
}
"""What the labels of the shipped sets say."""

SHARES = (10, 20, 30, 40)  # per cent held out
SHARE = 20
DRAWS = 99  # splits to choose from; the first one has the seed of the shipped sets
DELIMITER_NAMES = dict(zip(("comma", "tab", "semicolon", "bar"), DELIMITERS, strict=True))

_LONGEST_NAME = 100  # characters of a file's name
_KEPT = 12  # data in memory: at most 5 MB each


@dataclass(frozen=True)
class ChosenData:
    """What a classifier is to learn from, and what it is measured on."""

    name: str  # in the reader's language, or the file's own: text from outside
    tidied: Tidied
    split: Split
    key: str  # equal for equal rows that are split in the same way

    @property
    def examples(self) -> tuple[Example, ...]:
        """All rows, in the order in which they came."""
        return self.tidied.examples.rows


@dataclass(frozen=True)
class Brought:
    """How the address says that a reader's table is to be read; None is what is detected."""

    source: str  # OWN or FILE
    lines: str  # what was pasted, if it stands in the address or in this session
    key: str  # of the file on the shelf, else ""
    encoding: str | None
    delimiter: str | None
    has_header: bool | None


def chosen_data() -> ChosenData:
    """The data that the address names; reads nothing else, and draws nothing.

    Raises:
        InputError: there are none, or nothing can be learned from them.
    """
    source, share, seed = data_source(), held_out_share(), split_seed()
    if source in SETS:
        return ChosenData(_(SOURCES[source]), *_shipped(source, share, seed))
    brought = what_was_brought()
    columns = chosen_columns(brought)
    name = _(SOURCES[OWN]) if source == OWN else ((option("file") or "")[:_LONGEST_NAME] or _(SOURCES[FILE]))
    return ChosenData(name, *_prepared(brought, columns, share, seed))


def data_source() -> str:
    """One of SOURCES; the first, where the address names none."""
    asked = option("set")
    return asked if asked in SOURCES else next(iter(SOURCES))


def held_out_share() -> int:
    """One of SHARES, in per cent."""
    return next((share for share in SHARES if str(share) == option("held_out")), SHARE)


def split_seed() -> int:
    """The seed of the split; in the address draws are counted from 1."""
    draw = option("draw") or ""
    is_number = draw.isascii() and draw.isdigit() and len(draw) < 4
    return int(draw) - 1 if is_number and 1 <= int(draw) <= DRAWS else SEED


def what_was_brought() -> Brought:
    """What the address says of the reader's own table."""
    encoding = option("encoding")
    return Brought(
        source=data_source(),
        lines=(option("lines") or session().long_texts.get("lines", "")) if data_source() == OWN else "",
        key=option("data" if data_source() == FILE else "pasted") or "",
        encoding=encoding if encoding in ENCODINGS else None,
        delimiter=DELIMITER_NAMES.get(option("delimiter") or ""),
        has_header={"yes": True, "no": False}.get(option("header") or ""),
    )


def pasted_lines(brought: Brought) -> str:
    """What the reader pasted, from the address or from the shelf.

    Raises:
        InputError: the shelf does not have it any more.
    """
    return data_shelf().get(brought.key).decode("utf-8", "replace") if brought.key else brought.lines


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def brought_table(brought: Brought) -> Table:
    """The reader's own rows as a table.

    Raises:
        InputError: there are none, or they are no table.
    """
    if brought.source == OWN:
        return read_lines(pasted_lines(brought), has_header=brought.has_header)
    if not brought.key:
        raise InputError("Bring a file first: a table as CSV or TSV, with a text and a label in each row.")
    data = data_shelf().get(brought.key)
    return read_table(data, encoding=brought.encoding, delimiter=brought.delimiter, has_header=brought.has_header)


def chosen_columns(brought: Brought) -> Columns:
    """Which columns the address names, from 1; where it names none, they are guessed.

    Raises:
        InputError: the text and the label are the same column, or there is no table.
    """
    header, guess = brought_table(brought).header, _guessed(brought)
    text, label = (_column(name, len(header)) for name in ("column_text", "column_label"))
    text = guess.text if text is None else text
    label = guess.label if label is None else label
    if text == label:
        raise InputError("The text and the label are the same column, {column}.", column=header[text])
    pair = guess.text_pair if option("column_pair") is None else _column("column_pair", len(header))
    return Columns(text, label, None if pair in (text, label) else pair)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _guessed(brought: Brought) -> Columns:
    table = brought_table(brought)
    return guess_columns(table.header, table.rows)


def _column(name: str, count: int) -> int | None:
    number = option(name) or ""
    return int(number) - 1 if number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= count else None


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _shipped(name: str, share: int, seed: int) -> tuple[Tidied, Split, str]:
    return _split(Tidied(load_set(name)), share, seed)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _prepared(brought: Brought, columns: Columns, share: int, seed: int) -> tuple[Tidied, Split, str]:
    return _split(tidy(examples_of(brought_table(brought).rows, columns)), share, seed)


def _split(tidied: Tidied, share: int, seed: int) -> tuple[Tidied, Split, str]:
    """The split of tidy rows, and its key."""
    parts = split(tidied.examples, share / 100, seed)
    rows = [[(row.text, row.text_pair, row.label) for row in part.rows] for part in (parts.train, parts.held_out)]
    return tidied, parts, blake2b(repr(rows).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
