"""A pasted text is read whole, what is held out is never learned from, and the lines are plain counts."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections import Counter
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core.errors import InputError
from lm_core.text.small_text import (
    FEWEST_SENTENCES,
    LONGEST_TEXT,
    decode_text,
    held_out_documents,
    learn_vocabulary,
    pack_text,
    pieces_of,
    read_text,
    unigram_loss,
    unigram_probs,
)
from lm_core.text.stream import PreTrainingStream
from ui.runs.small_text import SMALL_TEXT

DOCUMENTS = st.lists(
    st.lists(st.sampled_from(["The cat sat.", "It rained!", "Who came?", "我喜欢猫。"]), min_size=1, max_size=9),
    min_size=FEWEST_SENTENCES,
    max_size=40,
)


@settings(max_examples=25)
@given(DOCUMENTS)
def test_documents_and_sentences_come_back_as_they_were_written(documents: list[list[str]]) -> None:
    assert read_text("\n\n".join(" ".join(sentences) for sentences in documents)) == documents
    assert read_text("\n \n".join("\n".join(sentences) for sentences in documents)) == documents


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        documents = read_text(text)
    except InputError:
        return
    kept = "".join("".join(sentence.split()) for document in documents for sentence in document)
    assert len(kept) <= len("".join(text.split()))
    assert sum(map(len, documents)) >= FEWEST_SENTENCES


def test_of_one_long_document_a_part_is_held_out_all_the_same() -> None:
    documents = read_text("The cat sat. " * 40)
    assert sum(map(len, documents)) == 40
    assert 1 <= len(held_out_documents(documents)) < len(documents)


@pytest.mark.parametrize(
    ("text", "reason"), [("Too few.", "at least"), ("", "at least"), ("a" * (LONGEST_TEXT + 1), "at most")]
)
def test_too_short_and_too_long_are_told(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_text(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_unicode_is_read(encoding: str) -> None:
    assert decode_text("Ein Café, 我喜欢猫".encode(encoding)) == "Ein Café, 我喜欢猫"


@pytest.mark.parametrize(
    "data", ["Café au lait".encode("latin-1"), b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00\xff"]
)
def test_another_file_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(InputError, match="Save"):
        decode_text(data)


def test_held_out_documents_are_never_learned_from() -> None:
    mark = "zzz"
    documents = read_text(SMALL_TEXT)
    for document in held_out_documents(documents):
        document[:] = [f"{mark} {mark} {mark}." for _ in document]
    tokenizer = learn_vocabulary(documents, 400)
    corpus = pack_text(documents, tokenizer)
    marked = tokenizer.vocabulary[mark]
    assert set(pieces_of(corpus, corpus.held_out_documents())) == {marked, tokenizer.vocabulary["."]}
    assert marked not in pieces_of(corpus, corpus.training_documents())
    stream = PreTrainingStream(
        corpus,
        tokenizer,
        max_length=32,
        tokens_per_batch=256,
        masking_rate=0.3,
        short_rate=0.3,
        single_rate=0.1,
        seed=0,
    )
    for batch, _ in islice(stream, 60):
        assert not (batch.labels == marked).any()  # a random piece may stand in the input, never as what was there
        chosen = batch.labels >= 0
        assert not (batch.input_ids[~chosen] == marked).any()


def test_the_unigram_loss_is_a_plain_count() -> None:
    documents = read_text(SMALL_TEXT)
    tokenizer = learn_vocabulary(documents, 200)
    corpus = pack_text(documents, tokenizer)
    held_out = held_out_documents(documents)
    learned = [document for number, document in enumerate(documents) if number % 10]

    def cut(some: list[list[str]]) -> list[int]:
        return [id_ for document in some for ids in tokenizer.encode_batch_ids(document) for id_ in ids]

    counts, total = Counter(cut(learned)), len(cut(learned))
    costs = [-math.log((counts[piece] + 1) / (total + tokenizer.vocab_size)) for piece in cut(list(held_out))]
    assert unigram_loss(corpus, tokenizer.vocab_size) == pytest.approx(math.fsum(costs) / len(costs), rel=1e-12)
    probs = unigram_probs(corpus, tokenizer.vocab_size)
    assert probs.sum() == pytest.approx(1.0)
    assert np.all(probs > 0)


def test_another_process_learns_the_same_vocabulary() -> None:
    script = (
        "import json, sys\n"
        "from lm_core.text.small_text import learn_vocabulary, read_text\n"
        "tokenizer = learn_vocabulary(read_text(sys.stdin.read()), 250)\n"
        "print(json.dumps(dict(tokenizer.vocabulary), sort_keys=True))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=SMALL_TEXT,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
