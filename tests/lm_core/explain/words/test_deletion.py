"""What a word is worth is the difference of two passes of Hugging Face's model, one with it and one without."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import Encoding, LanguageModel
from lm_core.explain.words.deletion import How, word_effects
from tests.lm_core.conftest import SENTENCES

ways = st.sampled_from(("hide", "leave out"))


@torch.inference_mode()
def their_bits(model: BertForPreTraining, inputs: list[list[int]], targets: list[dict[int, int]]) -> list[float]:
    """For each input the log-probability of the targets at their places, added up, in bits."""
    bits = dict.fromkeys(range(len(inputs)), 0.0)
    for length in {len(ids) for ids in inputs}:
        rows = [row for row, ids in enumerate(inputs) if len(ids) == length]
        logits = model(torch.tensor([inputs[row] for row in rows])).prediction_logits
        for row, log_probs in zip(rows, logits.double().log_softmax(dim=-1), strict=True):
            at = targets[row].items()
            bits[row] = math.fsum(float(log_probs[place, target]) for place, target in at) / math.log(2)
    return list(bits.values())


def targets_of(model: BertForPreTraining, encoding: Encoding, positions: tuple[int, ...], mask_id: int) -> list[int]:
    """What stood there, or the first answer to the whole text."""
    with torch.inference_mode():
        best = model(torch.tensor([encoding.input_ids])).prediction_logits[0].argmax(dim=-1)
    ids = encoding.original_ids
    return [int(best[position]) if ids[position] == mask_id else ids[position] for position in positions]


@settings(max_examples=12)
@given(
    sentence=st.sampled_from([*SENTENCES, "The [MASK] sat on the mat."]),
    masked=st.sets(st.integers(0, 6), min_size=1, max_size=3),
    how=ways,
)
def test_an_effect_is_the_difference_of_two_passes_for_every_word(
    sentence: str,
    masked: set[int],
    how: How,
    language_model: LanguageModel,
    hugging_face_model: BertForPreTraining,
) -> None:
    words = len(language_model.encode(sentence).words)
    encoding = language_model.encode(sentence, masked_words={number % words for number in masked})
    gap = next(word for word in encoding.words if set(word.positions) <= set(encoding.masked_positions))
    mask_id = language_model.tokenizer.mask_id
    effects = word_effects(language_model, encoding, gap.positions, how, top_k=2)
    targets = targets_of(hugging_face_model, encoding, gap.positions, mask_id)
    context = {
        number
        for number, word in enumerate(encoding.words)
        if word != gap and (how == "leave out" or not set(word.positions) <= set(encoding.masked_positions))
    }
    assert [effect.word for effect in effects] == sorted(context)
    inputs, places = [list(encoding.input_ids)], [list(gap.positions)]
    for effect in effects:
        gone = encoding.words[effect.word].positions
        if how == "hide":
            inputs.append([mask_id if place in gone else id_ for place, id_ in enumerate(encoding.input_ids)])
            places.append(list(gap.positions))
        else:
            inputs.append([id_ for place, id_ in enumerate(encoding.input_ids) if place not in gone])
            places.append([place - sum(each < place for each in gone) for place in gap.positions])
        assert [change.before.position for change in effect.changes] == list(gap.positions)
    whole, *without = their_bits(hugging_face_model, inputs, [dict(zip(at, targets, strict=True)) for at in places])
    assert [effect.bits for effect in effects] == pytest.approx([whole - each for each in without], abs=1e-3)


def test_a_sentence_of_one_hidden_word_has_no_context(language_model: LanguageModel) -> None:
    encoding = language_model.encode("cat", masked_words=[0])
    assert word_effects(language_model, encoding, encoding.masked_positions) == ()


def test_what_is_not_masked_cannot_be_asked_for(language_model: LanguageModel) -> None:
    with pytest.raises(ValueError, match=r"\[1\] are not among the masked"):
        word_effects(language_model, language_model.encode(SENTENCES[0]), (1,))
