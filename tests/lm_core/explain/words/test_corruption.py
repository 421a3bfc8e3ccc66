"""The training game draws as training does, and its loss is the one that is trained on and Hugging Face's."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F
from transformers import BertForPreTraining

from lm_core import LanguageModel, Tokenizer
from lm_core.explain.words.corruption import KINDS, draw_corruptions, loss_by_rate, read_draw
from lm_core.text.masking import NOT_SCORED
from lm_core.training.objectives import masked_lm_loss
from tests.lm_core.conftest import SENTENCES

seeds, rates = st.integers(0, 10_000), st.floats(0.01, 1.0)


@settings(max_examples=30)
@given(sentence=st.sampled_from(SENTENCES), rate=rates, seed=seeds, whole_words=st.booleans())
def test_a_draw_hides_its_share_and_touches_nothing_else(
    sentence: str, rate: float, seed: int, whole_words: bool, language_model: LanguageModel
) -> None:
    encoding = language_model.encode(sentence)
    draws = draw_corruptions(encoding, language_model.tokenizer, rate=rate, seed=seed, count=3, whole_words=whole_words)
    for draw in draws:
        scored = set(draw.scored_positions)
        for position, (seen, label) in enumerate(zip(draw.input_ids, draw.labels, strict=True)):
            assert label == (encoding.original_ids[position] if position in scored else NOT_SCORED)
            assert position in scored or seen == encoding.original_ids[position]
        assert not scored & {0, len(encoding.tokens) - 1}
        chosen = [word for word in encoding.words if set(word.positions) & scored]
        if whole_words:
            assert all(set(word.positions) <= scored for word in chosen)
            assert len(chosen) == max(1, round(float(torch.tensor(len(encoding.words)) * rate)))
        else:
            assert len(scored) == max(1, round(float(torch.tensor(len(encoding.tokens) - 2) * rate)))
    again = draw_corruptions(encoding, language_model.tokenizer, rate=rate, seed=seed, count=3, whole_words=whole_words)
    assert again == draws


@settings(max_examples=20)
@given(sentence=st.sampled_from(SENTENCES), rate=rates, seed=seeds)
def test_what_is_paid_is_their_loss_and_the_one_that_is_trained_on(
    sentence: str, rate: float, seed: int, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    encoding = language_model.encode(sentence)
    (draw,) = draw_corruptions(encoding, language_model.tokenizer, rate=rate, seed=seed)
    pieces = read_draw(language_model, encoding, draw)
    with torch.inference_mode():
        logits = hugging_face_model(torch.tensor([draw.input_ids])).prediction_logits
    labels = torch.tensor([draw.labels])
    each = F.cross_entropy(logits[0], labels[0], reduction="none")
    mean = math.fsum(piece.loss for piece in pieces) / len(pieces)
    assert [piece.loss for piece in pieces] == pytest.approx(each[list(draw.scored_positions)].tolist(), abs=1e-4)
    assert mean == pytest.approx(float(F.cross_entropy(logits[0], labels[0])), abs=1e-4)
    assert mean == pytest.approx(float(masked_lm_loss(logits, labels)), abs=1e-4)
    for piece in pieces:
        assert piece.answer.original is not None
        assert piece.loss == pytest.approx(-math.log(piece.answer.original.probability), abs=1e-6)
        assert piece.bits == pytest.approx(-math.log2(piece.answer.original.probability), abs=1e-6)


def test_the_kind_is_what_the_model_sees(tokenizer: Tokenizer, language_model: LanguageModel) -> None:
    encoding = language_model.encode(SENTENCES[0])
    kinds = set()
    for draw in draw_corruptions(encoding, tokenizer, rate=0.5, seed=0, count=40):
        for position in draw.scored_positions:
            kind = draw.kind(position, tokenizer.mask_id)
            kinds.add(kind)
            assert (kind == "masked") == (draw.input_ids[position] == tokenizer.mask_id)
            assert (kind == "kept") == (draw.input_ids[position] == encoding.original_ids[position])
    assert kinds == set(KINDS)


@pytest.mark.parametrize("whole_words", [False, True])
def test_a_mask_that_the_reader_typed_is_never_asked_for(language_model: LanguageModel, whole_words: bool) -> None:
    tokenizer = language_model.tokenizer
    encoding = language_model.encode("The [MASK] sat.")
    for draw in draw_corruptions(encoding, tokenizer, rate=1.0, seed=0, count=5, whole_words=whole_words):
        assert not set(encoding.masked_positions) & set(draw.scored_positions)
    only = language_model.encode("[MASK] [MASK]")
    (draw,) = draw_corruptions(only, tokenizer, rate=1.0, seed=0, whole_words=whole_words)
    assert read_draw(language_model, only, draw) == ()


@pytest.mark.parametrize("whole_words", [False, True])
def test_the_loss_at_a_rate_is_the_mean_over_its_draws(language_model: LanguageModel, whole_words: bool) -> None:
    encoding = language_model.encode(SENTENCES[3])
    told: list[tuple[int, int]] = []
    found = loss_by_rate(
        language_model,
        encoding,
        [0.1, 0.5],
        draws=10,
        seed=3,
        whole_words=whole_words,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (20, 20)
    for measured in found:
        draws = draw_corruptions(
            encoding, language_model.tokenizer, rate=measured.rate, seed=3, count=10, whole_words=whole_words
        )
        pieces = [piece for draw in draws for piece in read_draw(language_model, encoding, draw)]
        assert measured.loss == pytest.approx(math.fsum(piece.loss for piece in pieces) / len(pieces), abs=1e-4)
        assert measured.scored == len(pieces) / 10
        for kind, loss in zip(KINDS, measured.by_kind, strict=True):
            of_kind = [piece.loss for piece in pieces if piece.kind == kind]
            assert (loss is None) == (not of_kind)
            assert loss is None or loss == pytest.approx(math.fsum(of_kind) / len(of_kind), abs=1e-4)
