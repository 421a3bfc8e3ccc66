"""A head that is off is a head whose columns of W^O are zero, and its importance is what the answers lose then."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core import InputError, LanguageModel
from lm_core.explain.heads.ablation import (
    Head,
    compare_answers,
    head_importance,
    head_mask_without,
    next_sentence_probability,
    random_heads,
)

TEXT = "The cat sat on the mat."
LAYERS, HEADS = 3, 4
some_heads = st.frozensets(st.tuples(st.integers(0, LAYERS - 1), st.integers(0, HEADS - 1)))


@torch.no_grad()
def without_columns(lm: LanguageModel, heads_off: frozenset[Head]) -> LanguageModel:
    """A copy whose output projections take nothing from these heads."""
    model = copy.deepcopy(lm.model)
    width = lm.config.head_dim
    for layer, head in heads_off:
        output = model.body.encoder.layers[layer].attention.output  # type: ignore[union-attr]
        output.weight[:, head * width : (head + 1) * width] = 0  # type: ignore[operator, union-attr]
    return replace(lm, model=model)


@settings(max_examples=25)
@given(heads_off=some_heads)
def test_a_head_that_is_off_is_a_head_whose_columns_of_the_output_matrix_are_zero(
    language_model: LanguageModel, heads_off: frozenset[Head]
) -> None:
    masked = language_model.trace(TEXT, head_mask=head_mask_without(language_model.config, heads_off))
    cut = without_columns(language_model, heads_off).trace(TEXT)
    torch.testing.assert_close(masked.prediction_logits, cut.prediction_logits, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(masked.seq_relationship_logits, cut.seq_relationship_logits, atol=1e-5, rtol=1e-5)


def test_with_all_heads_on_nothing_changes(language_model: LanguageModel) -> None:
    plain = language_model.trace(TEXT, masked_words=[1])
    all_on = language_model.trace(TEXT, masked_words=[1], head_mask=head_mask_without(language_model.config, ()))
    torch.testing.assert_close(all_on.prediction_logits, plain.prediction_logits, atol=0, rtol=0)
    (position,) = plain.encoding.masked_positions
    change = compare_answers(plain, all_on, position, language_model.tokenizer, top_k=5)
    assert change.loss == 0
    assert change.before == change.after
    assert all(piece.before == piece.after for piece in change.pieces)


@pytest.mark.parametrize("head", [(-1, 0), (LAYERS, 0), (0, HEADS)])
def test_a_head_that_is_not_there_cannot_be_turned_off(language_model: LanguageModel, head: Head) -> None:
    with pytest.raises(ValueError, match="is no head"):
        head_mask_without(language_model.config, [head])


@given(count=st.integers(0, LAYERS * HEADS), seed=st.integers(0, 999))
def test_random_heads_are_as_many_as_asked_for_and_the_same_for_the_same_seed(
    language_model: LanguageModel, count: int, seed: int
) -> None:
    drawn = random_heads(language_model.config, count, seed)
    assert len(drawn) == count
    assert drawn == random_heads(language_model.config, count, seed)
    assert int((head_mask_without(language_model.config, drawn) == 0).sum()) == count


def test_more_heads_than_there_are_cannot_be_drawn(language_model: LanguageModel) -> None:
    with pytest.raises(ValueError, match="count"):
        random_heads(language_model.config, LAYERS * HEADS + 1, 0)


def test_the_change_of_an_answer_is_read_off_both_passes(language_model: LanguageModel) -> None:
    off = head_mask_without(language_model.config, [(0, 1), (2, 3)])
    before = language_model.trace(TEXT, masked_words=[1])
    after = language_model.trace(TEXT, masked_words=[1], head_mask=off)
    (position,) = before.encoding.masked_positions
    change = compare_answers(before, after, position, language_model.tokenizer, top_k=3)
    first, second = (trace.prediction_logits[0, position].softmax(-1) for trace in (before, after))
    original = before.encoding.original_ids[position]
    best = {*first.topk(3).indices.tolist(), *second.topk(3).indices.tolist(), original}
    assert {piece.token_id for piece in change.pieces} == best
    for piece in change.pieces:
        assert piece.before == pytest.approx(float(first[piece.token_id]), abs=1e-6)
        assert piece.after == pytest.approx(float(second[piece.token_id]), abs=1e-6)
    assert change.target.token_id == original
    assert change.loss == pytest.approx(float(first[original].log2() - second[original].log2()), abs=1e-4)


def test_where_no_word_stood_the_best_answer_is_what_counts(language_model: LanguageModel) -> None:
    trace = language_model.trace("The [MASK] sat.")
    (position,) = trace.encoding.masked_positions
    change = compare_answers(trace, trace, position, language_model.tokenizer)
    assert change.target.token_id == int(trace.prediction_logits[0, position].argmax())


def test_the_probability_of_a_next_sentence_is_the_models(language_model: LanguageModel) -> None:
    trace = language_model.trace("The cat sat.", "A dog ran.")
    expected = language_model.next_sentence("The cat sat.", "A dog ran.")
    assert next_sentence_probability(trace) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("text", "masked_words"), [(TEXT, (1, 5)), ("The [MASK] sat on the mat.", (0,))])
def test_importance_is_what_the_target_loses_when_a_head_alone_is_off(
    language_model: LanguageModel, text: str, masked_words: tuple[int, ...]
) -> None:
    lm = language_model
    told: list[tuple[int, int]] = []
    importance = head_importance(lm, text, masked_words, lambda done, total: told.append((done, total)))
    assert told == [(done, LAYERS * HEADS) for done in range(1, LAYERS * HEADS + 1)]
    before = lm.trace(text, masked_words=masked_words)
    for layer in range(LAYERS):
        for head in range(HEADS):
            after = without_columns(lm, frozenset({(layer, head)})).trace(text, masked_words=masked_words)
            losses = [
                compare_answers(before, after, position, lm.tokenizer).loss
                for position in before.encoding.masked_positions
            ]
            assert float(importance[layer, head]) == pytest.approx(sum(losses) / len(losses), abs=1e-4)


def test_importance_needs_something_to_answer(language_model: LanguageModel) -> None:
    with pytest.raises(InputError, match="Hide a word first"):
        head_importance(language_model, TEXT)
