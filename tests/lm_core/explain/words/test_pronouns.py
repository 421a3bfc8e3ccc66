"""Pronouns beside occupations: Hugging Face's probabilities, sentence by sentence, and what is taken off them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.words import pronouns
from lm_core.explain.words.pronouns import Expectation, SentenceLeaning, fill_template, sentence_leanings

SPELLINGS = ("it", "she")  # the tiny vocabulary has no "he"
TEMPLATES = ("[MASK] is a {occupation}.", "The {occupation} sat on [MASK] mat.", "{occupation}[MASK]")

occupations = st.sampled_from(["dog", "cat player", "unhappily", "<script>", "é", "engineer [no]", "100"])
pairs = st.lists(st.tuples(occupations, st.sampled_from(TEMPLATES)), min_size=1, max_size=6)


@pytest.fixture(scope="module", autouse=True)
def _pronouns_of_the_tiny_vocabulary() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pronouns, "PRONOUNS", SPELLINGS)
        yield


@torch.inference_mode()
def expected(model: BertForPreTraining, lm: LanguageModel, text: str, gap: int) -> list[float]:
    """Hugging Face's ln p of both words in one of the gaps of a text."""
    ids = torch.tensor([lm.encode(text).input_ids])
    position = (ids[0] == lm.tokenizer.mask_id).nonzero().flatten().tolist()[gap]
    log_probs = model(ids).prediction_logits[0, position].double().log_softmax(-1)
    return [float(log_probs[lm.tokenizer.vocabulary[word]]) for word in SPELLINGS]


@settings(max_examples=8)
@given(pairs=pairs)
def test_each_sentence_has_the_probabilities_that_hugging_face_gives_it(
    pairs: list[tuple[str, str]], language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    for (occupation, template), leaning in zip(pairs, sentence_leanings(language_model, pairs), strict=True):
        assert leaning.own.text == fill_template(template, occupation)
        assert leaning.person.text == fill_template(template, "person")
        # Of the gaps of the text with a hidden occupation, the pronoun's is the first or the last.
        gap = 0 if template.startswith("[MASK]") else -1
        for expectation, which in ((leaning.own, 0), (leaning.person, 0), (leaning.hidden, gap)):
            he, she = expected(hugging_face_model, language_model, expectation.text, which)
            assert expectation.log_prob_he == pytest.approx(he, abs=1e-4)
            assert expectation.log_prob_she == pytest.approx(she, abs=1e-4)
        assert leaning.score("none") == pytest.approx(leaning.own.log_ratio)
        assert leaning.score("person") == pytest.approx(leaning.own.log_ratio - leaning.person.log_ratio)
        assert leaning.score("hidden") == pytest.approx(leaning.own.log_ratio - leaning.hidden.log_ratio)


def test_a_person_adds_nothing_to_what_a_person_has(language_model: LanguageModel) -> None:
    leanings = sentence_leanings(language_model, [("person", template) for template in TEMPLATES])
    assert [leaning.score("person") for leaning in leanings] == [0, 0, 0]


def test_all_pieces_of_an_occupation_are_hidden_and_no_others(language_model: LanguageModel) -> None:
    (leaning,) = sentence_leanings(language_model, [("cat player", "[MASK] is a {occupation}.")])
    pieces = len(language_model.encode("cat player").input_ids) - 2
    assert pieces > 1
    assert leaning.hidden.text == f"[MASK] is a {' '.join(['[MASK]'] * pieces)}."


def test_spellings_in_capitals_are_added_up(language_model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(language_model.tokenizer.vocabulary, "SHE", language_model.tokenizer.vocabulary["cat"])
    (with_both,) = sentence_leanings(language_model, [("dog", TEMPLATES[0])])
    monkeypatch.setattr(pronouns, "PRONOUNS", ("it", "cat"))
    (cat,) = sentence_leanings(language_model, [("dog", TEMPLATES[0])])
    monkeypatch.undo()
    alone = math.exp(with_both.own.log_prob_she) - math.exp(cat.own.log_prob_she)
    assert 0 < alone < math.exp(with_both.own.log_prob_she)


def test_a_vocabulary_without_the_pronouns_is_told(
    language_model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pronouns, "PRONOUNS", ("he", "she"))
    with pytest.raises(InputError, match="has no piece for he"):
        sentence_leanings(language_model, [("dog", TEMPLATES[0])])


@pytest.mark.parametrize(
    "template",
    [
        "",
        "[MASK] is a nurse.",
        "He is a {occupation}.",
        "[MASK] and [MASK]: {occupation}",
        "[MASK] {occupation} {occupation}",
    ],
)
def test_a_template_that_cannot_be_filled_is_told(template: str) -> None:
    with pytest.raises(InputError, match="exactly once"):
        fill_template(template, "nurse")


def test_what_else_cannot_be_asked_is_told(language_model: LanguageModel) -> None:
    with pytest.raises(InputError, match="not a gap"):
        fill_template("[MASK] is a {occupation}.", "nurse [MASK]")
    with pytest.raises(InputError, match="longer than the model reads"):
        sentence_leanings(language_model, [("dog", "[MASK] is a {occupation}" + " and a cat" * 40)])


@pytest.mark.parametrize(
    ("template", "occupation", "text"),
    [
        ("[MASK] is a {occupation}.", "nurse", "[MASK] is a nurse."),
        ("[MASK] is a {occupation}.", "engineer", "[MASK] is an engineer."),
        ("[MASK] is an {occupation}.", "Usher", "[MASK] is an Usher."),
        ("[MASK] is an {occupation}.", "university lecturer", "[MASK] is a university lecturer."),
        ("A {occupation} said [MASK]", "heir", "An heir said [MASK]"),
        ("a {occupation}: [MASK] {0} {x}", "{y}", "a {y}: [MASK] {0} {x}"),
        ("plaza {occupation} [MASK]", "actor", "plaza actor [MASK]"),
    ],
)
def test_the_article_fits_the_occupation(template: str, occupation: str, text: str) -> None:
    assert fill_template(template, occupation) == text


def test_a_ratio_is_that_of_the_probabilities() -> None:
    even, he = Expectation("", math.log(0.2), math.log(0.2)), Expectation("", math.log(0.6), math.log(0.2))
    assert SentenceLeaning(he, even, he).score("person") == pytest.approx(math.log(3))
    assert SentenceLeaning(he, even, he).score("hidden") == 0
