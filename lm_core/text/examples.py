"""Labelled texts to learn from: each a text or a pair, and what it is said to be."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lm_core.errors import InputError
from lm_core.text.near_duplicates import Likeness, families, words_of

MOST_ROWS = 20_000  # an epoch of them takes minutes on two cores
LONGEST_TEXT = 2000  # characters: several times what 128 pieces hold
LONGEST_LABEL = 60  # characters: a label is a name, and one as long as this is a text
FEWEST_LABELS, MOST_LABELS = 2, 20
FEWEST_OF_A_LABEL = 4  # examples: below that none can be held out and some be left

HELD_OUT = 0.2  # share that is held out where nobody says otherwise


@dataclass(frozen=True)
class Example:
    """One labelled text, or one labelled pair."""

    text: str
    label: str
    text_pair: str | None = None
    kind: str = ""  # what sort of text it is, where its author said so
    level: str = ""  # how hard its author thought it to be


@dataclass(frozen=True)
class Examples:
    """Labelled texts, all of them single or all of them pairs."""

    rows: tuple[Example, ...]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order of the alphabet: the number of one is its index in the classifier's output."""
        return tuple(sorted({row.label for row in self.rows}))

    @property
    def balance(self) -> Counter[str]:
        """How many examples each label has."""
        return Counter(row.label for row in self.rows)

    @property
    def are_pairs(self) -> bool:
        """Whether each is a pair of texts."""
        return bool(self.rows) and self.rows[0].text_pair is not None


@dataclass(frozen=True)
class Tidied:
    """Examples that can be learned from, and what was done to the rows that they were made of."""

    examples: Examples
    blank: int = 0  # rows left out, since a text or the label was empty
    passed_over: int = 0  # rows left out, since there were more than MOST_ROWS
    cut: int = 0  # texts that lost what stood behind LONGEST_TEXT characters


@dataclass(frozen=True)
class Duplicates:
    """Rows that say the same, but for case, punctuation and spaces."""

    copies: int  # rows whose text and label stand in an earlier row
    conflicts: tuple[Conflict, ...]  # texts with more than one label, in the order of their first rows


@dataclass(frozen=True)
class Conflict:
    """One text that is said to be several things: no model can get all of these rows right."""

    text: str
    text_pair: str | None
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """What is learned from, and what is held out to see whether it was learned; both have all labels."""

    train: Examples
    held_out: Examples
    likeness: Likeness  # rows alike in this way are on the same side, all of them


def tidy(rows: Iterable[Example]) -> Tidied:
    """Examples to learn from, made of what was typed or read from a file.

    Of more than MOST_ROWS rows, so many are drawn by chance, always the same: files are often sorted by label.

    Raises:
        InputError: what is left has no rows, one label or too many, or too few examples of one.
    """
    given = list(rows)
    drawn = given
    if len(given) > MOST_ROWS:
        places = np.random.default_rng(0).choice(len(given), MOST_ROWS, replace=False)
        drawn = [given[place] for place in sorted(places.tolist())]
    kept = [
        row
        for row in map(_stripped, drawn)
        if row.label and _is_seen(row.text) and (row.text_pair is None or _is_seen(row.text_pair))
    ]
    ready = tuple(_shortened(row) for row in kept)
    examples = Examples(ready)
    require_labels(examples)
    cut = sum(before != after for before, after in zip(kept, ready, strict=True))
    return Tidied(examples, len(drawn) - len(kept), len(given) - len(drawn), cut)


def require_labels(examples: Examples) -> None:
    """Refuse what cannot be learned from and tested on.

    Raises:
        InputError: there are no rows, one label or too many, or too few examples of one.
    """
    balance = examples.balance
    if not balance:
        raise InputError("There is no row with a text and a label.")
    if len(balance) < FEWEST_LABELS:
        raise InputError(
            "All {rows} rows have the same label, {label}: there is nothing to tell apart.",
            rows=len(examples.rows),
            label=next(iter(balance)),
        )
    longest = max(balance, key=len)
    if len(longest) > LONGEST_LABEL:
        raise InputError(
            "A label has {length} characters: {label}. Is this the right column?", length=len(longest), label=longest
        )
    if len(balance) > MOST_LABELS:
        raise InputError(
            "There are {labels} different labels in {rows} rows, and {most} are the most. Is this the right column?",
            labels=len(balance),
            rows=len(examples.rows),
            most=MOST_LABELS,
        )
    rarest = min(balance, key=lambda label: (balance[label], label))
    if balance[rarest] < FEWEST_OF_A_LABEL:
        raise InputError(
            "The label {label} has too few examples: {count}, and {least} are the least. Add some, or leave it out.",
            label=rarest,
            count=balance[rarest],
            least=FEWEST_OF_A_LABEL,
        )


def find_duplicates(examples: Examples) -> Duplicates:
    """Which rows say the same as an earlier one."""
    groups: defaultdict[tuple[object, ...], list[Example]] = defaultdict(list)
    for row in examples.rows:
        folded = tuple(words_of(text) or text for text in (row.text, row.text_pair or ""))
        groups[folded].append(row)
    conflicts = tuple(
        Conflict(group[0].text, group[0].text_pair, tuple(sorted({row.label for row in group})))
        for group in groups.values()
        if len({row.label for row in group}) > 1
    )
    return Duplicates(sum(len(group) - len({row.label for row in group}) for group in groups.values()), conflicts)


def split(examples: Examples, held_out_share: float = HELD_OUT, seed: int = 0) -> Split:
    """Hold out a share of the examples of each label, by chance, and never one whose near-duplicate is learned from.

    Where whole families of near-duplicates leave too little to hold out (in many long texts some stock phrase joins
    all of them), a stricter likeness counts, and the split says which.

    Args:
        examples: at least FEWEST_OF_A_LABEL of each label.
        held_out_share: of each label, above 0 and below 1; reached exactly unless large families stand in the way.
        seed: the same gives the same split.

    Raises:
        InputError: all examples of a label say the same.
    """
    texts = [" ".join(filter(None, (row.text, row.text_pair))) for row in examples.rows]
    balance = examples.balance
    wanted = {label: min(max(1, round(held_out_share * count)), count - 1) for label, count in balance.items()}
    for likeness in ("run", "words", "copy"):
        chosen = _held_out(examples, families(texts, likeness), wanted, np.random.default_rng(seed))
        held = Counter(examples.rows[index].label for index in chosen)
        if all(held[label] >= (1 if likeness == "copy" else count / 2) for label, count in wanted.items()):
            held_out = tuple(row for index, row in enumerate(examples.rows) if index in chosen)
            train = tuple(row for index, row in enumerate(examples.rows) if index not in chosen)
            return Split(Examples(train), Examples(held_out), likeness)
    scarce = min(wanted, key=lambda label: held[label] / wanted[label])
    raise InputError(
        "The examples of {label} say nearly all the same: none can be held out that is not learned from.", label=scarce
    )


def _held_out(
    examples: Examples, family_of: list[int], wanted: dict[str, int], generator: np.random.Generator
) -> set[int]:
    """Indices of whole families, drawn by chance, as long as they fit into what is wanted of each label.

    The rarest label has the first choice: a family that has others, too, might not fit any more later.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for index, family in enumerate(family_of):
        members[family].append(index)
    room = Counter(wanted)
    chosen: set[int] = set()
    order = generator.permutation(list(members)).tolist()
    needed = {family: Counter(examples.rows[index].label for index in members[family]) for family in order}
    for label in sorted(wanted, key=lambda label: (wanted[label], label)):
        for family in order:
            if label in needed[family] and needed[family] <= room and members[family][0] not in chosen:
                room -= needed[family]
                chosen.update(members[family])
    return chosen


def _stripped(row: Example) -> Example:
    """Without space around it, or more than one within a label."""
    pair = None if row.text_pair is None else row.text_pair.strip()
    return replace(row, text=row.text.strip(), label=" ".join(row.label.split()), text_pair=pair)


def _is_seen(text: str) -> bool:
    """Whether a model reads anything in it: more than blanks, what is not printed, and loose accents."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


def _shortened(row: Example) -> Example:
    """Cut where it is longer than what is kept of a text."""
    pair = None if row.text_pair is None else row.text_pair[:LONGEST_TEXT]
    return replace(row, text=row.text[:LONGEST_TEXT], text_pair=pair)
