"""The lens is Hugging Face's own head on Hugging Face's hidden states, and ends with the model's answer."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.explain.words.logit_lens import lens_step, logit_lens
from lm_core.explain.words.prediction import answer_mask
from tests.lm_core.conftest import SENTENCES


@torch.inference_mode()
def their_logits(model: BertForPreTraining, input_ids: tuple[int, ...], position: int) -> torch.Tensor:
    """(stage, vocab): the head of transformers on each of its hidden states."""
    hidden_states = model.bert(torch.tensor([input_ids]), output_hidden_states=True).hidden_states
    return torch.stack([model.cls.predictions(each)[0, position] for each in hidden_states])


@settings(max_examples=12)
@given(sentence=st.sampled_from(SENTENCES), word=st.integers(0, 8))
def test_every_stage_is_their_head_on_their_hidden_state_and_the_last_is_the_answer_itself(
    sentence: str, word: int, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    trace = language_model.trace(sentence, masked_words=[word % len(language_model.encode(sentence).words)])
    position = trace.encoding.masked_positions[0]
    lens = logit_lens(language_model, trace, position, top_k=4)
    theirs = their_logits(hugging_face_model, trace.encoding.input_ids, position)
    assert len(lens.answers) == language_model.config.num_hidden_layers + 1
    torch.testing.assert_close(lens.logits, theirs, atol=2e-5, rtol=1e-5)
    assert torch.equal(lens.logits[-1], trace.prediction_logits[0, position])
    assert lens.answers[-1] == answer_mask(trace, position, language_model.tokenizer, top_k=4)
    original = trace.encoding.original_ids[position]
    for answer, row in zip(lens.answers, theirs.double().log_softmax(dim=-1), strict=True):
        assert answer.original is not None
        assert answer.original.probability == pytest.approx(math.exp(row[original]), rel=1e-3)
        assert answer.entropy == pytest.approx(float(-(row.exp() * row).sum()) / math.log(2), abs=1e-3)


def test_a_probability_is_the_product_with_the_embedding_and_the_bias_through_the_softmax(
    language_model: LanguageModel,
) -> None:
    trace = language_model.trace(SENTENCES[0], masked_words=[1])
    (position,) = trace.encoding.masked_positions
    lens = logit_lens(language_model, trace, position)
    for stage, answer in enumerate(lens.answers):
        for piece in answer.predictions:
            step = lens_step(language_model, trace, lens, stage, piece.token_id)
            assert step.product + step.bias == pytest.approx(step.softmax.logit, abs=1e-4)
            assert step.softmax.probability == pytest.approx(piece.probability, rel=1e-9)


def test_settled_is_the_first_stage_from_which_on_the_answer_stays(language_model: LanguageModel) -> None:
    for word in range(4):
        trace = language_model.trace(SENTENCES[0], masked_words=[word])
        lens = logit_lens(language_model, trace, trace.encoding.masked_positions[0])
        first = [answer.predictions[0].token_id for answer in lens.answers]
        assert set(first[lens.settled :]) == {first[-1]}
        assert lens.settled == 0 or first[lens.settled - 1] != first[-1]


def test_where_nothing_is_masked_there_is_no_lens(language_model: LanguageModel) -> None:
    with pytest.raises(ValueError, match="position 1 is not one of the masked"):
        logit_lens(language_model, language_model.trace(SENTENCES[0]), 1)
