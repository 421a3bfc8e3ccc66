"""The answer at a mask equals what the logits of the same trace say, computed another way."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lm_core import LanguageModel, answer_mask


def test_the_answer_is_read_off_the_trace(language_model: LanguageModel) -> None:
    trace = language_model.trace("The cat sat on the mat.", masked_words=[1, 5])
    for position in trace.encoding.masked_positions:
        logits = trace.prediction_logits[0, position].tolist()
        total = math.fsum(math.exp(logit) for logit in logits)
        probabilities = [math.exp(logit) / total for logit in logits]
        order = sorted(range(len(logits)), key=lambda token_id: -logits[token_id])
        original = trace.encoding.original_ids[position]

        answer = answer_mask(trace, position, language_model.tokenizer, top_k=5)
        assert answer.position == position
        assert [each.token_id for each in answer.predictions] == order[:5]
        assert [each.probability for each in answer.predictions] == pytest.approx(
            [probabilities[token_id] for token_id in order[:5]]
        )
        assert answer.original is not None
        assert answer.original.token_id == original
        assert answer.original.token == language_model.tokenizer.token(original)
        assert answer.original.probability == pytest.approx(probabilities[original])
        assert answer.rank == 1 + order.index(original)
        assert answer.entropy == pytest.approx(-math.fsum(p * math.log2(p) for p in probabilities))


def test_a_mask_that_the_reader_typed_has_no_original(language_model: LanguageModel) -> None:
    trace = language_model.trace("The [MASK] sat.")
    answer = answer_mask(trace, 2, language_model.tokenizer)
    assert answer.original is None
    assert answer.rank is None


@given(position=st.integers(0, 3))
def test_equal_logits_have_an_entropy_of_the_vocabularys_bits(language_model: LanguageModel, position: int) -> None:
    trace = language_model.trace("[MASK] [MASK]")
    even = replace(trace, prediction_logits=torch.zeros_like(trace.prediction_logits))
    if position not in (1, 2):
        with pytest.raises(ValueError, match="not one of the masked"):
            answer_mask(even, position, language_model.tokenizer)
        return
    answer = answer_mask(even, position, language_model.tokenizer)
    assert answer.entropy == pytest.approx(math.log2(language_model.config.vocab_size))


def test_a_certain_answer_has_no_entropy(language_model: LanguageModel) -> None:
    trace = language_model.trace("The cat", masked_words=[1])
    certain = torch.zeros_like(trace.prediction_logits)
    certain[0, 2, trace.encoding.original_ids[2]] = 1000.0
    answer = answer_mask(replace(trace, prediction_logits=certain), 2, language_model.tokenizer)
    assert answer.entropy == 0
    assert answer.rank == 1
    assert answer.original == answer.predictions[0]
    assert answer.predictions[0].probability == 1
