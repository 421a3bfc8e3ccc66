"""Sentence pairs are what next-sentence prediction needs: true neighbours, or strangers of the same source."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core.text.corpus import PackedCorpus
from lm_core.text.pairing import IS_NEXT, IS_RANDOM, NO_PAIR, PairPlan, plan_pairs


def plan(corpus: PackedCorpus, seed: int = 0, max_length: int = 48, **rates: float) -> PairPlan:
    return plan_pairs(
        corpus,
        corpus.training_documents(),
        max_length=max_length,
        short_rate=rates.get("short_rate", 0.3),
        single_rate=rates.get("single_rate", 0.1),
        generator=np.random.default_rng(seed),
    )


def document_of(corpus: PackedCorpus, token: int) -> int:
    starts = corpus.sentence_starts[corpus.document_starts]
    return int(np.searchsorted(starts, token, side="right")) - 1


@given(seed=st.integers(0, 1000), max_length=st.integers(16, 128))
@settings(max_examples=15, deadline=None)
def test_a_true_pair_is_contiguous_and_a_random_one_from_another_document_of_the_source(
    corpus: PackedCorpus, seed: int, max_length: int
) -> None:
    pairs = plan(corpus, seed, max_length)
    assert pairs.lengths.max() <= max_length
    for (first, end, pair_first, pair_end), label in zip(pairs.spans.tolist(), pairs.labels.tolist(), strict=True):
        assert first < end
        document = document_of(corpus, first)
        assert document == document_of(corpus, end - 1)
        assert document in corpus.training_documents()
        if label == NO_PAIR:
            assert pair_first == pair_end
            continue
        assert pair_first < pair_end
        other = document_of(corpus, pair_first)
        assert corpus.document_sources[other] == corpus.document_sources[document]
        if label == IS_NEXT:
            assert (pair_first, other) == (end, document)
        else:
            assert label == IS_RANDOM
            assert other != document
            assert other in corpus.training_documents()


def test_half_of_the_pairs_are_random(corpus: PackedCorpus) -> None:
    labels = np.concatenate([plan(corpus, seed).labels for seed in range(10)])
    pairs = labels[labels != NO_PAIR]
    # Four standard deviations of a fair coin.
    assert abs((pairs == IS_RANDOM).mean() - 0.5) < 2 / np.sqrt(len(pairs))


def test_length_does_not_tell_true_pairs_from_random_ones(corpus: PackedCorpus) -> None:
    plans = [plan(corpus, seed) for seed in range(10)]
    lengths = np.concatenate([each.lengths for each in plans])
    labels = np.concatenate([each.labels for each in plans])
    true, random = lengths[labels == IS_NEXT], lengths[labels == IS_RANDOM]
    assert true.mean() == pytest.approx(random.mean(), rel=0.05)


def test_every_piece_of_text_is_read_when_no_sequence_is_cut(corpus: PackedCorpus) -> None:
    pairs = plan(corpus, max_length=128, short_rate=0.0)
    read = np.zeros(len(corpus.tokens), bool)
    for (first, end, pair_first, pair_end), label in zip(pairs.spans, pairs.labels, strict=True):
        read[first:end] = True
        if label == IS_NEXT:
            read[pair_first:pair_end] = True
    for document in corpus.training_documents():
        first, end = corpus.sentence_starts[corpus.document_starts[document : document + 2]]
        assert read[first:end].all()


def test_lone_sentences_are_never_part_of_a_pair(corpus: PackedCorpus) -> None:
    phrases = [source.name for source in corpus.sources].index("phrases")
    pairs = plan(corpus)
    sources = np.asarray([corpus.document_sources[document_of(corpus, first)] for first in pairs.spans[:, 0]])
    assert (pairs.labels[sources == phrases] == NO_PAIR).all()
