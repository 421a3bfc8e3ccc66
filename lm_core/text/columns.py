"""Which column of a table holds the texts and which the labels, and whether its first row names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lm_core.text.examples import LONGEST_LABEL, MOST_LABELS, Example

LONGEST_NAME = 40  # characters of a column's name

# Names that columns of data sets have, in lower case.
_TEXT_NAMES = {"text", "sentence", "sentence1", "premise", "review", "question", "comment", "content", "文本", "句子"}
_LABEL_NAMES = {"label", "labels", "class", "category", "sentiment", "target", "topic", "gold_label", "标签", "类别"}
_PAIR_NAMES = {"text_pair", "text2", "sentence2", "hypothesis", "question2", "pair", "文本对", "句子2"}

Row = Sequence[str]


@dataclass(frozen=True)
class Columns:
    """Which column is what, by its index."""

    text: int
    label: int
    text_pair: int | None = None


def guess_columns(header: Row, rows: Sequence[Row]) -> Columns:
    """Texts and labels by the names of the columns, else by what stands in them.

    A column of labels has few different values and short ones, a column of texts many and long ones. A second text is
    known by its name alone: a long column may be anything.

    Args:
        header: at least two names.
        rows: at least one, each as long as the header.
    """
    named = [name.strip().casefold() for name in header]
    values = list(zip(*rows, strict=True))
    distinct = [len({value.strip() for value in column}) for column in values]
    lengths = [sum(map(len, column)) / len(column) for column in values]
    everywhere = range(len(named))

    def called(names: set[str]) -> list[int]:
        return [index for index, name in enumerate(named) if name in names]

    def is_label_like(index: int) -> bool:
        return 2 <= distinct[index] <= MOST_LABELS and lengths[index] <= LONGEST_LABEL

    texts, labels = called(_TEXT_NAMES), called(_LABEL_NAMES)
    rest = [index for index in labels or everywhere if index not in texts[:1]] or [
        index for index in everywhere if index not in texts[:1]
    ]
    label = min(rest, key=lambda index: (not is_label_like(index), distinct[index], lengths[index]))
    others = [index for index in everywhere if index != label]
    text = texts[0] if texts and texts[0] != label else max(others, key=lambda index: lengths[index] * distinct[index])
    pair = next((index for index in called(_PAIR_NAMES) if index not in (text, label)), None)
    return Columns(text, label, pair)


def is_header(first: Row, below: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short, all different, no numbers, and no label of the rows below."""
    names = [cell.strip() for cell in first]
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        return False
    if {name.casefold() for name in names} & (_TEXT_NAMES | _LABEL_NAMES | _PAIR_NAMES):
        return True
    if not below or any(len(name) > LONGEST_NAME or re.fullmatch(r"[\d.,+-]+", name) for name in names):
        return False
    label = guess_columns([""] * len(names), [first, *below]).label
    labels = [row[label].strip() for row in below]
    return names[label] not in labels and len(set(labels)) <= max(MOST_LABELS, len(labels) // 2)


def examples_of(rows: Iterable[Row], columns: Columns) -> list[Example]:
    """The rows as labelled texts, not tidied yet."""
    pair = columns.text_pair
    return [Example(row[columns.text], row[columns.label], None if pair is None else row[pair]) for row in rows]
