"""WordPiece: text into the pieces that the model reads, and back to the words that the reader wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tokenizers import Encoding as Pieces
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer

from lm_core.errors import CheckpointError, InputError

PAD, UNK, CLS, SEP, MASK = SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

# Of rarer characters each would take up to two of the few thousand pieces: alone, and as a continuation.
ALPHABET_SIZE = 200
# A word longer than this is one [UNK], so no more text than this per position can matter.
LONGEST_WORD = 100


@dataclass(frozen=True)
class Word:
    """A word as the reader sees it, and where the model reads it."""

    text: str
    start: int  # character offset in the text that was encoded
    end: int  # one past the last character
    positions: tuple[int, ...]  # positions of its pieces in the token sequence


@dataclass(frozen=True)
class Encoding:
    """What the model reads, tied to what the reader wrote.

    A lone surrogate in the text, which no file and no browser can hold, stands here as U+FFFD.
    """

    text: str  # the whole first text, also where it was cut for the model
    text_pair: str | None
    tokens: tuple[str, ...]  # the model's pieces, [MASK] where masked
    input_ids: tuple[int, ...]
    token_type_ids: tuple[int, ...]  # 0 in the first text, 1 in the second
    attention_mask: tuple[int, ...]  # 1 everywhere: one input needs no padding
    original_ids: tuple[int, ...]  # before masking; equal to input_ids where nothing was masked
    words: tuple[Word, ...]  # words of the first text that fit; the index is the number used in masked_words
    pair_words: tuple[Word, ...]  # words of the second text that fit; empty without one
    masked_positions: tuple[int, ...]  # ascending; masked words, and each [MASK] that the reader typed
    truncated_at: int | None  # character offset in text where the input was cut, None if all of it fits
    pair_truncated_at: int | None  # the same for text_pair


class Tokenizer:
    """BERT's WordPiece tokenizer (Devlin et al. 2019, §3; Wu et al. 2016, §4.1).

    Of the special tokens a reader can only type [MASK]. The others would move the borders between segments, so
    "[SEP]" in a text is read as a bracket, a word and a bracket.
    """

    def __init__(self, backend: Backend) -> None:
        """Wrap a tokenizer of the `tokenizers` library, which is this object's own from then on.

        Raises:
            CheckpointError: it lacks one of the five special tokens.
        """
        ids = [backend.token_to_id(token) for token in SPECIAL_TOKENS]
        missing = [token for token, id_ in zip(SPECIAL_TOKENS, ids, strict=True) if id_ is None]
        if missing:
            raise CheckpointError(
                "The tokenizer has no {tokens}, which a BERT tokenizer needs.", tokens=", ".join(missing)
            )
        self.pad_id, self.unk_id, self.cls_id, self.sep_id, self.mask_id = (id_ for id_ in ids if id_ is not None)
        self.vocabulary: Mapping[str, int] = backend.get_vocab()  # each piece's id
        self.vocab_size = 1 + max(self.vocabulary.values())  # special tokens included
        self._backend = _with_bert_conventions(backend, self.cls_id, self.sep_id)
        self._reader = _reader(backend)

    @classmethod
    def train(cls, sentences: Iterable[str], vocab_size: int = 8192) -> Tokenizer:
        """Learn a lower-case vocabulary from text; the same text gives the same pieces under the same ids.

        The special tokens get the ids 0 to 4. The library numbers the characters inside words as its hash table
        happens to give them, anew in every process, and settles ties between pairs by these numbers. So they are
        found out first, and then handed to it in the order of the alphabet.
        """
        read = list(sentences)
        alphabet = _learned(read, 0, ())
        inside = sorted(piece for piece in alphabet if piece.startswith("##"))
        return cls.of_pieces(_learned(read, vocab_size, inside))

    @classmethod
    def of_pieces(cls, pieces: Sequence[str]) -> Tokenizer:
        """A lower-case tokenizer with these pieces, the special tokens among them; their places are their ids."""
        return cls(_bert_backend(WordPiece({piece: id_ for id_, piece in enumerate(pieces)}, unk_token=UNK)))

    @classmethod
    def from_folder(cls, folder: Path | str) -> Tokenizer:
        """Read tokenizer.json, or the vocab.txt of older folders.

        Raises:
            CheckpointError: neither is there, or it cannot be read.
        """
        folder = Path(folder)
        file = folder / "tokenizer.json"
        try:
            if file.is_file():
                return cls(Backend.from_str(file.read_text(encoding="utf-8")))
            file = folder / "vocab.txt"
            if file.is_file():
                return cls(_backend_from_vocabulary(folder))
        except CheckpointError:
            raise
        except Exception as error:  # the library raises bare exceptions for whatever it cannot parse
            raise CheckpointError("{file} is not a readable tokenizer: {reason}.", file=file, reason=error) from error
        raise CheckpointError("{folder} has neither tokenizer.json nor vocab.txt.", folder=folder)

    def save(self, folder: Path | str, *, max_length: int | None = None) -> None:
        """Write tokenizer.json, tokenizer_config.json and vocab.txt, as Hugging Face's BertTokenizer reads them.

        Args:
            folder: made if it is not there.
            max_length: longest input, special tokens included, that the model of this tokenizer takes.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        normalizer = json.loads(self._backend.to_str())["normalizer"] or {}
        config: dict[str, object] = {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": normalizer.get("lowercase", False),
            "strip_accents": normalizer.get("strip_accents"),
            "tokenize_chinese_chars": normalizer.get("handle_chinese_chars", True),
            "pad_token": PAD,
            "unk_token": UNK,
            "cls_token": CLS,
            "sep_token": SEP,
            "mask_token": MASK,
        }
        if max_length is not None:
            config["model_max_length"] = max_length
        tokens = [self._backend.id_to_token(id_) or "" for id_ in range(self.vocab_size)]
        (folder / "tokenizer.json").write_text(self._backend.to_str(pretty=True), encoding="utf-8")
        (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")

    def token(self, token_id: int) -> str:
        """The piece with this id; [UNK] for an id that the vocabulary does not have."""
        return self._backend.id_to_token(token_id) or UNK

    def split(self, text: str) -> tuple[str, ...]:
        """The words as WordPiece gets them: cleaned, in lower case where the model reads no other, and cut at
        blanks and punctuation; a typed [MASK] is not known as such here.
        """
        cleaned = self._reader.normalizer.normalize_str(_without_surrogates(text))
        return tuple(word for word, _ in self._reader.pre_tokenizer.pre_tokenize_str(cleaned))

    def encode_batch_ids(self, sentences: list[str]) -> list[list[int]]:
        """Ids of each sentence's pieces, without special tokens and uncut; for training."""
        return [pieces.ids for pieces in self._reader.encode_batch_fast(sentences, add_special_tokens=False)]

    def encode(
        self,
        text: str,
        text_pair: str | None = None,
        *,
        masked_words: Collection[int] = (),
        max_length: int,
    ) -> Encoding:
        """Turn a sentence, or two, into the model's input: [CLS] text [SEP] or [CLS] text [SEP] text_pair [SEP].

        Args:
            text: whatever was typed; every string is accepted that is not blank.
            text_pair: the second segment.
            masked_words: numbers of words of the first text, from 0; every piece of theirs becomes [MASK].
            max_length: positions of the model; the longer of the two texts is cut to fit.

        Raises:
            InputError: a text is blank, or a masked word is not there.
            ValueError: max_length leaves no room for a piece of each text.
        """
        texts = [_without_surrogates(text)] + ([] if text_pair is None else [_without_surrogates(text_pair)])
        room = max_length - len(texts) - 1
        if room < len(texts):
            raise ValueError(f"max_length ({max_length}) has no room for {len(texts)} texts and their special tokens")
        bound = max_length * LONGEST_WORD
        read = [self._reader.encode(each[:bound], add_special_tokens=False) for each in texts]
        if not read[0].ids:
            raise InputError("Type a sentence first.")
        if not read[-1].ids:
            raise InputError("Type a second sentence, too.")
        kept = _share([len(pieces.ids) for pieces in read], room)
        cuts = [_cut(each, pieces, length, bound) for each, pieces, length in zip(texts, read, kept, strict=True)]

        ids, segments = [self.cls_id], [0]
        for segment, (pieces, length) in enumerate(zip(read, kept, strict=True)):
            ids += [*pieces.ids[:length], self.sep_id]
            segments += [segment] * (length + 1)
        words = _words(texts[0][:bound], read[0], kept[0], first_position=1)
        pair_words = () if text_pair is None else _words(texts[1][:bound], read[1], kept[1], first_position=kept[0] + 2)
        for number in masked_words:
            if not 0 <= number < len(words):
                raise InputError(
                    "There is no word {number} to mask: the model reads {count} words of this sentence.",
                    number=number + 1,
                    count=len(words),
                )
        masked = {position for number in masked_words for position in words[number].positions}
        masked |= {position for position, id_ in enumerate(ids) if id_ == self.mask_id}
        input_ids = tuple(self.mask_id if position in masked else id_ for position, id_ in enumerate(ids))
        return Encoding(
            text=texts[0],
            text_pair=None if text_pair is None else texts[1],
            tokens=tuple(self.token(id_) for id_ in input_ids),
            input_ids=input_ids,
            token_type_ids=tuple(segments),
            attention_mask=(1,) * len(ids),
            original_ids=tuple(ids),
            words=words,
            pair_words=pair_words,
            masked_positions=tuple(sorted(masked)),
            truncated_at=cuts[0],
            pair_truncated_at=None if text_pair is None else cuts[1],
        )


def _bert_backend(
    model: WordPiece, *, lower_case: bool = True, strip_accents: bool | None = None, split_chinese: bool = True
) -> Backend:
    """A tokenizer that cleans, splits and cuts as BERT's does; strip_accents None means as lower_case."""
    backend = Backend(model)
    backend.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=split_chinese, strip_accents=strip_accents, lowercase=lower_case
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    return backend


def _learned(sentences: list[str], vocab_size: int, first: Sequence[str]) -> list[str]:
    """The pieces that the library's trainer learns, by id: the special tokens, those given, and then its own."""
    backend = _bert_backend(WordPiece(unk_token=UNK))
    trainer = WordPieceTrainer(
        vocab_size=vocab_size,
        limit_alphabet=ALPHABET_SIZE,
        special_tokens=[*SPECIAL_TOKENS, *first],
        show_progress=False,
    )
    backend.train_from_iterator(sentences, trainer)
    learned = backend.get_vocab()
    return sorted(learned, key=learned.__getitem__)


def _backend_from_vocabulary(folder: Path) -> Backend:
    """The tokenizer of a folder from before tokenizer.json: one piece a line, and how to treat case beside it."""
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    settings_file = folder / "tokenizer_config.json"
    settings = json.loads(settings_file.read_text(encoding="utf-8")) if settings_file.is_file() else {}
    return _bert_backend(
        WordPiece({token: id_ for id_, token in enumerate(lines)}, unk_token=UNK),
        lower_case=settings.get("do_lower_case", True),
        strip_accents=settings.get("strip_accents"),
        split_chinese=settings.get("tokenize_chinese_chars", True),
    )


def _with_bert_conventions(backend: Backend, cls_id: int, sep_id: int) -> Backend:
    """Special tokens known as such, set around the text as BERT does, and no cutting or padding of its own."""
    backend.add_special_tokens(list(SPECIAL_TOKENS))
    backend.post_processor = processors.BertProcessing((SEP, sep_id), (CLS, cls_id))
    backend.no_truncation()
    backend.no_padding()
    return backend


def _reader(backend: Backend) -> Backend:
    """The same tokenizer for what people type: of the special tokens it recognises [MASK] alone."""
    state = json.loads(backend.to_str())
    not_typed = set(SPECIAL_TOKENS) - {MASK}
    state["added_tokens"] = [token for token in state["added_tokens"] if token["content"] not in not_typed]
    state["post_processor"] = None
    return Backend.from_str(json.dumps(state))


def _without_surrogates(text: str) -> str:
    """Replace lone surrogates one by one, so that character offsets stay what they were."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _share(lengths: list[int], room: int) -> list[int]:
    """How many pieces of each text fit: the longer one is cut first, as Hugging Face's `longest_first` does."""
    if len(lengths) == 1:
        return [min(lengths[0], room)]
    shorter = min(*lengths, room // 2)
    first_is_shorter = lengths[0] <= lengths[1]
    longer = min(max(lengths), room - shorter)
    return [shorter, longer] if first_is_shorter else [longer, shorter]


def _cut(text: str, pieces: Pieces, length: int, read: int) -> int | None:
    """Where the text was cut when `length` pieces of its first `read` characters were kept; None if nowhere."""
    if length < len(pieces.ids):
        return pieces.offsets[length][0]
    return read if text[read:].strip() else None


def _words(text: str, pieces: Pieces, length: int, *, first_position: int) -> tuple[Word, ...]:
    """Join the first `length` pieces to words; in the token sequence they stand from `first_position` on.

    What the tokenizer removes (accents, joiners, control characters) belongs to the word that it follows.
    """
    word_ids, offsets = pieces.word_ids, pieces.offsets
    next_starts = [start for start, _ in offsets[1:]] + [len(text)]
    words = []
    for _, group in groupby(range(length), key=lambda piece: word_ids[piece]):
        members = list(group)
        start, end = offsets[members[0]][0], offsets[members[-1]][1]
        while end < next_starts[members[-1]] and not text[end].isspace():
            end += 1
        words.append(Word(text[start:end], start, end, tuple(first_position + piece for piece in members)))
    return tuple(words)
