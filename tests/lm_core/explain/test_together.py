"""Many inputs in one pass against Hugging Face's answer to each of them alone."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.explain import together
from lm_core.explain.together import Variant, answer_together, hide, leave_out

TEXT, PAIR = "The cat sat on the mat.", "It rained all day."


@torch.inference_mode()
def alone(model: BertForPreTraining, variant: Variant) -> tuple[torch.Tensor, torch.Tensor]:
    """Hugging Face's logits for one input, without padding."""
    answer = model(torch.tensor([variant.input_ids]), token_type_ids=torch.tensor([variant.token_type_ids]))
    return answer.prediction_logits[0, list(variant.scored_positions)], answer.seq_relationship_logits[0]


variants_of_the_tiny_model = st.lists(
    st.integers(2, 32).flatmap(
        lambda length: st.builds(
            Variant,
            st.tuples(*[st.integers(0, 60)] * length),
            st.tuples(*[st.integers(0, 1)] * length),
            st.lists(st.integers(0, length - 1), max_size=4, unique=True).map(tuple),
        )
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(variants=variants_of_the_tiny_model, room=st.integers(1, 100))
def test_answers_are_those_of_one_pass_each_however_many_share_one(
    variants: list[Variant], room: int, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "POSITIONS_IN_A_PASS", room)
        answers = answer_together(language_model, variants)
    assert len(answers) == len(variants)
    for variant, answer in zip(variants, answers, strict=True):
        logits, pair = alone(hugging_face_model, variant)
        torch.testing.assert_close(answer.prediction_logits, logits, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(answer.seq_relationship_logits, pair, atol=1e-5, rtol=1e-5)


def test_progress_is_told_after_each_pass_and_ends_at_all(
    language_model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "POSITIONS_IN_A_PASS", 40)
    encoding = language_model.encode(TEXT)
    told: list[tuple[int, int]] = []
    variants = [hide(encoding, (position,), language_model.tokenizer.mask_id) for position in range(1, 6)]
    answer_together(language_model, variants, lambda done, of: told.append((done, of)))
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1] == (5, 5)


def test_hiding_is_what_masking_the_word_does(language_model: LanguageModel) -> None:
    encoding = language_model.encode(TEXT, PAIR)
    word = encoding.words[1]
    hidden = hide(encoding, word.positions, language_model.tokenizer.mask_id)
    masked = language_model.encode(TEXT, PAIR, masked_words=(1,))
    assert hidden.input_ids == masked.input_ids
    assert hidden.token_type_ids == masked.token_type_ids


def test_leaving_a_word_out_is_what_the_text_without_it_reads(language_model: LanguageModel) -> None:
    encoding = language_model.encode(TEXT, PAIR)
    rest = [position for position in range(len(encoding.input_ids)) if position not in encoding.words[1].positions]
    left = leave_out(encoding, encoding.words[1].positions, rest)
    without = language_model.encode(TEXT.replace("cat ", ""), PAIR)
    assert left.input_ids == without.input_ids
    assert left.token_type_ids == without.token_type_ids
    assert [left.input_ids[at] for at in left.scored_positions] == [encoding.input_ids[position] for position in rest]


def test_what_is_left_out_cannot_be_asked_for(language_model: LanguageModel) -> None:
    with pytest.raises(ValueError, match=r"\[2\] are left out"):
        leave_out(language_model.encode(TEXT), (2, 3), (1, 2))
