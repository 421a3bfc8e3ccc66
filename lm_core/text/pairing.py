"""Which stretches of a corpus become the two segments of a next-sentence question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lm_core.text.corpus import PackedCorpus

IS_NEXT, IS_RANDOM, NO_PAIR = 0, 1, -100  # labels of a next-sentence question; -100 is not scored


@dataclass(frozen=True)
class PairPlan:
    """Which stretches of a corpus are put together; nothing is copied until a batch is made."""

    spans: NDArray[np.int64]  # (pair, 4) first and end of A, first and end of B in corpus.tokens
    labels: NDArray[np.int64]  # (pair,) 0: B follows A; 1: B is random; -100: there is no B

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """(pair,) positions needed, special tokens included."""
        first, end, pair_first, pair_end = self.spans.T
        pieces: NDArray[np.int64] = end - first + pair_end - pair_first
        return pieces + np.where(self.labels == NO_PAIR, 2, 3)


def plan_pairs(
    corpus: PackedCorpus,
    documents: Sequence[int] | NDArray[np.int64],
    *,
    max_length: int,
    short_rate: float,
    single_rate: float,
    generator: np.random.Generator,
) -> PairPlan:
    """Cut documents into pairs of segments, half of them with a random second one (Devlin et al. 2019, A.2).

    A random B comes from another document of the same source and is as long as the B that it replaces, so that
    neither style nor length gives the answer away. What it replaces is read later as part of the next pair.

    Args:
        corpus: where the text is.
        documents: numbers of the documents to cut, in any order, repeated as often as they are to be read.
        max_length: positions of a sequence, special tokens included.
        short_rate: share of sequences that aim at a random shorter length.
        single_rate: share of sequences that stay one segment, without a next-sentence question.
        generator: the source of chance.
    """
    starts = corpus.sentence_starts
    in_source = _documents_by_source(corpus, documents)
    spans: list[tuple[int, int, int, int]] = []
    labels: list[int] = []
    for document in documents:
        first, end = corpus.document_starts[document], corpus.document_starts[document + 1]
        bounds: list[int] = starts[first : end + 1].tolist()
        others = in_source[corpus.document_sources[document]]
        sentence, last = 0, len(bounds) - 1
        while sentence < last:
            room = max_length - 3
            if generator.random() < short_rate:
                room = int(generator.integers(min(8, room), room + 1))
            stop = _last_that_fits(bounds, sentence, room)
            if stop - sentence < 2 or len(others) < 2 or generator.random() < single_rate:
                cut = min(bounds[stop], bounds[sentence] + max_length - 2)
                spans.append((bounds[sentence], cut, 0, 0))
                labels.append(NO_PAIR)
                sentence = stop
                continue
            middle = int(generator.integers(sentence + 1, stop))
            if generator.random() < 0.5:
                pair = (bounds[middle], bounds[stop])
                labels.append(IS_NEXT)
                sentence_after = stop
            else:
                other = _another(others, document, generator)
                pair = _random_segment(corpus, other, bounds[stop] - bounds[middle], generator)
                pair = (pair[0], min(pair[1], pair[0] + max_length - 3 - (bounds[middle] - bounds[sentence])))
                labels.append(IS_RANDOM)
                sentence_after = middle
            spans.append((bounds[sentence], bounds[middle], *pair))
            sentence = sentence_after
    return PairPlan(np.asarray(spans, np.int64).reshape(-1, 4), np.asarray(labels, np.int64))


def _documents_by_source(corpus: PackedCorpus, documents: Sequence[int] | NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """For each source its documents among these, each once: where random segments may come from."""
    distinct = np.unique(np.asarray(documents, np.int64))
    return [distinct[corpus.document_sources[distinct] == source] for source in range(len(corpus.sources))]


def _last_that_fits(bounds: list[int], sentence: int, room: int) -> int:
    """The end of the longest run of whole sentences from this one that fits; at least one sentence."""
    stop = sentence + 1
    while stop < len(bounds) - 1 and bounds[stop + 1] - bounds[sentence] <= room:
        stop += 1
    return stop


def _another(documents: NDArray[np.int64], document: int, generator: np.random.Generator) -> int:
    """One of the (at least two, ascending) documents, but not this one."""
    drawn = int(generator.integers(len(documents) - 1))
    return int(documents[drawn + (drawn >= np.searchsorted(documents, document))])


def _random_segment(corpus: PackedCorpus, document: int, room: int, generator: np.random.Generator) -> tuple[int, int]:
    """Whole sentences from a random place of the document, about as long as the room; at least one sentence.

    Near the document's end the segment grows backwards: were it shorter, its length would give it away.
    """
    first, end = corpus.document_starts[document], corpus.document_starts[document + 1]
    bounds: list[int] = corpus.sentence_starts[first : end + 1].tolist()
    sentence = int(generator.integers(len(bounds) - 1))
    stop = _last_that_fits(bounds, sentence, room)
    while stop == len(bounds) - 1 and sentence > 0 and bounds[stop] - bounds[sentence - 1] <= room:
        sentence -= 1
    return bounds[sentence], bounds[stop]
