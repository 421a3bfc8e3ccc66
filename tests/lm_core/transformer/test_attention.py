"""Attention: closed forms, and the fast way beside the traced one."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from lm_core.explain.heads.attention import entropy
from lm_core.transformer.attention import MultiHeadAttention, additive_mask, attend, attention_map
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel

CONFIG = TransformerConfig(hidden_size=12, num_attention_heads=3, num_hidden_layers=2, intermediate_size=8)


@pytest.fixture
def attention() -> MultiHeadAttention:
    torch.manual_seed(0)
    return MultiHeadAttention(CONFIG).eval().requires_grad_(False)


@pytest.mark.parametrize("length", [1, 2, 7, 100])
def test_equal_keys_share_the_attention_equally_and_its_entropy_is_log_n(length: int) -> None:
    query, key = torch.randn(1, 1, length, 4), torch.ones(1, 1, length, 4)
    probs = attention_map(query, key).probs
    torch.testing.assert_close(probs, torch.full_like(probs, 1 / length))
    torch.testing.assert_close(entropy(probs), torch.full((1, 1, length), math.log(length)))


def test_a_far_larger_score_takes_all_the_attention_and_its_entropy_is_0() -> None:
    query = torch.tensor([[[[1000.0, 0.0]]]])
    key = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]])
    probs = attention_map(query, key).probs
    assert probs.tolist() == [[[[1.0, 0.0]]]]
    assert entropy(probs).tolist() == [[[0.0]]]


def test_scores_are_the_dot_products_over_the_root_of_the_width() -> None:
    query, key = torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.tensor([[5.0, 6.0, 7.0, 8.0], [1.0, 0.0, 0.0, 1.0]])
    assert attention_map(query, key).scores.tolist() == [[35.0, 2.5]]


def test_a_mask_of_another_shape_than_batch_and_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(batch, key\)"):
        additive_mask(torch.ones(3), torch.float32)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_fast_and_traced_way_agree_for_every_mask(data: st.DataObject) -> None:
    def draw(most: int) -> int:
        return data.draw(st.integers(1, most))

    batch, heads, queries, keys, width = draw(3), draw(3), draw(6), draw(6), draw(8)
    torch.manual_seed(data.draw(st.integers(0, 1000)))
    query = 3 * torch.randn(batch, heads, queries, width)
    key, value = 3 * torch.randn(2, batch, heads, keys, width)
    mask = additive_mask(torch.randint(0, 2, (batch, keys)), torch.float32)
    fast, no_map = attend(query, key, value, mask)
    traced, formed = attend(query, key, value, mask, trace=True)
    assert no_map is None
    assert formed is not None
    torch.testing.assert_close(fast, traced, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(formed.probs.sum(-1), torch.ones(batch, heads, queries))


def test_hidden_positions_get_no_attention() -> None:
    query, key = torch.randn(2, 1, 1, 5, 4)
    mask = additive_mask(torch.tensor([[1, 1, 0, 1, 0]]), torch.float32)
    probs = attention_map(query, key, mask).probs
    assert probs[..., [2, 4]].abs().max() == 0


def test_a_head_mask_equals_scaling_that_heads_probabilities(attention: MultiHeadAttention) -> None:
    hidden_states, head_mask = torch.randn(2, 5, 12), torch.tensor([0.0, 0.5, 2.0])
    traced = attention(hidden_states, head_mask=head_mask, trace=True)
    scaled = traced.map.probs * head_mask[:, None, None] @ traced.value
    torch.testing.assert_close(traced.context, scaled)
    fast = attention(hidden_states, head_mask=head_mask)
    torch.testing.assert_close(fast.output, traced.output, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("head", [0, 1, 2])
def test_turning_a_head_off_equals_deleting_its_share_of_the_output_matrix(
    attention: MultiHeadAttention, head: int
) -> None:
    hidden_states = torch.randn(2, 5, 12)
    head_mask = torch.ones(3)
    head_mask[head] = 0
    off = attention(hidden_states, head_mask=head_mask).output
    attention.output.weight[:, head * 4 : (head + 1) * 4] = 0
    torch.testing.assert_close(attention(hidden_states).output, off)


def test_attention_to_another_sequence_uses_its_keys_and_values(attention: MultiHeadAttention) -> None:
    looking, looked_at = torch.randn(1, 3, 12), torch.randn(1, 5, 12)
    traced = attention(looking, key_value_states=looked_at, trace=True)
    assert traced.map.probs.shape == (1, 3, 3, 5)
    itself = attention(looked_at, trace=True)
    torch.testing.assert_close(traced.key, itself.key)
    torch.testing.assert_close(traced.value, itself.value)


@torch.no_grad()
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_fast_and_traced_way_of_the_whole_model_agree_under_every_head_mask(seed: int) -> None:
    torch.manual_seed(seed)
    model = PreTrainingModel(CONFIG).eval()
    input_ids, head_mask = torch.randint(0, 50, (2, 6)), 2 * torch.rand(2, 3)
    attention_mask = torch.randint(0, 2, (2, 6))
    fast = model(input_ids, None, attention_mask, head_mask=head_mask)
    traced = model(input_ids, None, attention_mask, head_mask=head_mask, trace=True)
    assert fast.body.layers == ()
    assert len(traced.body.layers) == 2
    for name in ("prediction_logits", "seq_relationship_logits"):
        ours: Tensor = getattr(fast, name)
        torch.testing.assert_close(ours, getattr(traced, name), atol=1e-5, rtol=1e-5)


def test_a_head_mask_of_another_shape_is_refused() -> None:
    model = PreTrainingModel(CONFIG).eval()
    with pytest.raises(ValueError, match=r"\(2, 3\), not \(3, 2\)"):
        model(torch.zeros(1, 2, dtype=torch.long), head_mask=torch.ones(3, 2))


def test_an_input_longer_than_the_positions_is_refused() -> None:
    model = PreTrainingModel(TransformerConfig(hidden_size=4, num_attention_heads=1, max_position_embeddings=3))
    with pytest.raises(ValueError, match="4 positions"):
        model(torch.zeros(1, 4, dtype=torch.long))
