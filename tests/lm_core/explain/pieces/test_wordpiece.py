"""WordPiece step by step ends where the `tokenizers` library ends, for every word."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers.models import WordPiece

from lm_core import InputError, Tokenizer, load_pretrained
from lm_core.explain.pieces.wordpiece import CONTINUES, take_apart
from lm_core.text.tokenization import LONGEST_WORD, MASK, UNK

VOCABULARY = {UNK: 0, "un": 1, "##able": 2, "##ab": 3, "##le": 4, "a": 5, "##b": 6, "unb": 7, "##l": 8, "中": 9}
HOSTILE = [
    "👩‍🚀",
    "ﬃ",
    "中",
    "中文",
    "İ",
    "##s",
    "#",
    "a" * 101,
    "b" * 100,
    "e\u0301",
    "\u202eabc",
    "<script>",
    "[UNK]",
]
letters = st.text("unable中#", min_size=1, max_size=12)


@pytest.fixture(scope="module")
def shipped_tokenizer() -> Tokenizer:
    return load_pretrained(device="cpu").tokenizer


@settings(max_examples=400)
@given(letters | st.text(min_size=1) | st.sampled_from(HOSTILE))
@example("a" * 100)
def test_the_pieces_are_those_of_the_library_for_any_word_and_a_small_vocabulary(word: str) -> None:
    library = WordPiece(VOCABULARY, unk_token=UNK)
    assert take_apart(word, VOCABULARY).pieces == tuple(token.value for token in library.tokenize(word))


@settings(max_examples=300)
@given(
    text=st.text(st.characters(codec=None), max_size=40) | st.sampled_from(HOSTILE) | st.text("abcdefghi ", min_size=1)
)
@example("Unhappiness: photosynthesis, naïve CAFÉS in 中文!")
@example("x" * 101 + " " + "supercalifragilistic" * 5)
def test_the_words_of_any_sentence_fall_into_the_pieces_that_the_shipped_model_reads(
    shipped_tokenizer: Tokenizer, text: str
) -> None:
    try:
        encoding = shipped_tokenizer.encode(text, max_length=512)
    except InputError:
        return
    for word in encoding.words:
        if MASK not in word.text:
            (cleaned,) = shipped_tokenizer.split(word.text)
            pieces = take_apart(cleaned, shipped_tokenizer.vocabulary).pieces
            assert pieces == tuple(encoding.tokens[position] for position in word.positions)


@given(letters)
def test_every_candidate_is_one_shorter_than_the_one_before_and_only_the_last_is_a_piece(word: str) -> None:
    apart = take_apart(word, VOCABULARY)
    for step in apart.steps:
        marked = "" if step.start == 0 else CONTINUES
        lengths = range(len(word), len(word) - len(step.tried), -1)
        assert step.tried == tuple(marked + word[step.start : end] for end in lengths)
        assert not any(candidate in VOCABULARY for candidate in step.tried[:-1])
        assert step.piece == (step.tried[-1] if step.tried[-1] in VOCABULARY else None)
        assert step.piece is not None or len(step.tried[-1]) == len(marked) + 1
    if apart.is_known:
        assert "".join(piece.removeprefix(CONTINUES) if n else piece for n, piece in enumerate(apart.pieces)) == word
    else:
        assert apart.pieces == (UNK,)


def test_the_longest_match_is_taken_and_never_taken_back() -> None:
    apart = take_apart("unable", VOCABULARY)
    assert [step.tried for step in apart.steps] == [("unable", "unabl", "unab", "una", "un"), ("##able",)]
    greedy = take_apart("unbable", VOCABULARY)  # un + ##b + ##able would spell it too
    assert greedy.pieces == ("unb", "##able")
    dead_end = take_apart("unbale", VOCABULARY)
    assert (dead_end.pieces, dead_end.is_known) == ((UNK,), False)
    assert [step.piece for step in dead_end.steps] == ["unb", None]


def test_a_word_too_long_to_be_tried_is_unknown() -> None:
    assert take_apart("a" + "b" * (LONGEST_WORD - 1), VOCABULARY).is_known
    assert take_apart("a" + "b" * LONGEST_WORD, VOCABULARY).steps == ()
    with pytest.raises(ValueError, match="word"):
        take_apart("", VOCABULARY)
