"""The sum of the embeddings, taken apart, is the one that the model computed."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from lm_core import LanguageModel
from lm_core.explain.pieces.embeddings import explain_dimension, outweighed_by_position, token_embedding

TEXT, PAIR = "The cat sat on the mat.", "The street was wet."


@settings(max_examples=40)
@given(position=st.integers(0, 13), dimension=st.integers(0, 23))
def test_every_number_of_the_input_can_be_computed_again_from_its_parts(
    language_model: LanguageModel, position: int, dimension: int
) -> None:
    embeddings = language_model.trace(TEXT, PAIR).embeddings
    number = explain_dimension(embeddings, language_model.model.body.embeddings, position, dimension)
    assert number.output == float(embeddings.output[0, position, dimension])
    assert number.total == pytest.approx(number.word + number.position + number.token_type, abs=1e-6)
    assert number.scaled == pytest.approx(number.output, abs=1e-5)


def test_the_sum_is_normed_to_the_output_and_segments_tell_the_two_texts_apart(language_model: LanguageModel) -> None:
    trace = language_model.trace(TEXT, PAIR)
    norm = language_model.model.body.embeddings.norm
    for position in range(len(trace.encoding.tokens)):
        token = token_embedding(trace.embeddings, position)
        normed = F.layer_norm(token.total, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
        assert torch.allclose(normed, token.output, atol=1e-5)
        segment = trace.encoding.token_type_ids[position]
        assert torch.equal(token.token_type, language_model.model.body.embeddings.token_type.weight[segment])


def test_the_dimensions_in_which_the_position_weighs_more_are_counted(language_model: LanguageModel) -> None:
    embeddings = language_model.trace(TEXT).embeddings
    layer, width = language_model.model.body.embeddings, language_model.config.hidden_size
    numbers = [explain_dimension(embeddings, layer, 2, dimension) for dimension in range(width)]
    assert outweighed_by_position(embeddings, 2) == sum(abs(each.position) > abs(each.word) for each in numbers)
