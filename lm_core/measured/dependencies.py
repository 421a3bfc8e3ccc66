"""Measures which heads of a checkpoint follow grammar, and keeps the result beside the weights it was measured on.

`python -m lm_core measure dependencies --help` says how.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from lm_core.checkpoints.pretrained import LanguageModel, load_pretrained
from lm_core.checkpoints.provenance import command_of, read_beside, weights_of, write_beside
from lm_core.errors import InputError
from lm_core.explain.heads.syntax import (
    CASES,
    Answers,
    ParsedSentence,
    Question,
    Tally,
    most_attended_word,
    syntactic_roles,
    word_attention,
)
from lm_core.text.json_lines import read_json_lines
from lm_core.text.tokenization import Encoding

FILE = "dependencies.json"


@dataclass(frozen=True, eq=False)
class DependencyTable:
    """What was measured, on what, and by which command."""

    model: str
    weights: str  # SHA-256 of model.safetensors: other weights have other heads
    data: str  # name of the marked sentences
    licence: str  # of the data
    sentences: int  # that were read
    left_out: int  # too long for the model, or with a word that its tokenizer drops
    command: str
    answers: tuple[Answers, ...]  # of questions with at least CASES cases, the most frequent first
    command_now: str | None = None  # how it is called today, where that is another name


def measure(model: LanguageModel, sentences: Iterable[ParsedSentence]) -> tuple[list[Answers], int, int]:
    """Ask every head about every dependency of the sentences.

    Returns:
        The answers, how many sentences were read, and how many were left out.
    """
    tally = Tally(model.config.num_hidden_layers, model.config.num_attention_heads)
    read = left_out = 0
    for sentence in sentences:
        trace = model.trace(" ".join(sentence.words))
        words = positions_of(sentence.words, trace.encoding)
        if words is None:
            left_out += 1
            continue
        tally.add(sentence, most_attended_word(word_attention(torch.cat(trace.attentions), words)))
        read += 1
    return tally.answers(), read, left_out


def positions_of(words: Iterable[str], encoding: Encoding) -> list[list[int]] | None:
    """Where the pieces of each word stand when the words, joined by spaces, were encoded; None if one has none."""
    found, start = [], 0
    for word in words:
        inside = [each for each in encoding.words if start <= each.start < start + len(word)]
        found.append([position for each in inside for position in each.positions])
        start += len(word) + 1
    complete = encoding.truncated_at is None and all(found)
    return found if complete else None


def read_sentences(file: Path) -> Iterator[ParsedSentence]:
    """Sentences from JSON lines with `tokens`, `head` and `deprel`, as CoNLL-U names its columns; .xz is unpacked.

    Raises:
        InputError: naming the line that is something else.
    """
    return read_json_lines(
        file,
        _sentence,
        lambda number: InputError("Line {number} of {file} is no sentence with its tree.", number=number, file=file),
    )


def _sentence(row: dict[str, Any]) -> ParsedSentence:
    """What a line says."""
    sentence = ParsedSentence(tuple(row["tokens"]), tuple(row["head"]), tuple(row["deprel"]))
    if not len(sentence.words) == len(sentence.heads) == len(sentence.relations) > 0:
        raise ValueError(f"{row!r} has not one head and one relation for each word")
    if not all(0 <= head <= len(sentence.words) for head in sentence.heads):
        raise ValueError(f"{row!r} has a head that is no word")
    return sentence


def write_table(table: DependencyTable, folder: Path) -> None:
    """Keep the table beside the weights, a line a question."""
    rows = [
        {
            **vars(each.question),
            "cases": each.cases,
            "offset": each.offset,
            "baseline": round(each.baseline, 4),
            "accuracy": [[round(share, 4) for share in layer] for layer in each.accuracy],
        }
        for each in table.answers
    ]
    write_beside(folder / FILE, vars(table), rows, under="answers")


def read_table(folder: Path) -> DependencyTable | None:
    """The table that lies beside a model's weights; None if there is none, or it was measured on other weights.

    Raises:
        CheckpointError: the file is not such a table.
    """
    return read_beside(
        folder / FILE,
        lambda about: DependencyTable(answers=tuple(_answers(row) for row in about.pop("answers")), **about),
    )


def _answers(row: dict[str, object]) -> Answers:
    """One row of the file."""
    accuracy = row["accuracy"]
    if not isinstance(accuracy, list):
        raise TypeError(f"accuracy: {accuracy!r} is not a list")
    return Answers(
        question=Question(str(row["relation"]), "dependent" if row["looks_at"] == "dependent" else "head"),
        cases=int(str(row["cases"])),
        accuracy=tuple(tuple(map(float, layer)) for layer in accuracy),
        offset=int(str(row["offset"])),
        baseline=float(str(row["baseline"])),
    )


def summary(table: DependencyTable) -> str:
    """The roles that were found, as a Markdown table."""
    rows = ["| head | relation | looks at | right | best distance | right | cases |", "|---|---|---|---|---|---|---|"]
    layers, heads = len(table.answers[0].accuracy), len(table.answers[0].accuracy[0])
    for layer in range(layers):
        for head in range(heads):
            rows += [
                f"| layer {layer + 1}, head {head + 1} | {role.question.relation} | {role.question.looks_at} | "
                f"{role.accuracy:.1%} | {role.offset:+d} | {role.baseline:.1%} | {role.cases:,} |"
                for role in syntactic_roles(table.answers, layer, head)
            ]
    return "\n".join(rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("checkpoint", type=Path, help="a Hugging Face folder")
    parser.add_argument("--data", type=Path, required=True, help="JSON lines with tokens, head, deprel; may be .xz")
    parser.add_argument("--name", required=True, help="what the data is called")
    parser.add_argument("--licence", required=True, help="of the data")


def main(options: argparse.Namespace) -> None:
    """Measure which heads of a checkpoint follow dependencies, and write dependencies.json beside its weights."""
    model = load_pretrained(options.checkpoint, device="cpu")
    answers, read, left_out = measure(model, read_sentences(options.data))
    if not answers:
        raise InputError("No relation occurs {cases} times in {file}.", cases=CASES, file=options.data)
    table = DependencyTable(
        model=options.checkpoint.resolve().name,
        weights=weights_of(options.checkpoint),
        data=options.name,
        licence=options.licence,
        sentences=read,
        left_out=left_out,
        command=command_of(
            "measure dependencies", options.checkpoint, options.data, name=options.name, licence=options.licence
        ),
        answers=tuple(answers),
    )
    write_table(table, options.checkpoint)
    print(summary(table))
