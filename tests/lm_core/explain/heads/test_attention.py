"""What is said about a head follows from its attention, by closed forms where there are some."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core import LanguageModel
from lm_core.explain.heads.attention import (
    attention_of,
    entropy,
    explain_probability,
    head_with_most,
    share_on,
    share_on_next,
    share_on_previous,
    special_positions,
    strongest_link,
    summarise,
)

SENTENCE = "The cat sat on the mat and looked at the dog."
sizes = st.integers(2, 24)


def uniform(size: int) -> Tensor:
    return torch.full((1, 1, size, size), 1 / size)


def to_previous(size: int) -> Tensor:
    """Every position looks at the one before, the first at itself."""
    probs = torch.zeros(1, 1, size, size)
    probs[0, 0, range(size), [0, *range(size - 1)]] = 1.0
    return probs


def random_attention(seed: int, size: int) -> Tensor:
    return (3 * torch.randn(1, 2, size, size, generator=torch.Generator().manual_seed(seed))).softmax(dim=-1)


@given(sizes)
def test_uniform_attention_has_the_entropy_of_the_logarithm_of_its_length(size: int) -> None:
    assert entropy(uniform(size)) == pytest.approx(math.log(size), rel=1e-5)


@given(sizes)
def test_attention_on_one_position_has_no_entropy(size: int) -> None:
    assert float(entropy(to_previous(size)).abs().max()) == 0


@given(st.integers(0, 99), sizes)
def test_entropy_lies_between_nought_and_the_logarithm_of_the_length(seed: int, size: int) -> None:
    measured = entropy(random_attention(seed, size))
    assert measured.shape == (1, 2, size)
    assert bool((measured >= 0).all())
    assert bool((measured <= math.log(size) + 1e-5).all())


@given(sizes)
def test_the_share_on_the_previous_position_is_all_or_an_equal_part(size: int) -> None:
    assert float(share_on_previous(to_previous(size))) == 1
    assert float(share_on_previous(uniform(size))) == pytest.approx(1 / size)


@given(st.integers(0, 99), sizes)
def test_the_next_position_is_the_previous_one_read_backwards(seed: int, size: int) -> None:
    probs = random_attention(seed, size)
    assert torch.allclose(share_on_next(probs), share_on_previous(probs.flip(-1, -2)), atol=1e-6)


@given(st.integers(0, 99), sizes)
def test_the_shares_on_some_positions_and_on_all_others_add_up_to_one(seed: int, size: int) -> None:
    probs = random_attention(seed, size)
    some = {0, size - 1}
    both = share_on(probs, some) + share_on(probs, set(range(size)) - some)
    assert both.flatten().tolist() == pytest.approx([1.0, 1.0], abs=1e-5)


@given(st.integers(0, 99), sizes, st.sets(st.integers(0, 23), min_size=1))
def test_several_positions_together_look_as_the_mean_of_their_rows(seed: int, size: int, some: set[int]) -> None:
    probs, queries = random_attention(seed, size), {query % size for query in some}
    together = attention_of(probs, queries)
    assert together.shape == (1, 2, size)
    assert together.sum(dim=-1).flatten().tolist() == pytest.approx([1.0, 1.0], abs=1e-5)
    by_hand = torch.stack([probs[0, 1, query] for query in queries]).sum(dim=0) / len(queries)
    assert torch.allclose(together[0, 1], by_hand, atol=1e-6)


def test_the_head_with_the_largest_share_is_found_where_it_stands() -> None:
    shares = [torch.tensor([[0.1, 0.2, 0.3]]), torch.tensor([[0.2, 0.9, 0.1]])]
    most = head_with_most(shares)
    assert (most.layer, most.head) == (1, 1)
    assert most.share == pytest.approx(0.9)


@given(st.integers(0, 99), st.integers(4, 12))
def test_the_strongest_link_is_the_largest_between_two_different_words(seed: int, size: int) -> None:
    probs, special = random_attention(seed, size), (0, size - 1)
    link = strongest_link(probs, 1, special)
    words = [position for position in range(size) if position not in special]
    largest = max(float(probs[0, 1, query, key]) for query in words for key in words if query != key)
    assert link.probability == largest == float(probs[0, 1, link.query, link.key])
    assert link.query != link.key
    assert not {link.query, link.key} & set(special)


def test_a_single_word_still_has_a_strongest_link() -> None:
    probs = random_attention(0, 3)
    assert strongest_link(probs, 0, (0, 2)).probability == float(probs[0, 0].max())


def test_special_tokens_are_found_and_what_the_reader_types_is_none(language_model: LanguageModel) -> None:
    trace = language_model.trace("The [SEP] cat [MASK].", "[CLS] sat.")
    first, middle, last = special_positions(trace.encoding)
    assert (first, last) == (0, len(trace.encoding.tokens) - 1)
    assert trace.encoding.token_type_ids[middle + 1] == 1


def test_the_summary_of_a_head_holds_what_its_parts_measure(language_model: LanguageModel) -> None:
    trace = language_model.trace(SENTENCE)
    for probs in trace.attentions:
        for head in range(language_model.config.num_attention_heads):
            seen = summarise(probs, head, trace.encoding)
            one = probs[0, head]
            assert seen.entropy == pytest.approx(float(-(one * one.log2()).sum(dim=-1).mean()), abs=1e-5)
            assert seen.most_entropy == math.log2(len(trace.encoding.tokens))
            assert seen.special_share == pytest.approx(float((one[:, 0] + one[:, -1]).mean()), abs=1e-6)
            assert seen.next_share == pytest.approx(float(one.diagonal(1).mean()), abs=1e-6)
            assert seen.previous_share == pytest.approx(float(one.diagonal(-1).mean()), abs=1e-6)


def test_a_probability_in_full_leads_from_the_dot_product_to_what_the_model_computed(
    language_model: LanguageModel,
) -> None:
    trace = language_model.trace(SENTENCE, masked_words=[1])
    size = len(trace.encoding.tokens)
    for layer, record in enumerate(trace.layers):
        for query in range(size):
            full = explain_probability(record.attention, head=1, query=query, key=size - 2)
            assert full.score == pytest.approx(full.dot_product / math.sqrt(full.head_dim), abs=1e-5)
            assert full.exponential / full.row_sum == pytest.approx(full.probability, abs=1e-6)
            assert full.probability == float(trace.attentions[layer][0, 1, query, size - 2])


def test_attention_without_a_map_cannot_be_taken_apart(language_model: LanguageModel) -> None:
    attention = dataclasses.replace(language_model.trace(SENTENCE).layers[0].attention, map=None)
    with pytest.raises(ValueError, match="map"):
        explain_probability(attention, 0, 0, 0)
