"""The steps that are told are those by which the library's trainer came to its vocabulary."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core.explain.pieces.merges import merges, piece_counts, whole_word_share, word_counts
from lm_core.text.small_text import read_text
from lm_core.text.tokenization import SPECIAL_TOKENS, Tokenizer
from ui.runs.small_text import SMALL_TEXT

WORDS = st.text(alphabet="abcdé", min_size=1, max_size=8)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=8)
CORPUS = Path(__file__).parents[4] / "corpora" / "workaday.txt"


def by_id(tokenizer: Tokenizer) -> list[str]:
    return sorted(tokenizer.vocabulary, key=tokenizer.vocabulary.__getitem__)


@settings(max_examples=100)
@given(SENTENCES, st.integers(0, 120))
def test_each_step_makes_the_next_piece_of_the_vocabulary(sentences: list[str], size: int) -> None:
    tokenizer = Tokenizer.train(sentences, size)
    steps = merges(sentences, tokenizer)
    pieces = by_id(tokenizer)
    assert [step.piece for step in steps] == pieces[len(pieces) - len(steps) :]
    assert all(len(piece.removeprefix("##")) == 1 for piece in pieces[len(SPECIAL_TOKENS) : len(pieces) - len(steps)])
    for step in steps:
        assert step.piece == step.left + step.right.removeprefix("##")
        assert step.words
        assert all(step.piece.removeprefix("##") in word for word, _ in step.words)


@settings(max_examples=50)
@given(SENTENCES)
def test_the_first_step_joins_the_pair_that_is_most_frequent_by_a_plain_count(sentences: list[str]) -> None:
    tokenizer = Tokenizer.train(sentences, 1000)
    pairs: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        for word in tokenizer.split(sentence):
            pieces = [word[0], *(f"##{character}" for character in word[1:])]
            pairs.update(pairwise(pieces))
    steps = merges(sentences, tokenizer)
    assert bool(steps) == bool(pairs)
    if steps:
        assert steps[0].count == pairs[steps[0].left, steps[0].right] == max(pairs.values())


@settings(max_examples=50)
@given(SENTENCES, st.integers(0, 60), st.integers(0, 60))
def test_a_smaller_vocabulary_is_the_beginning_of_a_larger_one(sentences: list[str], one: int, other: int) -> None:
    small, large = (Tokenizer.train(sentences, size) for size in sorted((one, other)))
    assert by_id(large)[: small.vocab_size] == by_id(small)
    again = Tokenizer.of_pieces(by_id(large)[: small.vocab_size])
    assert [again.encode(each, max_length=64) for each in sentences] == [
        small.encode(each, max_length=64) for each in sentences
    ]


@pytest.mark.parametrize("text", [SMALL_TEXT, CORPUS.read_text(encoding="utf-8")], ids=["story", "workaday"])
def test_the_counts_of_the_texts_of_the_app_fall_from_step_to_step(text: str) -> None:
    sentences = [sentence for document in read_text(text) for sentence in document]
    tokenizer = Tokenizer.train(sentences, 1500)
    counts = [step.count for step in merges(sentences, tokenizer)]
    assert counts == sorted(counts, reverse=True)


def test_pieces_and_whole_words_are_counted_as_the_tokenizer_cuts() -> None:
    sentences = [sentence for document in read_text(SMALL_TEXT) for sentence in document]
    tokenizer = Tokenizer.train(sentences, 150)
    words = word_counts(sentences, tokenizer)
    cut = [piece for sentence in sentences for piece in tokenizer.encode(sentence, max_length=512).tokens[1:-1]]
    assert piece_counts(words, tokenizer) == Counter(cut)
    running = [word for sentence in sentences for word in tokenizer.split(sentence)]
    whole = [word for word in running if tokenizer.encode(word, max_length=64).tokens[1:-1] == (word,)]
    assert whole_word_share(words, tokenizer) == pytest.approx(len(whole) / len(running))
    assert whole_word_share({}, tokenizer) == 0.0
