"""Tokens correspond where a reader would say so, and what changes is the difference of two probabilities."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.explain.heads.alignment import aligned, attention_change

words = st.lists(st.sampled_from("abcd"), max_size=12)


@pytest.mark.parametrize(
    ("other", "pairs"),
    [
        ("she was so tired", [(0, 0), (1, 1), (2, 2), (3, 3)]),
        ("he was so tired", [(0, 0), (1, 1), (2, 2), (3, 3)]),
        ("she was tired", [(0, 0), (1, 1), (3, 2)]),
        ("that she was so very tired", [(0, 1), (1, 2), (2, 3), (3, 5)]),
        ("he had been so tired", [(2, 3), (3, 4)]),
        ("", []),
    ],
)
def test_equal_tokens_correspond_and_as_many_in_the_place_of_as_many(other: str, pairs: list[tuple[int, int]]) -> None:
    assert aligned(["she", "was", "so", "tired"], other.split()) == pairs


@given(words, words)
def test_pairs_ascend_in_both_sentences(one: list[str], other: list[str]) -> None:
    pairs = aligned(one, other)
    for (first, second), (after, other_after) in itertools.pairwise(pairs):
        assert first < after
        assert second < other_after
    assert aligned(one, one) == [(position, position) for position in range(len(one))]


def test_a_sentence_against_itself_changes_nothing(language_model: LanguageModel) -> None:
    trace = language_model.trace("The cat sat on the mat.")
    pairs = aligned(trace.encoding.tokens, trace.encoding.tokens)
    assert not any(attention_change(probs, probs, pairs).any() for probs in trace.attentions)


def test_a_cell_is_the_second_probability_less_the_first(language_model: LanguageModel) -> None:
    one = language_model.trace("The cat sat on the mat.")
    other = language_model.trace("The wet cat sat on a mat.")
    pairs = aligned(one.encoding.tokens, other.encoding.tokens)
    for probs, other_probs in zip(one.attentions, other.attentions, strict=True):
        change = attention_change(probs, other_probs, pairs)
        assert change.shape == (1, language_model.config.num_attention_heads, len(pairs), len(pairs))
        for row, (query, other_query) in enumerate(pairs):
            for column, (key, other_key) in enumerate(pairs):
                expected = other_probs[0, :, other_query, other_key] - probs[0, :, query, key]
                assert torch.equal(change[0, :, row, column], expected)
