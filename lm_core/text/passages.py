"""Held-out text as questions about its order: what stood behind a passage, and what did not in three ways.

The three negatives tell what a model goes by. One from another document can be told apart by its topic; one of the same
document only by what follows from what; and the two true ones in the wrong order, ALBERT's question (Lan et al. 2020,
§3.1), by the order alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lm_core.text.corpus import PackedCorpus

TRUE = "next"  # the passage that stood behind the first one
NEGATIVES = ("random", "topic", "swapped")
"""What did not: of another document of the same source; of the same document; the two true ones in the wrong order."""
LENGTHS = ("sentences", "segments")
"""How long a passage is: one sentence, or as many whole ones as fit into half of the model's positions."""

Passage = tuple[int, ...]  # ids, without special tokens


@dataclass(frozen=True)
class Quartet:
    """A passage with what stood behind it and what did not."""

    first: Passage
    follows: Passage
    random: Passage
    topic: Passage

    def pair(self, kind: str) -> tuple[Passage, Passage]:
        """What the model reads as A and B: for `TRUE` or one of `NEGATIVES`."""
        return {
            TRUE: (self.first, self.follows),
            "random": (self.first, self.random),
            "topic": (self.first, self.topic),
            "swapped": (self.follows, self.first),
        }[kind]


def sentences_of(corpus: PackedCorpus, document: int) -> list[Passage]:
    """The sentences of a document as ids."""
    first, end = corpus.document_starts[document], corpus.document_starts[document + 1]
    bounds = corpus.sentence_starts[first : end + 1]
    return [tuple(corpus.tokens[start:stop].tolist()) for start, stop in pairwise(bounds)]


def passages(sentences: Sequence[Passage], room: int, length: str) -> list[Passage]:
    """A document cut into passages, one behind the other.

    Args:
        sentences: of the document.
        room: pieces of the longest passage; a longer sentence loses its end.
        length: one of LENGTHS; the end of a document that does not fill a segment is left out.
    """
    if length == "sentences":
        return [sentence[:room] for sentence in sentences]
    found: list[Passage] = []
    open_passage: Passage = ()
    for sentence in sentences:
        if open_passage and len(open_passage) + len(sentence) > room:
            found.append(open_passage[:room])
            open_passage = ()
        open_passage += sentence
    return found


def quartets(documents: Sequence[Sequence[Passage]], limit: int, generator: np.random.Generator) -> list[Quartet]:
    """At most so many questions about documents of one source, spread over all of them by chance.

    A passage of the same document is neither the next one nor the one before, which would be the wrong order.

    Args:
        documents: each as its passages.
        limit: how many questions at most.
        generator: the source of chance.
    """
    places = [
        (document, place) for document, cut in enumerate(documents) for place in range(0, len(cut) - 1, 2)
    ]  # every second: no passage is asked about twice
    filled = [document for document, cut in enumerate(documents) if cut]
    found: list[Quartet] = []
    for chosen in generator.permutation(len(places)).tolist():
        document, place = places[chosen]
        cut = documents[document]
        far = [other for other in range(len(cut)) if abs(other - place) > 1]
        others = [other for other in filled if other != document]
        if not far or not others:
            continue
        other = documents[others[int(generator.integers(len(others)))]]
        random, topic = other[int(generator.integers(len(other)))], cut[far[int(generator.integers(len(far)))]]
        found.append(Quartet(cut[place], cut[place + 1], random, topic))
        if len(found) == limit:
            break
    return found
