"""A text that somebody typed or pasted, as a corpus for pre-training: sentences, documents, and what is held out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lm_core.errors import InputError
from lm_core.text.corpus import PackedCorpus, Source, pack_documents
from lm_core.text.tokenization import Tokenizer

Document = TypeVar("Document")

LONGEST_TEXT = 400_000  # characters
FEWEST_SENTENCES = 20
HELD_OUT_ONE_IN = 10  # documents
_FEWEST_DOCUMENTS = 20  # of fewer ones the long ones are cut
_CUT_AFTER = 8  # sentences

# A sentence ends at a mark that is followed by a blank, or at one of Chinese, which is not.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？])")


def read_text(text: str) -> list[list[str]]:
    """The documents of a text, each a list of its sentences; an empty line separates documents.

    Where there are only a few documents, those of more than eight sentences are cut: some have to be held out.

    Raises:
        InputError: the text is too long, or has too few sentences to learn from.
    """
    if len(text) > LONGEST_TEXT:
        raise InputError(
            "The text has {length} characters; at most {limit} are read.",
            length=f"{len(text):,}",
            limit=f"{LONGEST_TEXT:,}",
        )
    documents = []
    for paragraph in re.split(r"\n\s*\n", text):
        sentences = [part.strip() for line in paragraph.splitlines() for part in _SENTENCE_END.split(line)]
        if sentences := [sentence for sentence in sentences if sentence]:
            documents.append(sentences)
    if len(documents) < _FEWEST_DOCUMENTS:
        documents = [
            document[first : first + _CUT_AFTER]
            for document in documents
            for first in range(0, len(document), _CUT_AFTER)
        ]
    count = sum(map(len, documents))
    if count < FEWEST_SENTENCES:
        raise InputError(
            "The text has {count} sentences; a model needs at least {fewest} to learn from.",
            count=count,
            fewest=FEWEST_SENTENCES,
        )
    return documents


def decode_text(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 where the file begins by saying so.

    Raises:
        InputError: it is no text, or in another encoding.
    """
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in data:
        raise InputError("This file is not plain text. Save what it says as a .txt file.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is not in UTF-8: byte {place} cannot be read. Save it as a text file in UTF-8.",
            place=f"{error.start + 1:,}",
        ) from error


def held_out_documents(documents: Sequence[Document]) -> Sequence[Document]:
    """The documents that the model never learns from, as `pack_text` holds them out."""
    return documents[::HELD_OUT_ONE_IN]


def learn_vocabulary(documents: list[list[str]], vocab_size: int) -> Tokenizer:
    """A tokenizer of this text; where the text is small, it has fewer pieces than asked for."""
    return Tokenizer.train((sentence for document in documents for sentence in document), vocab_size)


def pack_text(documents: list[list[str]], tokenizer: Tokenizer) -> PackedCorpus:
    """The text as a corpus in memory, with one document in ten held out."""
    arrays = pack_documents(((0, document) for document in documents), tokenizer)
    return PackedCorpus((Source("text", Path(), 1),), **arrays, held_out_one_in=HELD_OUT_ONE_IN)  # type: ignore[arg-type]


def unigram_probs(corpus: PackedCorpus, vocab_size: int) -> NDArray[np.float64]:
    """How frequent each piece is in the documents to learn from, with one added to each count (Laplace).

    Returns:
        (piece,) probabilities, none of them 0.
    """
    counts = np.bincount(pieces_of(corpus, corpus.training_documents()), minlength=vocab_size) + 1.0
    probs: NDArray[np.float64] = counts / counts.sum()
    return probs


def unigram_loss(corpus: PackedCorpus, vocab_size: int) -> float:
    """How surprised one is by held-out pieces who knows only how frequent each piece is, in nats a piece."""
    held_out = pieces_of(corpus, corpus.held_out_documents())
    return float(-np.log(unigram_probs(corpus, vocab_size))[held_out].mean())


def pieces_of(corpus: PackedCorpus, documents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The ids of some documents, one after the other."""
    starts = corpus.sentence_starts[corpus.document_starts]
    return np.concatenate([corpus.tokens[starts[each] : starts[each + 1]] for each in documents]).astype(np.int64)
