"""Two gaps against each other: Hugging Face's probabilities, and their ratio."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.words.contrast import both_fillings, contrast

words = st.lists(st.sampled_from(["the", "cat", "dog", "street", "barking", "<b>", "é"]), max_size=6)
gapped = st.tuples(words, words).map(lambda parts: " ".join([*parts[0], "[MASK]", *parts[1]]))


@torch.inference_mode()
def log_probs(model: BertForPreTraining, lm: LanguageModel, sentence: str) -> torch.Tensor:
    """Hugging Face's distribution over the vocabulary in the gap."""
    ids = torch.tensor([lm.encode(sentence).input_ids])
    (position,) = (ids[0] == lm.tokenizer.mask_id).nonzero().flatten().tolist()
    found: torch.Tensor = model(ids).prediction_logits[0, position].double().log_softmax(-1)
    return found


@settings(max_examples=12)
@given(sentences=st.tuples(gapped, gapped), top_k=st.integers(1, 12))
def test_probabilities_ranks_and_ratios_are_those_of_hugging_face(
    sentences: tuple[str, str], top_k: int, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    both = contrast(language_model, sentences)
    expected = [log_probs(hugging_face_model, language_model, sentence) for sentence in sentences]
    pieces = both.top(top_k, language_model.tokenizer)
    for piece in pieces:
        for side in (0, 1):
            assert piece.log_probs[side] == pytest.approx(float(expected[side][piece.token_id]), abs=1e-4)
        assert piece.log_ratio == pytest.approx(piece.log_probs[0] - piece.log_probs[1])
        assert min(piece.ranks) <= top_k, "each is among the best of one of them"
    assert top_k <= len(pieces) <= 2 * top_k
    assert [piece.log_ratio for piece in pieces] == sorted((piece.log_ratio for piece in pieces), reverse=True)
    moved = 0.5 * float((expected[0].exp() - expected[1].exp()).abs().sum())
    assert both.moved == pytest.approx(moved, abs=1e-4)


@settings(max_examples=6)
@given(sentence=gapped)
def test_a_sentence_against_itself_lies_on_the_diagonal(sentence: str, language_model: LanguageModel) -> None:
    both = contrast(language_model, (sentence, sentence))
    assert both.moved == pytest.approx(0, abs=1e-5)
    everything = both.top(language_model.tokenizer.vocab_size, language_model.tokenizer)
    assert max(abs(piece.log_ratio) for piece in everything) < 1e-4
    assert math.fsum(math.exp(piece.log_probs[0]) for piece in everything) == pytest.approx(1)
    assert sorted(piece.ranks[0] for piece in everything)[:3] == [1, 2, 3]


@pytest.mark.parametrize("wrong", ["The cat.", "The [MASK] sat on the [MASK].", "cat " * 90 + "[MASK]"])
def test_a_sentence_without_one_gap_is_named(wrong: str, language_model: LanguageModel) -> None:
    for sentences in ((wrong, "The [MASK]."), ("The [MASK].", wrong)):
        with pytest.raises(InputError, match=r"\[MASK\]") as error:
            contrast(language_model, sentences)
        assert error.value.fields["text"] == wrong


def test_a_blank_sentence_is_asked_for(language_model: LanguageModel) -> None:
    with pytest.raises(InputError, match="Type a sentence"):
        contrast(language_model, (" ", "The [MASK]."))


@pytest.mark.parametrize(
    ("template", "both"),
    [
        ("In {Texas|New York} [MASK].", ("In Texas [MASK].", "In New York [MASK].")),
        ("{A|The} cat {sat|sits} [MASK].", ("A cat sat [MASK].", "The cat sits [MASK].")),
        ("He did {|not }[MASK].", ("He did [MASK].", "He did not [MASK].")),
        (r"{\1|\g<0>} [MASK]", (r"\1 [MASK]", r"\g<0> [MASK]")),
        ("{one} [MASK]", None),
        ("{a|b|c} [MASK]", None),
        ("{{a|b} [MASK]", ("{a [MASK]", "{b [MASK]")),
    ],
)
def test_a_template_becomes_two_sentences(template: str, both: tuple[str, str] | None) -> None:
    assert both_fillings(template) == both
