"""A piece beside the rest of its word is Hugging Face's answer to the text with the rest put back."""

from __future__ import annotations

import pytest
import torch
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.explain.words.whole_words import beside_the_rest, split_words
from tests.lm_core.conftest import SENTENCES


@torch.inference_mode()
def probability(model: BertForPreTraining, ids: list[int], position: int, target: int) -> float:
    return float(model(torch.tensor([ids])).prediction_logits[0, position].double().softmax(dim=-1)[target])


@pytest.mark.parametrize("sentence", [*SENTENCES, "zzz cat xyzzy"])
def test_each_piece_is_asked_for_with_the_whole_word_hidden_and_alone(
    sentence: str, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    plain = language_model.encode(sentence)
    split = [number for number, word in enumerate(plain.words) if len(word.positions) > 1]
    encoding = language_model.encode(sentence, masked_words=[0, *split])
    found = split_words(encoding)
    assert [encoding.words.index(word) for word in found] == split
    for word in found:
        changes = beside_the_rest(language_model, encoding, word)
        assert [change.before.position for change in changes] == list(word.positions)
        for change in changes:
            position = change.before.position
            target = encoding.original_ids[position]
            alone = list(encoding.input_ids)
            for place in word.positions:
                if place != position:
                    alone[place] = encoding.original_ids[place]
            whole = probability(hugging_face_model, list(encoding.input_ids), position, target)
            assert change.target.token_id == target
            assert change.target.before == pytest.approx(whole, rel=1e-3)
            assert change.target.after == pytest.approx(
                probability(hugging_face_model, alone, position, target), rel=1e-3
            )


def test_what_is_seen_or_was_never_there_is_not_asked_for(language_model: LanguageModel) -> None:
    assert split_words(language_model.encode("Unbelievable playing")) == []
    assert split_words(language_model.encode("The [MASK] sat.")) == []
