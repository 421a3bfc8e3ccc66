"""One head by hand: the same numbers as the model's, and sums that lead to them."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from lm_core import LanguageModel, load_pretrained
from lm_core.explain.heads.by_hand import HeadWeights, head_steps, steps_of, weights_of, written_sum
from lm_core.explain.heads.scaling import entropy_by_width
from lm_core.transformer.attention import additive_mask

WORDS = ["a", "cat", "sat", "on", "it"]
SENTENCE = "The children went to school by bus."


@pytest.fixture(scope="module")
def lm() -> LanguageModel:
    return load_pretrained(device="cpu")


def random_head(hidden: int, head_dim: int, positions: int, seed: int) -> tuple[Tensor, HeadWeights]:
    chance = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=chance)

    query, key, value = (draw(hidden, head_dim) for _ in range(3))
    query_bias, key_bias, value_bias = (draw(head_dim) for _ in range(3))
    weights = HeadWeights(query, key, value, draw(head_dim, hidden), query_bias, key_bias, value_bias)
    return draw(positions, hidden), weights


@settings(max_examples=25, deadline=None)
@given(
    layer=st.integers(0, 3), head=st.integers(0, 3), words=st.lists(st.sampled_from(["a", "cat", "sat", "on", "it"]))
)
def test_the_steps_of_a_head_are_the_models_own(lm: LanguageModel, layer: int, head: int, words: list[str]) -> None:
    trace = lm.trace(" ".join([*words, "."]))
    weights = weights_of(lm, layer, head)
    recorded = steps_of(trace, weights, layer, head)
    computed = head_steps(recorded.inputs, weights)
    for name in ("query", "key", "value", "scores", "probs", "context", "output"):
        torch.testing.assert_close(getattr(recorded, name), getattr(computed, name), atol=1e-4, rtol=1e-4)


def test_what_the_heads_add_together_is_the_output_of_the_attention(lm: LanguageModel) -> None:
    trace = lm.trace(SENTENCE)
    for layer, record in enumerate(trace.layers):
        heads = range(lm.config.num_attention_heads)
        together = torch.stack([steps_of(trace, weights_of(lm, layer, head), layer, head).output for head in heads])
        bias = lm.model.get_parameter(f"body.encoder.layers.{layer}.attention.output.bias")
        torch.testing.assert_close(together.sum(dim=0) + bias, record.attention.output[0], atol=1e-4, rtol=1e-4)


def test_without_scaling_the_scores_are_larger_by_the_root_of_the_width() -> None:
    inputs, weights = random_head(4, 4, 5, seed=1)
    scaled, unscaled = (head_steps(inputs, weights, scaled=scaled) for scaled in (True, False))
    torch.testing.assert_close(unscaled.scores, 2 * scaled.scores)
    torch.testing.assert_close(unscaled.query, scaled.query)


def test_a_masked_key_gets_nothing() -> None:
    inputs, weights = random_head(4, 4, 5, seed=2)
    mask = additive_mask(torch.tensor([[1, 1, 1, 1, 0]]), torch.float32)[0, 0]
    probs = head_steps(inputs, weights, mask).probs
    assert (probs[:, -1] == 0).all()
    torch.testing.assert_close(probs.sum(dim=-1), torch.ones(5))


def test_a_written_sum_leads_to_the_number() -> None:
    inputs, weights = random_head(4, 4, 5, seed=3)
    steps = head_steps(inputs, weights)
    score = written_sum(steps.query[1], steps.key[3], steps.scores[1, 3], divisor=2.0)
    assert sum(score.products) / score.divisor + score.added == pytest.approx(score.total, abs=1e-5)
    query = written_sum(inputs[2], weights.query[:, 1], steps.query[2, 1], added=weights.query_bias[1])
    assert sum(query.products) + query.added == pytest.approx(query.total, abs=1e-5)


def test_a_trace_without_maps_is_refused(lm: LanguageModel) -> None:
    trace = lm.trace(SENTENCE)
    attention = trace.layers[0].attention
    object.__setattr__(attention, "map", None)
    with pytest.raises(ValueError, match="no attention maps"):
        steps_of(trace, weights_of(lm, 0, 0), 0, 0)


def test_with_scaling_the_entropy_does_not_depend_on_the_width_and_without_it_falls() -> None:
    narrow, middle, wide = entropy_by_width([4, 64, 1024], positions=8)
    assert abs(wide.scaled - narrow.scaled) < 0.25
    assert narrow.unscaled > middle.unscaled > wide.unscaled
    assert wide.unscaled < 0.2
    (one,) = entropy_by_width([1], positions=8)
    assert one.scaled == pytest.approx(one.unscaled)
    assert 0 < one.scaled <= math.log2(8)
