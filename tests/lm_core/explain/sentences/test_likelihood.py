"""The pseudo-log-likelihood against Hugging Face's logits, one hidden piece at a time."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.sentences.likelihood import pseudo_likelihoods
from lm_core.explain.together import answer_together, hide

sentences = st.text("thecatsondg .,", min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(sentences, min_size=1, max_size=3))
def test_each_piece_has_hugging_faces_probability_where_it_alone_is_hidden(
    texts: list[str], language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    for text, likelihood in zip(texts, pseudo_likelihoods(language_model, texts), strict=True):
        ids = language_model.encode(text).input_ids
        assert [piece.position for piece in likelihood.pieces] == list(range(1, len(ids) - 1))
        for piece in likelihood.pieces:
            hidden = torch.tensor([ids])
            hidden[0, piece.position] = language_model.tokenizer.mask_id
            with torch.inference_mode():
                logits = hugging_face_model(hidden).prediction_logits[0, piece.position]
            expected = float(logits.double().log_softmax(-1)[ids[piece.position]])
            assert piece.log_prob == pytest.approx(expected, abs=1e-4)
        assert likelihood.bits == pytest.approx(sum(piece.bits for piece in likelihood.pieces))
        mean = likelihood.bits / len(likelihood.pieces)
        assert likelihood.perplexity == pytest.approx(2**mean)
        assert math.log2(likelihood.perplexity) >= 0


@settings(max_examples=10, deadline=None)
@given(text=sentences)
def test_the_whole_vocabulary_makes_1_at_every_piece_and_the_sentence_takes_its_share(
    text: str, language_model: LanguageModel
) -> None:
    (likelihood,) = pseudo_likelihoods(language_model, [text])
    mask = language_model.tokenizer.mask_id
    variants = [hide(likelihood.encoding, (piece.position,), mask, (piece.position,)) for piece in likelihood.pieces]
    for piece, answer in zip(likelihood.pieces, answer_together(language_model, variants), strict=True):
        probs = answer.prediction_logits[0].double().softmax(-1)
        assert float(probs.sum()) == pytest.approx(1, abs=1e-12)
        assert float(probs[piece.token_id]) == pytest.approx(2**-piece.bits)


def test_a_mask_has_no_probability_of_its_own(language_model: LanguageModel) -> None:
    with pytest.raises(InputError, match=r"\[MASK\]"):
        pseudo_likelihoods(language_model, ["The cat.", "The [MASK]."])


def test_a_long_text_is_scored_as_far_as_the_model_reads(language_model: LanguageModel) -> None:
    (likelihood,) = pseudo_likelihoods(language_model, ["cat " * 200])
    assert len(likelihood.pieces) == language_model.config.max_position_embeddings - 2
    assert likelihood.encoding.truncated_at is not None
