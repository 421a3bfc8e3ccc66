"""What each word of a pair adds, against Hugging Face's answers to the pair with and without it."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.explain.sentences.pair_deletion import How, pair_word_effects

words = st.lists(st.sampled_from(["cat", "dog", "unhappily", "playing", ".", "[MASK]", "42"]), min_size=1, max_size=5)
hows = st.sampled_from(["hide", "leave out"])


def logits(model: BertForPreTraining, ids: list[int], segments: list[int]) -> list[float]:
    with torch.inference_mode():
        answer = model(torch.tensor([ids]), token_type_ids=torch.tensor([segments]))
    found: list[float] = answer.seq_relationship_logits[0].double().tolist()
    return found


@settings(max_examples=8, deadline=None)
@given(first=words, second=words, how=hows)
def test_effects_are_differences_of_hugging_faces_log_odds(
    first: list[str], second: list[str], how: How, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    encoding = language_model.encode(" ".join(first), " ".join(second))
    whole, effects = pair_word_effects(language_model, encoding, how)
    ids, segments = list(encoding.input_ids), list(encoding.token_type_ids)
    base = logits(hugging_face_model, ids, segments)
    assert (whole.is_next_logit, whole.not_next_logit) == pytest.approx(base, abs=1e-4)
    told = {(effect.segment, effect.word): effect for effect in effects}
    for segment, text in enumerate((encoding.words, encoding.pair_words)):
        for number, word in enumerate(text):
            if how == "hide":
                hidden = [
                    language_model.tokenizer.mask_id if at in word.positions else id_ for at, id_ in enumerate(ids)
                ]
                is_told, without = hidden != ids, logits(hugging_face_model, hidden, segments)
            else:
                kept = [at for at in range(len(ids)) if at not in word.positions]
                is_told = len(text) > 1
                without = logits(hugging_face_model, [ids[at] for at in kept], [segments[at] for at in kept])
            assert ((segment, number) in told) == is_told
            if is_told:
                effect = told[segment, number]
                assert (effect.without.is_next_logit, effect.without.not_next_logit) == pytest.approx(without, abs=1e-4)
                expected = (base[0] - base[1] - without[0] + without[1]) / math.log(2)
                assert effect.bits == pytest.approx(expected, abs=1e-3)


def test_progress_is_told(language_model: LanguageModel) -> None:
    told: list[tuple[int, int]] = []
    encoding = language_model.encode("The cat sat.", "It slept.")
    _, effects = pair_word_effects(language_model, encoding, "hide", on_progress=lambda *each: told.append(each))
    assert told[-1] == (len(effects) + 1,) * 2
