"""Text into pieces and back to words: Hugging Face's tokenizer as the oracle, and hostile text."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from lm_core import CheckpointError, Encoding, InputError, Tokenizer, Word
from tests.lm_core.conftest import SENTENCES

HOSTILE = [
    "😀 👨‍👩‍👧 🇩🇪",
    "مرحبا بالعالم שלום",
    "zero\u200bwidth\u200djoiner\ufeff",
    "\x00\x01\x07\x1b[31mred\x7f",
    "\ud800 lone \udfff surrogates",
    "<script>alert('x')</script>&amp;<!--",
    "cafe\u0301 Ǆ ß İstanbul ﬃ",
    "[CLS] [SEP] [PAD] [UNK] ##s [mask]",
    "中文字符 and 한국어",
    "\u2028\u2029\u00a0\u3000a",
    "{name} %s \\ \" ' $x$",
]
ANY_TEXT = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(HOSTILE)


def assert_holds_together(encoding: Encoding, tokenizer: Tokenizer, max_length: int) -> None:
    """What is true of every encoding."""
    length = len(encoding.tokens)
    assert 3 <= length <= max_length
    for row in (encoding.input_ids, encoding.token_type_ids, encoding.attention_mask, encoding.original_ids):
        assert len(row) == length
    assert encoding.tokens == tuple(tokenizer.token(id_) for id_ in encoding.input_ids)
    assert encoding.tokens[0] == "[CLS]"
    assert encoding.tokens[-1] == "[SEP]"
    assert encoding.input_ids.count(tokenizer.sep_id) == (1 if encoding.text_pair is None else 2)
    first_sep = encoding.input_ids.index(tokenizer.sep_id)
    assert_words_cover(encoding.words, encoding.text, range(1, first_sep))
    assert_words_cover(encoding.pair_words, encoding.text_pair or "", range(first_sep + 1, length - 1))
    for position in range(length):
        is_masked = encoding.input_ids[position] == tokenizer.mask_id
        assert is_masked == (position in encoding.masked_positions)
        assert is_masked or encoding.input_ids[position] == encoding.original_ids[position]
    if encoding.truncated_at is not None:
        assert encoding.words[-1].end <= encoding.truncated_at < len(encoding.text)
    if encoding.pair_truncated_at is not None:
        assert encoding.pair_words[-1].end <= encoding.pair_truncated_at < len(encoding.text_pair or "")


def assert_words_cover(words: Sequence[Word], text: str, places: range) -> None:
    """Words follow each other in their text, and their pieces fill its places without a gap."""
    end = 0
    positions: list[int] = []
    for word in words:
        assert end <= word.start < word.end <= len(text)
        assert word.text == text[word.start : word.end]
        assert not word.text[0].isspace()
        assert word.positions
        end = word.end
        positions += word.positions
    assert positions == list(places)


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT, text_pair=st.none() | ANY_TEXT, max_length=st.integers(5, 40), data=st.data())
@example(text="a " * 50, text_pair="b " * 50, max_length=6, data=None)
def test_whatever_is_typed_becomes_an_encoding_that_holds_together(
    tokenizer: Tokenizer, text: str, text_pair: str | None, max_length: int, data: st.DataObject | None
) -> None:
    try:
        plain = tokenizer.encode(text, text_pair, max_length=max_length)
    except InputError as error:
        assert str(error) in ("Type a sentence first.", "Type a second sentence, too.")  # noqa: PT017
        return
    assert_holds_together(plain, tokenizer, max_length)
    number = st.integers(0, len(plain.words) - 1)
    numbers = {0} if data is None else data.draw(st.sets(number))
    masked = tokenizer.encode(text, text_pair, masked_words=numbers, max_length=max_length)
    assert_holds_together(masked, tokenizer, max_length)
    assert masked.words == plain.words
    assert masked.original_ids == plain.original_ids
    assert {p for n in numbers for p in masked.words[n].positions} <= set(masked.masked_positions)


@settings(max_examples=200, deadline=None)
@given(text=ANY_TEXT, text_pair=st.none() | ANY_TEXT, max_length=st.integers(6, 30))
def test_pieces_segments_and_cut_are_hugging_faces(
    tokenizer: Tokenizer, theirs: AutoTokenizer, text: str, text_pair: str | None, max_length: int
) -> None:
    texts = [text] if text_pair is None else [text, text_pair]
    if any(special in each for each in texts for special in ("[CLS]", "[SEP]", "[PAD]", "[UNK]")):
        return
    try:
        ours = tokenizer.encode(text, text_pair, max_length=max_length)
    except InputError:
        return
    expected = theirs(ours.text, ours.text_pair, truncation="longest_first", max_length=max_length)
    assert list(ours.input_ids) == expected["input_ids"]
    assert list(ours.token_type_ids) == expected["token_type_ids"]


@pytest.fixture(scope="module")
def theirs(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> AutoTokenizer:
    """Hugging Face's tokenizer, from the folder that ours wrote."""
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.save(folder, max_length=32)
    return AutoTokenizer.from_pretrained(folder)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "a " * 50_000,
        " " * 99_999 + "a",
        "a" + "\u0301" * 99_999,
        "😀" * 100_000,
        "\ud800" * 100_000,
        "[MASK]" * 16_667,
        "<b>" * 33_334,
        "中" * 100_000,
        "\x00" * 99_999 + "a",
    ],
    ids=lambda text: ascii(text[:3]),
)
def test_a_hundred_thousand_characters_are_read_at_once(tokenizer: Tokenizer, text: str) -> None:
    start = time.perf_counter()
    try:
        encoding = tokenizer.encode(text, max_length=128)
    except InputError as error:  # what stands within reach is blank
        assert str(error) == "Type a sentence first."  # noqa: PT017
    else:
        assert_holds_together(encoding, tokenizer, 128)
        assert encoding.truncated_at is not None
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\x00", "\u200b", "\ufeff \u00a0"])
def test_a_blank_text_is_asked_for_politely(tokenizer: Tokenizer, blank: str) -> None:
    with pytest.raises(InputError, match="Type a sentence first"):
        tokenizer.encode(blank, max_length=16)
    with pytest.raises(InputError, match="Type a second sentence, too"):
        tokenizer.encode("The cat.", blank, max_length=16)


def test_special_tokens_have_the_first_five_ids(tokenizer: Tokenizer) -> None:
    ids = (tokenizer.pad_id, tokenizer.unk_id, tokenizer.cls_id, tokenizer.sep_id, tokenizer.mask_id)
    assert ids == (0, 1, 2, 3, 4)
    assert [tokenizer.token(id_) for id_ in ids] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def test_training_reads_lower_case_without_accents_and_keeps_to_its_size() -> None:
    trained = Tokenizer.train(["CAFÉ café Cafe"] * 5, vocab_size=60)
    assert trained.vocab_size <= 60
    assert len({tuple(ids) for ids in trained.encode_batch_ids(["CAFÉ", "café", "cafe", "cafe\u0301"])}) == 1


def test_a_batch_for_training_has_no_special_tokens_and_is_not_cut(tokenizer: Tokenizer) -> None:
    sentence = "The cat sat on the mat. " * 100
    (ids,) = tokenizer.encode_batch_ids([sentence])
    whole = tokenizer.encode(sentence, max_length=2000)
    assert ids == list(whole.input_ids[1:-1])
    assert tokenizer.encode_batch_ids([]) == []
    assert tokenizer.encode_batch_ids([""]) == [[]]


def test_mask_is_recognised_before_lower_casing_and_only_mask_can_be_typed(tokenizer: Tokenizer) -> None:
    encoding = tokenizer.encode("The [MASK] sat.[MASK] [CLS] [SEP] [PAD]", max_length=64)
    assert encoding.masked_positions == (2, 5)
    assert [word.text for word in encoding.words][:5] == ["The", "[MASK]", "sat", ".", "[MASK]"]
    assert encoding.input_ids.count(tokenizer.cls_id) == 1
    assert encoding.input_ids.count(tokenizer.sep_id) == 1
    assert tokenizer.pad_id not in encoding.input_ids


def test_a_masked_word_is_masked_in_all_its_pieces(tokenizer: Tokenizer) -> None:
    encoding = tokenizer.encode("The unbelievably long word", masked_words=[1], max_length=64)
    word = encoding.words[1]
    assert word.text == "unbelievably"
    assert len(word.positions) > 1
    assert encoding.masked_positions == word.positions
    assert all(encoding.tokens[position] == "[MASK]" for position in word.positions)


@pytest.mark.parametrize("number", [-1, 2, 1000])
def test_masking_a_word_that_is_not_there_says_how_many_there_are(tokenizer: Tokenizer, number: int) -> None:
    with pytest.raises(InputError, match=f"no word {number + 1} to mask: the model reads 2 words"):
        tokenizer.encode("The cat", masked_words=[number], max_length=64)


def test_the_longer_text_of_a_pair_is_cut_and_both_cuts_are_told(tokenizer: Tokenizer) -> None:
    encoding = tokenizer.encode("the dog", "a b c d e f g h i j", max_length=10)
    assert encoding.truncated_at is None
    assert encoding.pair_truncated_at == 10
    encoding = tokenizer.encode("a b c d e f g h i j", "a b c d e f g h i j", max_length=10)
    assert encoding.truncated_at == 6
    assert encoding.pair_truncated_at == 8


def test_a_cut_in_the_middle_of_a_word_keeps_the_part_that_was_read(tokenizer: Tokenizer) -> None:
    encoding = tokenizer.encode("playedrainedplayed", max_length=6)
    assert encoding.truncated_at is not None
    (word,) = encoding.words
    assert word.text == "playedrainedplayed"[: encoding.truncated_at]


def test_accents_and_joiners_belong_to_the_word_before_them(tokenizer: Tokenizer) -> None:
    encoding = tokenizer.encode("cafe\u0301 a\u200d b", max_length=32)
    assert [word.text for word in encoding.words] == ["cafe\u0301", "a\u200d", "b"]


def test_too_few_positions_for_the_texts_are_a_programmers_mistake(tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="max_length"):
        tokenizer.encode("a", "b", max_length=4)


def test_hugging_face_loads_the_folder_and_so_do_we(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path, max_length=77)
    theirs = AutoTokenizer.from_pretrained(tmp_path)
    assert type(theirs).__name__.startswith("BertTokenizer")
    assert theirs.model_max_length == 77
    assert theirs.mask_token_id == tokenizer.mask_id
    assert theirs.decode(theirs("The CAT sat").input_ids, skip_special_tokens=True) == "the cat sat"
    again = Tokenizer.from_folder(tmp_path)
    assert again.encode_batch_ids(SENTENCES) == tokenizer.encode_batch_ids(SENTENCES)


@pytest.mark.parametrize("lower_case", [True, False])
def test_the_vocabulary_of_an_old_folder_is_read_with_its_case(
    tokenizer: Tokenizer, tmp_path: Path, lower_case: bool
) -> None:
    tokens = [tokenizer.token(id_) for id_ in range(tokenizer.vocab_size)] + ["Cat", "É"]
    (tmp_path / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": lower_case}))
    old = Tokenizer.from_folder(tmp_path)
    encoding = old.encode("Cat É", max_length=16)
    assert (encoding.tokens[1] == "Cat") is not lower_case
    assert ("É" in encoding.tokens) is not lower_case
    old.save(tmp_path)
    assert AutoTokenizer.from_pretrained(tmp_path)("Cat É").input_ids == list(encoding.input_ids)


def test_settings_of_another_program_such_as_padding_and_cutting_are_dropped(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    tokenizer.save(tmp_path)
    state = json.loads((tmp_path / "tokenizer.json").read_text(encoding="utf-8"))
    state["truncation"] = {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
    state["padding"] = {
        "strategy": {"Fixed": 40},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(state), encoding="utf-8")
    assert Tokenizer.from_folder(tmp_path).encode_batch_ids(SENTENCES) == tokenizer.encode_batch_ids(SENTENCES)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("tokenizer.json", "{", "tokenizer.json is not a readable tokenizer"),
        ("tokenizer.json", "[]", "tokenizer.json is not a readable tokenizer"),
        ("vocab.txt", "a\nb\n", r"no \[PAD\], \[UNK\], \[CLS\], \[SEP\], \[MASK\]"),
        ("vocab.txt", "", r"no \[PAD\]"),
        ("README.md", "", "neither tokenizer.json nor vocab.txt"),
    ],
)
def test_a_tokenizer_that_cannot_be_read_is_a_checkpoint_error(
    tmp_path: Path, file: str, content: str, message: str
) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(CheckpointError, match=message):
        Tokenizer.from_folder(tmp_path)


def test_a_vocabulary_that_is_no_text_is_a_checkpoint_error(tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CheckpointError, match=r"vocab\.txt is not a readable tokenizer"):
        Tokenizer.from_folder(tmp_path)


def test_another_process_learns_the_same_pieces_under_the_same_ids() -> None:
    sentences = ["the cat sat on the mat", "a cat and a rat ran at the mat", "the rat sat"]
    program = (
        "from lm_core.text.tokenization import Tokenizer\n"
        f"learned = Tokenizer.train({sentences!r}, 60)\n"
        "print([learned.token(number) for number in range(learned.vocab_size)])"
    )
    told = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(3)
    }
    learned = Tokenizer.train(sentences, 60)
    assert told == {f"{[learned.token(number) for number in range(learned.vocab_size)]}\n"}
