"""The vocabulary of a small text, learned once and kept; a smaller one is the beginning of a larger one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from lm_core.explain.pieces.merges import Merge, merges, word_counts
from lm_core.text.tokenization import Tokenizer
from ui.address.entries import slider_entry
from ui.address.session import option
from ui.i18n import _
from ui.lessons.pretraining.source import SmallText

MOST_PIECES = 4000
DEFAULT = 1000  # as of PreTrainingOptions
_SINGLY = 20  # of the first pieces each is a step of the slider
_STEPS = 48  # on the slider in all, about
_KEPT = 12  # vocabularies in memory


@dataclass(frozen=True)
class LearnedPieces:
    """What the trainer found in a text."""

    pieces: tuple[str, ...]  # by id: special tokens, characters, and then as they were learned
    merges: tuple[Merge, ...]  # one for each of the last pieces, in order
    words: Counter[str]  # of the text

    @property
    def smallest(self) -> int:
        """Pieces before anything was learned."""
        return len(self.pieces) - len(self.merges)

    def tokenizer(self, size: int) -> Tokenizer:
        """The tokenizer with the first pieces alone: the one that is learned when no more are asked for."""
        return _tokenizer(self.pieces[: max(size, self.smallest)])

    def size_at_most(self, size: int) -> int:
        """How many pieces there are where so many are asked for."""
        return min(max(size, self.smallest), len(self.pieces))


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def learned_pieces(text: SmallText) -> LearnedPieces:
    """All pieces of a text, up to MOST_PIECES."""
    sentences = text.sentences
    tokenizer = Tokenizer.train(sentences, MOST_PIECES)
    return LearnedPieces(
        tuple(sorted(tokenizer.vocabulary, key=tokenizer.vocabulary.__getitem__)),
        merges(sentences, tokenizer),
        word_counts(sentences, tokenizer),
    )


@st.cache_resource(max_entries=8 * _KEPT, show_spinner=False)
def _tokenizer(pieces: tuple[str, ...]) -> Tokenizer:
    return Tokenizer.of_pieces(pieces)


def size_picker(learned: LearnedPieces) -> int:
    """How many pieces the vocabulary has: a step of the slider."""
    size = learned.size_at_most(asked_size())
    steps = sorted({*sizes(learned), size})  # what the address says is trained, so it is shown
    return slider_entry(_("Vocabulary"), steps, name="vocab", default=size, unit=_("word pieces"))


def asked_size() -> int:
    """The size that the address asks for, whether or not the text has so many pieces."""
    asked = option("vocab") or ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else DEFAULT


def sizes(learned: LearnedPieces) -> Sequence[int]:
    """The steps of the slider: first singly, then by equal factors, with the round numbers that training offers."""
    first, last = learned.smallest, len(learned.pieces)
    far = np.geomspace(first + _SINGLY, max(last, first + _SINGLY), _STEPS - _SINGLY).round().astype(int).tolist()
    found = {*range(first, first + _SINGLY + 1), *far, 200, 300, 500, DEFAULT, 2000, last}
    return sorted(size for size in found if first <= size <= last)
