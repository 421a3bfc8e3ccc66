"""What is lost without a head is the difference of two whole passes."""

from __future__ import annotations

import math

import pytest
import torch

from lm_core import LanguageModel
from lm_core.explain.heads.ablation import loss_without_head

SENTENCE = "The cat sat on the mat and looked at the dog."


def test_the_loss_is_that_of_a_second_trace_with_the_head_turned_off(language_model: LanguageModel) -> None:
    masked, config = [1, 5], language_model.config
    trace = language_model.trace(SENTENCE, masked_words=masked)
    for layer in range(config.num_hidden_layers):
        for head in range(config.num_attention_heads):
            off = torch.ones(config.num_hidden_layers, config.num_attention_heads)
            off[layer, head] = 0.0
            without = language_model.trace(SENTENCE, masked_words=masked, head_mask=off)
            drops = [
                math.log2(
                    trace.prediction_logits[0, position].softmax(-1)[trace.encoding.original_ids[position]]
                    / without.prediction_logits[0, position].softmax(-1)[trace.encoding.original_ids[position]]
                )
                for position in trace.encoding.masked_positions
            ]
            expected = sum(drops) / len(drops)
            assert loss_without_head(language_model, trace, layer, head) == pytest.approx(expected, abs=1e-4)


def test_where_nobody_knows_the_word_the_most_probable_answer_counts(language_model: LanguageModel) -> None:
    text = "The [MASK] sat on the mat."
    trace = language_model.trace(text)
    position = trace.encoding.masked_positions[0]
    top = int(trace.prediction_logits[0, position].argmax())
    off = torch.ones(language_model.config.num_hidden_layers, language_model.config.num_attention_heads)
    off[1, 2] = 0.0
    without = language_model.trace(text, head_mask=off).prediction_logits[0, position].softmax(-1)
    expected = math.log2(trace.prediction_logits[0, position].softmax(-1)[top] / without[top])
    assert loss_without_head(language_model, trace, 1, 2) == pytest.approx(expected, abs=1e-4)


def test_without_a_masked_word_there_is_nothing_to_lose(language_model: LanguageModel) -> None:
    with pytest.raises(ValueError, match="masked"):
        loss_without_head(language_model, language_model.trace(SENTENCE), 0, 0)
