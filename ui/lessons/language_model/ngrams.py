"""The n-gram model of the lesson on language models: which text it counts, of what order, with what smoothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from lm_core.errors import InputError
from lm_core.explain.sentences.ngram import (
    END,
    LONGEST_ORDER,
    NgramModel,
    Smoothing,
    context_of,
    count_ngrams,
    last_words,
)
from ui.address.entries import long_entry
from ui.frame.controls import choice, switch
from ui.frame.notebook import imports
from ui.i18n import _
from ui.plain import code_span
from ui.runs.small_text import SMALL_TEXT

LONGEST_TEXT = 10_000  # characters: some 1,800 words, counted in a blink
DEFAULT_ORDER = 3
_KEPT = 64  # n-gram models in memory: of a small text a few hundred kilobytes


@dataclass(frozen=True)
class Counting:
    """What was asked to be counted."""

    text: str
    is_ours: bool  # the class text, not the reader's
    model: NgramModel

    @property
    def source(self) -> str:
        """The same as code that makes `ngrams`, for the notebook."""
        from lm_core.explain.sentences.smoothing import next_words, score_sentence

        rare = self.model.scorer.vocab.cutoff > 1
        return (
            f"{imports(context_of, count_ngrams, last_words, next_words, score_sentence)}"
            f"text = {self.text!r}\n"
            f"ngrams = count_ngrams(text, {self.model.order}, {self.model.smoothing!r}, rare_as_unknown={rare})"
        )


def pick_counting(*, smoothing: bool = True) -> Counting:
    """The controls in a row, and what they ask for.

    Args:
        smoothing: whether it can be chosen; otherwise it is Kneser-Ney's, which always has an answer.

    Raises:
        InputError: the reader's own text has no words.
    """
    with st.container(key="switches", horizontal=True, vertical_alignment="bottom"):
        texts = {"ours": _("Our small text"), "own": _("A text of yours")}
        is_ours = choice(_("Counted in"), list(texts), name="corpus", shown=lambda name: texts[name]) == "ours"
        order = choice(
            _("Words of an n-gram"),
            [str(number) for number in range(1, LONGEST_ORDER + 1)],
            name="order",
            default=str(DEFAULT_ORDER),
        )
        names: dict[str, str] = {
            "mle": _("none"),
            "laplace": "+ 1",
            "lidstone": "+ 0.1",
            "witten-bell": "Witten–Bell",
            "kneser-ney": "Kneser–Ney",
        }
        how = "kneser-ney"
        if smoothing:
            how = choice(_("Smoothing"), list(names), name="smoothing", shown=lambda name: names[name])
        rare = smoothing and switch(_("Words seen once count as <UNK>").replace("<", "\\<"), name="rare")
    text = SMALL_TEXT
    if not is_ours:
        text = long_entry(_("Your text (English, or any language)"), name="text", longest=LONGEST_TEXT)
        if not text.strip():
            raise InputError("Paste a text first: without one there is nothing to count.")
    return Counting(text, is_ours, _counted(text, int(order), cast("Smoothing", how), rare))


def context_shown(context: tuple[str, ...]) -> str:
    """A context in words, as Markdown; the empty one by a dash."""
    return code_span(" ".join(context)) if context else "–"


def word_shown(word: str) -> str:
    """A word of the vocabulary, as plain text; the end of a sentence is told."""
    return _("(end)") if word == END else word


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _counted(text: str, order: int, smoothing: Smoothing, rare: bool) -> NgramModel:
    """Shared by all who count the same."""
    return count_ngrams(text, order, smoothing, rare_as_unknown=rare)
