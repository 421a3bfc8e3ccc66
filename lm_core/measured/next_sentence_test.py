"""Measures what fools a checkpoint's next-sentence head, and keeps the result beside the weights it was measured on.

`python -m lm_core measure next-sentences --help` says how.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lm_core.checkpoints.pretrained import LanguageModel, load_pretrained
from lm_core.checkpoints.provenance import command_of, read_beside, weights_of, write_beside
from lm_core.errors import InputError
from lm_core.explain.sentences.next_sentence import judge, require_next_sentence
from lm_core.explain.together import Variant, answer_together
from lm_core.text.corpus import PackedCorpus, find_sources, open_corpus
from lm_core.text.passages import LENGTHS, NEGATIVES, TRUE, Passage, passages, quartets, sentences_of

FILE = "next_sentences.json"

BINS = 10  # of P(IsNext), all equally wide
PAIRS = 400  # of one source and length, at most


@dataclass(frozen=True)
class PairResult:
    """What the model said to the pairs of one kind."""

    source: str
    length: str  # one of LENGTHS
    kind: str  # TRUE or one of NEGATIVES
    histogram: tuple[int, ...]  # (bin,) how many pairs had P(IsNext) in each tenth from 0 to 1

    @property
    def pairs(self) -> int:
        """How many there were."""
        return sum(self.histogram)

    @property
    def right(self) -> int:
        """In how many the model was right: P(IsNext) above 50 % for true neighbours, and not for the others."""
        above = sum(self.histogram[BINS // 2 :])
        return above if self.kind == TRUE else self.pairs - above


@dataclass(frozen=True)
class Accuracy:
    """A share with what chance leaves open."""

    right: int
    pairs: int

    @property
    def share(self) -> float:
        """Of the pairs that were judged right, 0 to 1."""
        return self.right / self.pairs

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (Wilson 1927): where the share would lie with ever more such pairs."""
        z = 1.959964
        middle = (self.right + z * z / 2) / (self.pairs + z * z)
        half = z / (self.pairs + z * z) * math.sqrt(self.right * (self.pairs - self.right) / self.pairs + z * z / 4)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class NextSentenceTable:
    """What was measured, on what, and by which command."""

    model: str
    weights: str  # SHA-256 of model.safetensors
    documents: int  # held out, and never trained on
    command: str
    results: tuple[PairResult, ...]  # by source, then length, then kind
    command_now: str | None = None  # how it is called today, where that is another name

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources, in the order of the file."""
        return tuple(dict.fromkeys(each.source for each in self.results))

    def accuracy(self, length: str, kind: str, source: str | None = None) -> Accuracy | None:
        """How often the model was right about the pairs of one kind; None where there are none.

        Args:
            length: one of LENGTHS.
            kind: TRUE or one of NEGATIVES.
            source: one of `sources`; None takes all together.
        """
        found = self._found(length, kind, source)
        pairs = sum(each.pairs for each in found)
        return Accuracy(sum(each.right for each in found), pairs) if pairs else None

    def task(self, length: str, negative: str, source: str | None = None) -> Accuracy | None:
        """How often it was right where half of the pairs are true and half are negatives: chance is 50 %."""
        parts = [self.accuracy(length, kind, source) for kind in (TRUE, negative)]
        known = [part for part in parts if part is not None]
        return Accuracy(sum(part.right for part in known), sum(part.pairs for part in known)) if known else None

    def histogram(self, length: str, kind: str, source: str | None = None) -> tuple[int, ...]:
        """How many of these pairs had P(IsNext) in each tenth from 0 to 1."""
        rows = [each.histogram for each in self._found(length, kind, source)]
        return tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * BINS

    def _found(self, length: str, kind: str, source: str | None) -> list[PairResult]:
        return [
            each
            for each in self.results
            if (each.length, each.kind) == (length, kind) and source in (None, each.source)
        ]


def measure(
    lm: LanguageModel,
    corpus: PackedCorpus,
    *,
    limit: int = PAIRS,
    seed: int = 0,
    on_progress: Callable[[str], None] | None = None,
) -> tuple[PairResult, ...]:
    """Ask about the held-out documents of every source; a source whose lines stand alone has no pairs.

    Args:
        lm: who is asked.
        corpus: packed with its tokenizer.
        limit: questions about one source and length, each in all kinds.
        seed: the same gives the same questions.
        on_progress: called with what is done.

    Raises:
        InputError: the model cannot judge pairs.
    """
    require_next_sentence(lm)
    results = []
    held_out = corpus.held_out_documents()
    for number, source in enumerate(corpus.sources):
        documents = [sentences_of(corpus, int(each)) for each in held_out[corpus.document_sources[held_out] == number]]
        for place, length in enumerate(LENGTHS):
            room = (lm.config.max_position_embeddings - 3) // 2
            cut = [passages(document, room, length) for document in documents]
            asked = quartets(cut, limit, np.random.default_rng((seed, number, place)))
            if asked:
                results += [
                    PairResult(source.name, length, kind, _histogram(lm, [each.pair(kind) for each in asked]))
                    for kind in (TRUE, *NEGATIVES)
                ]
            if on_progress is not None:
                on_progress(f"{source.name}, {length}: {len(asked)} questions in {1 + len(NEGATIVES)} kinds")
    return tuple(results)


def _histogram(lm: LanguageModel, pairs: Iterable[tuple[Passage, Passage]]) -> tuple[int, ...]:
    """How many of the pairs have P(IsNext) in each tenth; exactly 50 % is not above."""
    counts = [0] * BINS
    for answer in answer_together(lm, [_variant(lm, *pair) for pair in pairs]):
        probability = judge(answer.seq_relationship_logits).probability
        counts[max(0, min(BINS - 1, math.ceil(probability * BINS) - 1))] += 1
    return tuple(counts)


def _variant(lm: LanguageModel, first: Passage, second: Passage) -> Variant:
    """[CLS] A [SEP] B [SEP]."""
    words = lm.tokenizer
    return Variant(
        (words.cls_id, *first, words.sep_id, *second, words.sep_id),
        (0,) * (len(first) + 2) + (1,) * (len(second) + 1),
        (),
    )


def write_table(table: NextSentenceTable, folder: Path) -> None:
    """Keep the table beside the weights, a line for each source, length and kind."""
    write_beside(folder / FILE, vars(table), [vars(each) for each in table.results], under="results")


def read_table(folder: Path) -> NextSentenceTable | None:
    """The table that lies beside a model's weights; None if there is none, or it was measured on other weights.

    Raises:
        CheckpointError: the file is not such a table.
    """
    return read_beside(
        folder / FILE,
        lambda about: NextSentenceTable(results=tuple(_result(row) for row in about.pop("results")), **about),
    )


def _result(row: dict[str, object]) -> PairResult:
    """One row of the file."""
    histogram = row["histogram"]
    if not isinstance(histogram, list) or len(histogram) != BINS:
        raise ValueError(f"histogram: {histogram!r} has not {BINS} counts")
    result = PairResult(str(row["source"]), str(row["length"]), str(row["kind"]), tuple(map(int, histogram)))
    if result.length not in LENGTHS or result.kind not in (TRUE, *NEGATIVES) or min(result.histogram) < 0:
        raise ValueError(f"{row!r} is no result")
    return result


def summary(table: NextSentenceTable) -> str:
    """The accuracies as a Markdown table: half of the pairs are true neighbours, half are of the kind named."""
    rows = [
        "| held-out text | length | pairs of each kind | " + " | ".join(NEGATIVES) + " |",
        "|---|---|---|---|---|---|",
    ]
    for length in LENGTHS:
        for source in (*table.sources, None):
            true = table.accuracy(length, TRUE, source)
            if true is not None:
                tasks = [table.task(length, negative, source) for negative in NEGATIVES]
                shares = " | ".join("–" if task is None else f"{task.share:.1%}" for task in tasks)
                rows.append(f"| {source or 'all'} | {length} | {true.pairs:,} | {shares} |")
    return "\n".join(rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("checkpoint", type=Path, help="a Hugging Face folder")
    parser.add_argument("--data", type=Path, required=True, help="the folder of text that it was pre-trained on")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="of one source, length and kind, at most")


def main(options: argparse.Namespace) -> None:
    """Measure what fools a checkpoint about pairs, and write next_sentences.json beside its weights."""
    lm = load_pretrained(options.checkpoint, device="cpu")
    with tempfile.TemporaryDirectory() as cache:
        corpus = open_corpus(find_sources(options.data, {}), lm.tokenizer, Path(cache))
        results = measure(lm, corpus, limit=options.pairs, on_progress=lambda done: print(done, file=sys.stderr))
        documents = len(corpus.held_out_documents())
    if not results:
        raise InputError("No held-out document in {folder} has three passages.", folder=options.data)
    table = NextSentenceTable(
        model=options.checkpoint.resolve().name,
        weights=weights_of(options.checkpoint),
        documents=documents,
        command=command_of("measure next-sentences", options.checkpoint, options.data, pairs=str(options.pairs)),
        results=results,
    )
    write_table(table, options.checkpoint)
    print(summary(table))
