"""Who follows grammar is counted right, on trees and attention made for it."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core.explain.heads.syntax import (
    Answers,
    ParsedSentence,
    Question,
    Tally,
    best_offset,
    cases,
    most_attended_word,
    syntactic_roles,
    word_attention,
)

# "The dog that barks sees a bone ." with "that barks" between subject and verb.
SENTENCE = ParsedSentence(
    ("The", "dog", "that", "barks", "sees", "a", "bone", "."),
    (2, 5, 4, 2, 0, 7, 5, 5),
    ("det", "nsubj", "nsubj", "acl:relcl", "root", "det", "obj", "punct"),
)
TO_HEAD, TO_DEPENDENT = Question("nsubj", "head"), Question("nsubj", "dependent")


def test_attention_between_words_is_summed_to_a_word_and_averaged_from_it() -> None:
    probs = torch.tensor([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.0, 0.5, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25]])
    words = word_attention(probs[None, None], [[0], [1, 2], [3]])[0, 0]
    assert words.tolist() == [
        pytest.approx([0.1, 0.5, 0.4]),
        pytest.approx([0.2, 0.75, 0.05]),
        pytest.approx([0.25, 0.5, 0.25]),
    ]


@given(st.integers(0, 99), st.lists(st.integers(1, 3), min_size=1, max_size=6))
def test_words_that_hold_all_positions_share_out_all_attention(seed: int, lengths: list[int]) -> None:
    size = sum(lengths)
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    groups = [list(range(start, start + length)) for start, length in zip(starts, lengths, strict=True)]
    probs = torch.randn(1, 2, size, size, generator=torch.Generator().manual_seed(seed)).softmax(dim=-1)
    words = word_attention(probs, groups)
    assert words.shape == (1, 2, len(lengths), len(lengths))
    assert torch.allclose(words.sum(dim=-1), torch.ones(1, 2, len(lengths)), atol=1e-5)


def test_a_word_that_looks_at_itself_most_has_another_that_it_looks_at_next() -> None:
    attention = torch.tensor([[0.8, 0.05, 0.15], [0.3, 0.6, 0.1], [0.2, 0.1, 0.7]])
    assert most_attended_word(attention[None, None])[0, 0].tolist() == [2, 0, 0]


def test_a_tree_is_asked_about_in_both_directions_but_not_about_root_and_punctuation() -> None:
    asked = [(question, word, set(right)) for question, word, right in cases(SENTENCE)]
    assert {question.relation for question, _, _ in asked} == {"det", "nsubj", "acl:relcl", "obj"}
    assert (TO_HEAD, 1, {4}) in asked
    assert (TO_DEPENDENT, 4, {1}) in asked
    assert sum(question == TO_HEAD for question, _, _ in asked) == 2


def test_a_head_with_two_dependents_of_a_kind_is_asked_once_and_either_is_right() -> None:
    sentence = ParsedSentence(("big", "old", "dog"), (3, 3, 0), ("amod", "amod", "root"))
    asked = [(word, set(right)) for question, word, right in cases(sentence) if question.looks_at == "dependent"]
    assert asked == [(2, {0, 1})]


def perfect_guesses() -> Tensor:
    """Of two heads: one that looks from each word at its head, and one that looks at the next word."""
    to_head = [head - 1 if head else 0 for head in SENTENCE.heads]
    to_next = [*range(1, len(SENTENCE.words)), 0]
    return torch.tensor([[to_head, to_next]])


def test_a_head_that_follows_the_tree_is_always_right_and_one_that_looks_ahead_as_often_as_the_tree_is_near() -> None:
    tally = Tally(layers=1, heads=2)
    for _ in range(50):
        tally.add(SENTENCE, perfect_guesses())
    answers = {each.question: each for each in tally.answers(least=100)}
    assert set(answers) == {TO_HEAD, TO_DEPENDENT, Question("det", "head"), Question("det", "dependent")}
    subject = answers[TO_HEAD]
    assert (subject.cases, subject.offset, subject.baseline) == (100, 1, 0.5)
    assert subject.accuracy == ((1.0, 0.5),)
    determiner = answers[Question("det", "head")]
    assert (determiner.offset, determiner.baseline, determiner.accuracy) == (1, 1.0, ((1.0, 1.0),))
    assert not Tally(1, 2).answers()


@given(st.dictionaries(st.integers(-9, 9).filter(bool), st.integers(1, 5), min_size=1))
def test_the_best_distance_is_right_most_often(counts: dict[int, int]) -> None:
    assert counts[best_offset(counts)] == max(counts.values())


def test_a_role_is_claimed_only_ten_points_above_the_best_distance_and_with_a_hundred_cases() -> None:
    def answers(relation: str, accuracy: float, cases: int = 100) -> Answers:
        return Answers(Question(relation, "head"), cases, ((0.0, accuracy),), 1, 0.5)

    table = [answers("near", 0.59), answers("just", 0.601), answers("well", 0.9), answers("rare", 0.9, cases=99)]
    assert [role.question.relation for role in syntactic_roles(table, 0, 1)] == ["well", "just"]
    assert not syntactic_roles(table, 0, 0)
