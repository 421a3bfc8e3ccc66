"""Passages cut from documents, and the four pairs that each question is made of."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm_core.text.corpus import PackedCorpus
from lm_core.text.passages import LENGTHS, Passage, passages, quartets, sentences_of
from lm_core.text.tokenization import Tokenizer

documents_of_lengths = st.lists(st.integers(0, 9), max_size=8)
sentences = st.lists(st.lists(st.integers(5, 99), min_size=1, max_size=12).map(tuple), max_size=12)


def numbered(lengths: list[int]) -> list[list[Passage]]:
    """Documents in which every passage is one piece that no other has."""
    numbers = iter(range(sum(lengths)))
    return [[(next(numbers),) for _ in range(length)] for length in lengths]


@given(lengths=documents_of_lengths, limit=st.integers(1, 40), seed=st.integers(0, 9))
def test_every_question_is_what_it_says(lengths: list[int], limit: int, seed: int) -> None:
    documents = numbered(lengths)
    place_of = {passage: (number, at) for number, cut in enumerate(documents) for at, passage in enumerate(cut)}
    asked = quartets(documents, limit, np.random.default_rng(seed))
    assert len(asked) <= limit
    for each in asked:
        document, place = place_of[each.first]
        assert place_of[each.follows] == (document, place + 1)
        assert place_of[each.random][0] != document
        topic_document, topic_place = place_of[each.topic]
        assert topic_document == document
        assert abs(topic_place - place) > 1
        assert each.pair("next") == (each.first, each.follows)
        assert each.pair("swapped") == (each.follows, each.first)
    used = [passage for each in asked for passage in (each.first, each.follows)]
    assert len(used) == len(set(used))
    assert asked == quartets(documents, limit, np.random.default_rng(seed))


@given(sentences=sentences, room=st.integers(1, 20), length=st.sampled_from(LENGTHS))
def test_passages_are_whole_sentences_in_their_order_and_fit(sentences: list[Passage], room: int, length: str) -> None:
    found = passages(sentences, room, length)
    assert all(1 <= len(passage) <= room for passage in found)
    if length == "sentences":
        assert found == [sentence[:room] for sentence in sentences]
    elif all(len(sentence) <= room for sentence in sentences):
        joined = tuple(chain(*found))
        assert joined == tuple(chain(*sentences))[: len(joined)]
        starts = np.cumsum([0, *map(len, sentences)]).tolist()
        assert {sum(map(len, found[:number])) for number in range(len(found) + 1)} <= set(starts)


def test_a_passage_that_ends_too_early_could_have_taken_no_other_sentence() -> None:
    assert passages([(1, 2), (3,), (4, 5, 6), (7,)], 4, "segments") == [(1, 2, 3)]


def test_the_sentences_of_a_document_are_those_of_its_text(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    (letters,) = [source for source in corpus.sources if source.name == "letters"]
    assert letters == corpus.sources[0]
    assert len(sentences_of(corpus, 0)) == 4
    with pytest.raises(IndexError):
        sentences_of(corpus, len(corpus.document_sources))
    end = corpus_tokenizer.encode_batch_ids(["."])[0][0]
    assert all(sentence[-1] == end for sentence in sentences_of(corpus, 7))
