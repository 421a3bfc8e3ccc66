"""Text for pre-training, cut into pieces once and then read from disk without being loaded."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lm_core.errors import InputError
from lm_core.text.tokenization import Tokenizer

# One document in this many is held out for validation, and never trained on.
HELD_OUT = 100

_ARRAYS = ("tokens", "sentence_starts", "document_starts", "document_sources")


@dataclass(frozen=True)
class Source:
    """One text file: a sentence a line, an empty line between documents, plain or xz-compressed."""

    name: str
    path: Path
    weight: int  # how many times an epoch reads it


@dataclass(frozen=True)
class PackedCorpus:
    """All pieces of all sources end to end, and where sentences and documents begin.

    The arrays are memory-mapped: several processes share one copy, and a batch touches only its own pages.
    """

    sources: tuple[Source, ...]
    tokens: NDArray[np.uint16]  # (piece,) ids without special tokens
    sentence_starts: NDArray[np.int64]  # (sentence + 1,) indices into tokens; the last is the end
    document_starts: NDArray[np.int64]  # (document + 1,) indices into sentence_starts; the last is the end
    document_sources: NDArray[np.uint8]  # (document,) indices into sources
    held_out_one_in: int = HELD_OUT  # documents

    def training_documents(self) -> NDArray[np.int64]:
        """Numbers of the documents to train on."""
        numbers: NDArray[np.int64] = np.arange(len(self.document_sources))
        return np.delete(numbers, np.s_[:: self.held_out_one_in])

    def held_out_documents(self) -> NDArray[np.int64]:
        """Numbers of the documents kept for validation."""
        return np.arange(0, len(self.document_sources), self.held_out_one_in)


def find_sources(folder: Path, weights: Mapping[str, int]) -> tuple[Source, ...]:
    """Every `NAME.txt` and `NAME.txt.xz` of a folder, by name; a source without a given weight has weight 1.

    Raises:
        InputError: the folder holds no text, or a weight names a source that is not there.
    """
    files = {path.name.split(".")[0]: path for path in sorted(folder.glob("*.txt*")) if path.suffix in (".txt", ".xz")}
    if not files:
        raise InputError("There is no .txt or .txt.xz file in {folder}.", folder=folder)
    unknown = sorted(set(weights) - set(files))
    if unknown:
        raise InputError(
            "Weights are given for {unknown}, but the sources are {known}.",
            unknown=", ".join(unknown),
            known=", ".join(files),
        )
    return tuple(Source(name, path, weights.get(name, 1)) for name, path in files.items())


def read_documents(path: Path) -> Iterator[list[str]]:
    """The documents of a file, each a list of its sentences.

    A file without any empty line has no documents: each of its lines then stands alone.
    """
    document: list[str] = []
    lines_stand_alone = True
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            if sentence := line.strip():
                document.append(sentence)
            elif document:
                lines_stand_alone = False
                yield document
                document = []
    if lines_stand_alone:
        yield from ([sentence] for sentence in document)
    elif document:
        yield document


def read_sentences(sources: tuple[Source, ...]) -> Iterator[str]:
    """Every sentence as often as its source's weight says: what the tokenizer is trained on."""
    for source in sources:
        for _ in range(source.weight):
            for document in read_documents(source.path):
                yield from document


def open_corpus(sources: tuple[Source, ...], tokenizer: Tokenizer, cache: Path) -> PackedCorpus:
    """The packed form of these sources under this tokenizer, made on first use and kept in the cache folder.

    Raises:
        InputError: the vocabulary is too large for 16-bit ids.
    """
    if tokenizer.vocab_size > np.iinfo(np.uint16).max:
        raise InputError(
            "A packed corpus holds ids below 65,535, and this vocabulary has {size}.",
            size=tokenizer.vocab_size,
        )
    folder = cache / f"packed-{_fingerprint(sources, tokenizer)}"
    if not folder.is_dir():
        partial = folder.with_suffix(f".{os.getpid()}")
        _pack(sources, tokenizer, partial)
        try:
            partial.rename(folder)
        except OSError:  # another process was faster, and wrote the same
            shutil.rmtree(partial)
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    return PackedCorpus(sources, **arrays)


def _fingerprint(sources: tuple[Source, ...], tokenizer: Tokenizer) -> str:
    """Changes when a source's name or content or the vocabulary does."""
    digest = hashlib.sha256(json.dumps([tokenizer.token(i) for i in range(tokenizer.vocab_size)]).encode())
    for source in sources:
        digest.update(source.name.encode())
        with source.path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def pack_documents(
    documents: Iterable[tuple[int, list[str]]], tokenizer: Tokenizer
) -> dict[str, NDArray[np.integer[Any]]]:
    """Cut every sentence into pieces; empty sentences and documents are left out.

    Args:
        documents: each with the number of its source, as a list of its sentences.
        tokenizer: whose ids fit into 16 bits.

    Returns:
        The arrays of a PackedCorpus, by their names.
    """
    tokens: list[NDArray[np.uint16]] = []
    sentence_lengths: list[int] = []
    document_lengths: list[int] = []
    document_sources: list[int] = []
    for number, document in documents:
        sentences = [ids for ids in tokenizer.encode_batch_ids(document) if ids]
        if sentences:
            tokens.append(np.concatenate([np.asarray(ids, np.uint16) for ids in sentences]))
            sentence_lengths += [len(ids) for ids in sentences]
            document_lengths.append(len(sentences))
            document_sources.append(number)
    return {
        "tokens": np.concatenate(tokens) if tokens else np.empty(0, np.uint16),
        "sentence_starts": np.cumsum([0, *sentence_lengths], dtype=np.int64),
        "document_starts": np.cumsum([0, *document_lengths], dtype=np.int64),
        "document_sources": np.asarray(document_sources, np.uint8),
    }


def _pack(sources: tuple[Source, ...], tokenizer: Tokenizer, folder: Path) -> None:
    """Write the arrays of all sources."""
    numbered = ((number, document) for number, source in enumerate(sources) for document in read_documents(source.path))
    arrays = pack_documents(numbered, tokenizer)
    folder.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
