"""Questions come in an order that the sentence fixes, and their truth is the trace's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.explain.questions import (
    MOST,
    OPTIONS,
    look_question,
    queries_to_ask_about,
    shuffled,
    words_to_ask_about,
)

SENTENCE = "The cat sat on the mat, and a dog looked at Żółć [MASK]."


@given(st.integers(0, 500), st.text())
def test_an_order_holds_every_number_at_most_once(count: int, text: str) -> None:
    order = shuffled(count, text)
    assert len(set(order)) == len(order) == min(count, MOST)
    assert all(0 <= number < count for number in order)
    assert order == shuffled(count, text)


def test_another_sentence_has_another_order() -> None:
    assert shuffled(30, SENTENCE) != shuffled(30, SENTENCE + " ")


def test_words_are_asked_about_that_one_piece_can_put_back(language_model: LanguageModel) -> None:
    encoding = language_model.encode(SENTENCE, masked_words=[1])
    numbers = words_to_ask_about(encoding, language_model.tokenizer)
    assert "cat" in [encoding.words[number].text for number in numbers]  # hidden now, asked about as if it alone were
    for number in numbers:
        (position,) = encoding.words[number].positions
        assert language_model.tokenizer.token(encoding.original_ids[position]).isalpha()


def test_positions_are_asked_about_that_a_token_names(language_model: LanguageModel) -> None:
    encoding = language_model.encode(SENTENCE, masked_words=[1])
    tokens = [encoding.tokens[position] for position in queries_to_ask_about(encoding)]
    assert tokens
    assert all(encoding.tokens.count(token) == 1 for token in tokens)
    assert not {"[CLS]", "[SEP]", "[MASK]", "the"} & set(tokens)


def test_the_truth_is_where_the_row_is_largest_and_the_options_can_be_told_apart(language_model: LanguageModel) -> None:
    trace = language_model.trace(SENTENCE)
    tokens = trace.encoding.tokens
    for layer, probs in enumerate(trace.attentions):
        for head in range(probs.shape[1]):
            for query in range(len(tokens)):
                asked = look_question(trace, layer, head, query)
                row = probs[0, head, query].tolist()
                assert row[asked.truth] == max(row)
                assert asked.truth in asked.keys
                assert len({tokens[key] for key in asked.keys}) == len(asked.keys) == OPTIONS
                assert asked.shares == tuple(row[key] for key in asked.keys)


def test_a_sentence_of_one_word_still_makes_a_question(language_model: LanguageModel) -> None:
    trace = language_model.trace("cat")
    assert len(look_question(trace, 0, 0, 1).keys) == len(set(trace.encoding.tokens))
