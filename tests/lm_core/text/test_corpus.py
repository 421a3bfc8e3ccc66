"""Text is packed once, whole and in order."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lm_core.errors import InputError
from lm_core.text.corpus import PackedCorpus, find_sources, open_corpus, read_documents
from lm_core.text.tokenization import Tokenizer


def test_every_sentence_of_every_document_is_packed_in_order(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    packed = []
    for document in range(len(corpus.document_sources)):
        first, end = corpus.document_starts[document : document + 2]
        bounds = corpus.sentence_starts[first : end + 1]
        packed.append([corpus.tokens[a:b].tolist() for a, b in pairwise(bounds)])
    read = [
        corpus_tokenizer.encode_batch_ids(each) for source in corpus.sources for each in read_documents(source.path)
    ]
    assert packed == read


def test_a_file_without_empty_lines_has_one_sentence_a_document(text_folder: Path) -> None:
    assert {len(document) for document in read_documents(text_folder / "phrases.txt")} == {1}


def test_training_and_held_out_documents_are_apart_and_together_all(corpus: PackedCorpus) -> None:
    training, held_out = set(corpus.training_documents()), set(corpus.held_out_documents())
    assert held_out
    assert not training & held_out
    assert len(training | held_out) == len(corpus.document_sources)


def test_packing_is_done_once_and_again_when_the_text_changes(corpus_tokenizer: Tokenizer, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("The cat sees the dog.\n", encoding="utf-8")
    sources = find_sources(tmp_path, {})
    first = open_corpus(sources, corpus_tokenizer, tmp_path / "cache")
    open_corpus(sources, corpus_tokenizer, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1
    text.write_text("The cat sees the dog in the garden.\n", encoding="utf-8")
    second = open_corpus(sources, corpus_tokenizer, tmp_path / "cache")
    assert len(second.tokens) > len(first.tokens)


def test_the_pieces_are_read_from_disk_and_not_loaded(corpus: PackedCorpus) -> None:
    assert isinstance(corpus.tokens, np.memmap)


def test_a_folder_without_text_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.txt"):
        find_sources(tmp_path, {})


def test_a_weight_for_an_unknown_source_is_an_input_error(text_folder: Path) -> None:
    with pytest.raises(InputError, match="novels"):
        find_sources(text_folder, {"novels": 2})
