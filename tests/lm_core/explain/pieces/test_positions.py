"""Positions by closed forms, and what a model without them can no longer tell apart."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.explain.pieces.positions import (
    cosines_by_distance,
    effect_of_order,
    hidden_states_with_positions,
    hidden_states_without_positions,
    products_by_distance,
    sinusoidal_positions,
    swapped_order,
)

SENTENCE = "The unhappy cat sat on the mat, unbelievable!"


@given(length=st.integers(1, 40), hidden_size=st.integers(1, 20))
def test_sinusoidal_positions_are_the_formula_of_the_paper(length: int, hidden_size: int) -> None:
    positions = sinusoidal_positions(length, hidden_size)
    assert positions.shape == (length, hidden_size)
    for position in range(length):
        for dimension in range(hidden_size):
            angle = position / 10_000 ** (2 * (dimension // 2) / hidden_size)
            expected = math.cos(angle) if dimension % 2 else math.sin(angle)
            assert float(positions[position, dimension]) == pytest.approx(expected, abs=1e-6)


def test_the_dot_product_of_two_sinusoidal_positions_depends_on_their_distance_alone() -> None:
    width = 16
    positions = sinusoidal_positions(30, width)
    products = products_by_distance(positions)
    for distance in range(30):
        expected = sum(math.cos(distance / 10_000 ** (2 * i / width)) for i in range(width // 2))
        assert float(products[distance]) == pytest.approx(expected, abs=1e-4)
        assert positions[distance] @ positions[0] == pytest.approx(expected, abs=1e-4)
    assert torch.allclose(cosines_by_distance(positions), products / (width / 2), atol=1e-5)


def test_means_by_distance_are_means_over_all_pairs_at_that_distance() -> None:
    embeddings = torch.randn(7, 5, generator=torch.Generator().manual_seed(1))
    for distance in range(7):
        pairs = [(start, start + distance) for start in range(7 - distance)]
        products = [float(embeddings[a] @ embeddings[b]) for a, b in pairs]
        cosines = [float(torch.cosine_similarity(embeddings[a], embeddings[b], dim=0)) for a, b in pairs]
        assert float(products_by_distance(embeddings)[distance]) == pytest.approx(sum(products) / len(pairs), abs=1e-5)
        assert float(cosines_by_distance(embeddings)[distance]) == pytest.approx(sum(cosines) / len(pairs), abs=1e-5)


@given(st.integers(0, 9), st.integers(0, 9))
@example(1, 8)
def test_swapping_two_words_moves_all_their_pieces_and_twice_is_nothing(
    language_model: LanguageModel, first: int, second: int
) -> None:
    encoding = language_model.encode(SENTENCE)
    order = swapped_order(encoding, first, second)
    assert sorted(order) == list(range(len(encoding.tokens)))
    words = [word.text for word in encoding.words]
    words[first], words[second] = words[second], words[first]
    again = language_model.encode(" ".join(words))
    assert [encoding.input_ids[position] for position in order] == list(again.input_ids)
    assert order == swapped_order(encoding, second, first)


@settings(max_examples=30)
@given(st.permutations(range(10)))
def test_without_positions_another_order_gives_the_same_vectors_in_another_order(
    language_model: LanguageModel, order: list[int]
) -> None:
    body = language_model.model.body
    ids = torch.tensor([language_model.encode("The cat sat on the mat and looked.").input_ids[:10]])
    moved = torch.tensor(order)
    segments = torch.zeros_like(ids)
    with torch.inference_mode():
        before = hidden_states_without_positions(body, ids, segments)
        after = hidden_states_without_positions(body, ids[:, moved], segments)
    for stage, other in zip(before, after, strict=True):
        assert torch.allclose(stage[:, moved], other, atol=1e-4)


def test_what_is_left_out_is_the_position_embedding_and_nothing_else(language_model: LanguageModel) -> None:
    body = language_model.model.body
    trace = language_model.trace(SENTENCE)
    ids = torch.tensor([trace.encoding.input_ids])
    with torch.inference_mode():
        shown = hidden_states_with_positions(body, ids, torch.zeros_like(ids))
        without = hidden_states_without_positions(body, ids, torch.zeros_like(ids))
        saved = body.embeddings.position.weight.clone()
        body.embeddings.position.weight.zero_()
        try:
            expected = hidden_states_with_positions(body, ids, torch.zeros_like(ids))
        finally:
            body.embeddings.position.weight.copy_(saved)
    for stage, same in zip(shown, trace.hidden_states, strict=True):
        assert torch.allclose(stage, same, atol=1e-5)
    for stage, same in zip(without, expected, strict=True):
        assert torch.allclose(stage, same, atol=1e-5)


def test_a_swap_changes_the_embeddings_of_what_moved_and_with_positions_all_that_is_made_of_them(
    language_model: LanguageModel,
) -> None:
    encoding = language_model.encode("The cat sat on a mat.")
    order = swapped_order(encoding, 1, 5)
    body = language_model.model.body
    moved = [token for place, token in enumerate(order) if place != token]
    there = effect_of_order(body, encoding, order, with_positions=True).change
    assert there.shape == (1 + language_model.config.num_hidden_layers, len(encoding.tokens))
    assert torch.nonzero(there[0] > 1e-6).flatten().tolist() == sorted(moved)
    assert bool((there[1:] > 1e-4).all())
    gone = effect_of_order(body, encoding, order, with_positions=False).change
    assert float(gone.max()) < 1e-4
    nothing = effect_of_order(body, encoding, range(len(order)), with_positions=True).change
    assert float(nothing.max()) < 1e-6
