"""Measures how often a checkpoint prefers the grammatical one of two sentences; keeps the result beside its weights.

`python -m lm_core measure minimal-pairs --help` says how.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lm_core.checkpoints.pretrained import LanguageModel, load_pretrained
from lm_core.checkpoints.provenance import command_of, read_beside, weights_of, write_beside
from lm_core.errors import InputError
from lm_core.explain.sentences.likelihood import pseudo_likelihoods
from lm_core.text.json_lines import read_json_lines

FILE = "minimal_pairs.json"


@dataclass(frozen=True)
class MinimalPair:
    """Two sentences that differ as little as a rule of grammar needs (Warstadt et al. 2020)."""

    uid: str  # the phenomenon
    field: str  # syntax, morphology, semantics, or between two
    term: str  # the group of phenomena
    good: str  # what speakers of English accept
    bad: str  # what they do not


@dataclass(frozen=True)
class Phenomenon:
    """How a model did on the pairs of one phenomenon."""

    uid: str
    field: str
    term: str
    pairs: int
    right: int  # in so many the accepted sentence has the higher pseudo-log-likelihood

    @property
    def accuracy(self) -> float:
        """The share of pairs, 0 to 1; chance is 0.5."""
        return self.right / self.pairs


@dataclass(frozen=True)
class MinimalPairTable:
    """What was measured, on what, and by which command."""

    model: str
    weights: str  # SHA-256 of model.safetensors
    data: str  # name of the pairs
    licence: str  # of the data
    command: str
    phenomena: tuple[Phenomenon, ...]  # by group, then by name
    command_now: str | None = None  # how it is called today, where that is another name

    @property
    def pairs(self) -> int:
        """How many there were in all."""
        return sum(each.pairs for each in self.phenomena)

    @property
    def accuracy(self) -> float:
        """The share over all pairs, 0 to 1."""
        return sum(each.right for each in self.phenomena) / self.pairs


def measure(lm: LanguageModel, pairs: Iterable[MinimalPair]) -> tuple[Phenomenon, ...]:
    """Ask for each pair which sentence has the higher pseudo-log-likelihood; equal ones count as wrong."""
    results: dict[tuple[str, str, str], list[bool]] = {}
    for pair in pairs:
        good, bad = pseudo_likelihoods(lm, [pair.good, pair.bad])
        results.setdefault((pair.term, pair.uid, pair.field), []).append(good.log_prob > bad.log_prob)
    return tuple(
        Phenomenon(uid, field, term, len(right), sum(right)) for (term, uid, field), right in sorted(results.items())
    )


def read_pairs(file: Path) -> Iterator[MinimalPair]:
    """Pairs from JSON lines with `uid`, `field`, `term`, `good` and `bad`; .xz is unpacked.

    Raises:
        InputError: naming the line that is something else.
    """
    return read_json_lines(
        file,
        lambda row: MinimalPair(*(str(row[name]) for name in ("uid", "field", "term", "good", "bad"))),
        lambda number: InputError("Line {number} of {file} is no minimal pair.", number=number, file=file),
    )


def write_table(table: MinimalPairTable, folder: Path) -> None:
    """Keep the table beside the weights, a line a phenomenon."""
    write_beside(folder / FILE, vars(table), [vars(each) for each in table.phenomena], under="phenomena")


def read_table(folder: Path) -> MinimalPairTable | None:
    """The table that lies beside a model's weights; None if there is none, or it was measured on other weights.

    Raises:
        CheckpointError: the file is not such a table.
    """
    return read_beside(folder / FILE, _table)


def _table(about: dict[str, Any]) -> MinimalPairTable:
    """What the file says."""
    phenomena = tuple(Phenomenon(**row) for row in about.pop("phenomena"))
    if not all(0 <= each.right <= each.pairs > 0 for each in phenomena):
        raise ValueError("a phenomenon has no pairs, or fewer than were right")
    return MinimalPairTable(phenomena=phenomena, **about)


def summary(table: MinimalPairTable) -> str:
    """The shares by group of phenomena, as a Markdown table."""
    rows = ["| group | pairs | right |", "|---|---|---|"]
    for term in dict.fromkeys(each.term for each in table.phenomena):
        group = [each for each in table.phenomena if each.term == term]
        pairs, right = sum(each.pairs for each in group), sum(each.right for each in group)
        rows.append(f"| {term} | {pairs:,} | {right / pairs:.1%} |")
    return "\n".join([*rows, f"| all | {table.pairs:,} | {table.accuracy:.1%} |"])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("checkpoint", type=Path, help="a Hugging Face folder")
    parser.add_argument("--data", type=Path, required=True, help="JSON lines with uid, field, term, good, bad")
    parser.add_argument("--name", required=True, help="what the data is called")
    parser.add_argument("--licence", required=True, help="of the data")


def main(options: argparse.Namespace) -> None:
    """Measure which sentence of minimal pairs a checkpoint prefers, and write minimal_pairs.json beside its weights."""
    phenomena = measure(load_pretrained(options.checkpoint, device="cpu"), read_pairs(options.data))
    if not phenomena:
        raise InputError("There are no pairs in {file}.", file=options.data)
    table = MinimalPairTable(
        model=options.checkpoint.resolve().name,
        weights=weights_of(options.checkpoint),
        data=options.name,
        licence=options.licence,
        command=command_of(
            "measure minimal-pairs", options.checkpoint, options.data, name=options.name, licence=options.licence
        ),
        phenomena=phenomena,
    )
    write_table(table, options.checkpoint)
    print(summary(table))
