"""The n-gram models against NLTK's own scores and against the laws of probability."""

from __future__ import annotations

import math
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core.errors import InputError
from lm_core.explain.sentences.ngram import (
    ADDED,
    DISCOUNT,
    END,
    LONGEST_ORDER,
    START,
    UNKNOWN,
    NgramModel,
    Smoothing,
    context_of,
    count_ngrams,
    followers,
    frequent_contexts,
    known_as,
    last_words,
    split,
    times,
)
from lm_core.explain.sentences.smoothing import next_words, ranked_words, score_sentence, written_out

words = st.sampled_from(["the", "a", "dog", "cat", "ran", "sat", "to", "on", "park", "猫"])
texts = st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6).map(". ".join)
prompts = st.lists(st.one_of(words, st.just("unheard")), max_size=5).map(" ".join)
orders = st.integers(1, LONGEST_ORDER)
smoothings: st.SearchStrategy[Smoothing] = st.sampled_from(get_args(Smoothing))


@settings(max_examples=60, deadline=None)
@given(texts, prompts, orders, smoothings, st.booleans())
def test_the_probabilities_of_all_next_words_make_1_or_counting_is_silent(
    text: str, prompt: str, order: int, smoothing: Smoothing, rare: bool
) -> None:
    model = count_ngrams(text, order, smoothing, rare_as_unknown=rare)
    expected = next_words(model, context_of(model, last_words(prompt)))
    assert set(model.vocabulary) == {*model.scorer.vocab}
    assert START not in model.vocabulary
    assert {END, UNKNOWN} <= set(model.vocabulary)
    assert all(0 <= each <= 1 for each in expected.probabilities)
    if expected.is_silent:
        assert smoothing == "mle"
        assert not expected.times
    else:
        assert math.fsum(expected.probabilities) == pytest.approx(1, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(texts, prompts, orders, smoothings, st.booleans())
def test_every_probability_is_nltks_and_the_sum_written_out_gives_it(
    text: str, prompt: str, order: int, smoothing: Smoothing, rare: bool
) -> None:
    model = count_ngrams(text, order, smoothing, rare_as_unknown=rare)
    context = context_of(model, last_words(prompt))
    for word, probability in zip(model.vocabulary, next_words(model, context).probabilities, strict=True):
        steps = written_out(model, context, word)
        assert steps[0].probability == pytest.approx(probability, abs=1e-12)
        for step, below in zip(steps, (*steps[1:], None), strict=True):
            rest = step.share_below * (0 if below is None else below.probability)
            assert step.direct + rest == pytest.approx(step.probability, abs=1e-12)
        assert probability == pytest.approx(model.scorer.unmasked_score(word, context), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(texts, orders, smoothings)
def test_the_numbers_of_each_line_are_those_of_its_formula(text: str, order: int, smoothing: Smoothing) -> None:
    model = count_ngrams(text, order, smoothing)
    for context in frequent_contexts(model):
        for word in (*followers(model, context), UNKNOWN):
            for step in written_out(model, context, word):
                if smoothing in ADDED:
                    size = ADDED[smoothing] * len(model.vocabulary)
                    assert step.probability == pytest.approx((step.count + ADDED[smoothing]) / (step.total + size))
                elif smoothing == "mle" or not step.context:
                    assert step.probability == pytest.approx(step.count / step.total)
                elif smoothing == "witten-bell":
                    assert step.direct == pytest.approx(step.count / (step.total + step.kinds))
                    assert step.share_below == pytest.approx(step.kinds / (step.total + step.kinds))
                else:
                    assert step.direct == pytest.approx(max(step.count - DISCOUNT, 0) / step.total)
                    assert step.share_below == pytest.approx(DISCOUNT * step.kinds / step.total)


@settings(max_examples=40, deadline=None)
@given(texts, orders)
def test_counts_are_those_of_the_text(text: str, order: int) -> None:
    model = count_ngrams(text, order, "mle")
    sentences = [sentence.split() for sentence in text.split(". ")]
    counted: Counter[tuple[str, ...]] = Counter()
    for sentence in sentences:
        padded = [START] * (order - 1) + sentence + [END]
        counted.update(tuple(padded[place - order + 1 : place + 1]) for place in range(order - 1, len(padded)))
    for context in frequent_contexts(model):
        for word, count in followers(model, context).items():
            assert counted.pop((*context, word)) == count
    assert not counted
    assert model.running_words == sum(map(len, sentences))


@settings(max_examples=40, deadline=None)
@given(texts, prompts.filter(str.strip), orders, smoothings)
def test_a_sentence_is_the_product_of_its_words_and_its_end(
    text: str, sentence: str, order: int, smoothing: Smoothing
) -> None:
    model = count_ngrams(text, order, smoothing)
    scored = score_sentence(model, sentence)
    written = sentence.split()
    assert [word.word for word in scored.words] == [*written, END]
    product = 1.0
    for place, word in enumerate(scored.words):
        expected = next_words(model, context_of(model, written[:place]))
        product *= expected.probabilities[model.vocabulary.index(known_as(model, word.word))]
    if product:
        assert 2**-scored.bits == pytest.approx(product)
        assert scored.perplexity == pytest.approx(product ** (-1 / len(scored.words)))
    else:
        assert scored.bits == scored.perplexity == math.inf


@given(texts, prompts, orders, smoothings)
@settings(max_examples=30, deadline=None)
def test_asking_never_changes_what_was_counted(text: str, prompt: str, order: int, smoothing: Smoothing) -> None:
    def contexts(model: NgramModel) -> list[int]:
        return [len(model.counts[length]) for length in range(2, max(order, 2) + 1)]

    model = count_ngrams(text, order, smoothing)
    before = contexts(model)
    context = context_of(model, last_words(prompt))
    next_words(model, context)
    written_out(model, context, UNKNOWN)
    score_sentence(model, f"{prompt} dog")
    times(model, context)
    assert contexts(model) == before


def test_a_context_that_the_text_lacks_leaves_plain_counting_silent_and_smoothing_not() -> None:
    text = "The dog ran to the park. The cat sat."
    for smoothing in get_args(Smoothing):
        model = count_ngrams(text, 3, smoothing)
        expected = next_words(model, context_of(model, last_words("The cat ran")))
        assert expected.times == 0
        assert expected.is_silent == (smoothing == "mle")
        assert bool(ranked_words(model, expected)) != expected.is_silent


def test_text_is_cut_into_sentences_and_words_and_nothing_else() -> None:
    assert split("The dog's ball—isn't well-known! 我有一只猫。 <s> 3.") == (
        ("the", "dog's", "ball", "isn't", "well-known"),
        ("我", "有", "一", "只", "猫"),
        ("s", "3"),
    )
    assert last_words("It rained. The dog") == ("the", "dog")
    assert last_words("It rained.") == ()


@pytest.mark.parametrize("text", ["", " \n", "!!! ... 。", "🙂"])
def test_a_text_without_a_word_cannot_be_counted(text: str) -> None:
    with pytest.raises(InputError):
        count_ngrams(text, 2, "mle")
    with pytest.raises(InputError):
        score_sentence(count_ngrams("a dog", 2, "laplace"), text)
