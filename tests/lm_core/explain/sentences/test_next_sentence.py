"""The judgement of a pair against Hugging Face's model, and the sums that are written out."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import BertForNextSentencePrediction

from lm_core import InputError, LanguageModel
from lm_core.checkpoints.folders import load_checkpoint
from lm_core.explain.sentences.next_sentence import judge, require_next_sentence
from tests.lm_core.conftest import SENTENCES

logits = st.floats(-30, 30)


@pytest.fixture(scope="module")
def theirs(language_model: LanguageModel) -> BertForNextSentencePrediction:
    return BertForNextSentencePrediction.from_pretrained(language_model.folder, attn_implementation="eager").eval()


@pytest.mark.parametrize("first", SENTENCES[:3])
@pytest.mark.parametrize("second", SENTENCES[3:])
def test_a_pair_is_judged_as_by_hugging_faces_model_for_next_sentences(
    first: str, second: str, language_model: LanguageModel, theirs: BertForNextSentencePrediction
) -> None:
    trace = language_model.trace(first, second)
    with torch.inference_mode():
        answer = theirs(
            torch.tensor([trace.encoding.input_ids]), token_type_ids=torch.tensor([trace.encoding.token_type_ids])
        )
    expected = answer.logits[0].double()
    judgement = judge(trace.seq_relationship_logits[0])
    assert (judgement.is_next_logit, judgement.not_next_logit) == pytest.approx(expected.tolist(), abs=1e-5)
    assert judgement.probability == pytest.approx(float(expected.softmax(-1)[0]), abs=1e-5)


@given(is_next=logits, not_next=logits)
def test_the_sums_hold_for_any_two_logits(is_next: float, not_next: float) -> None:
    judgement = judge(torch.tensor([is_next, not_next], dtype=torch.float64))
    other = judge(torch.tensor([not_next, is_next], dtype=torch.float64))
    assert judgement.probability + other.probability == pytest.approx(1)
    assert math.exp(judgement.is_next_logit - judgement.log_sum_exp) == pytest.approx(judgement.probability)
    assert judgement.log_odds == pytest.approx(-other.log_odds)
    assert 1 / (1 + 2**-judgement.log_odds) == pytest.approx(judgement.probability)


def test_a_model_of_masked_words_alone_is_not_asked(language_model: LanguageModel) -> None:
    require_next_sentence(language_model)
    model, _ = load_checkpoint(language_model.folder)
    torch.nn.init.constant_(model.next_sentence.bias, math.nan)  # as loading leaves what the checkpoint lacks
    with pytest.raises(InputError, match="cannot judge pairs"):
        require_next_sentence(replace(language_model, model=model.eval()))
