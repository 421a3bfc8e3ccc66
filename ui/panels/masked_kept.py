"""What the views of masked words compute with many inputs at once, kept for whoever asks for the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.models.shelf import Reading

if TYPE_CHECKING:
    from lm_core.explain.words.corruption import RateLoss
    from lm_core.explain.words.deletion import How, WordEffect

_EFFECTS_IN_MEMORY = 128  # for each word of a text a few answers
_RATES_IN_MEMORY = 256  # a dozen numbers each


@dataclass
class Effects:
    """What an answer loses without each word, once it is computed."""

    found: tuple[WordEffect, ...] | None = None


@dataclass
class Rates:
    """What is paid at each masking rate, once it is measured."""

    found: tuple[RateLoss, ...] | None = None


def effects(reading: Reading, positions: tuple[int, ...], how: How, place: DeltaGenerator) -> tuple[WordEffect, ...]:
    """What the gap at these positions loses without each word of the context.

    Args:
        reading: the sentence with its gaps.
        positions: of the pieces of the gap.
        how: hidden, or left out.
        place: where the progress is shown, if it takes more than one pass.
    """
    from lm_core.explain.words.deletion import word_effects

    kept = _effects(reading.serial, reading.view.sentence, reading.masked_words, positions, how)
    if kept.found is None:
        kept.found = word_effects(
            reading.model, reading.trace.encoding, positions, how, on_progress=progress(place, "{done} / {total}")
        )
    return kept.found


def effects_of_word(reading: Reading, word: int) -> tuple[WordEffect, ...]:
    """The same for one word of the sentence where it alone is hidden; the others are hidden in turn."""
    from lm_core.explain.words.deletion import word_effects

    positions = reading.trace.encoding.words[word].positions
    kept = _effects(reading.serial, reading.view.sentence, (word,), positions, "hide")
    if kept.found is None:
        encoding = reading.model.encode(reading.view.sentence, masked_words=(word,))
        kept.found = word_effects(reading.model, encoding, positions, "hide")
    return kept.found


def rates(reading: Reading, text: str, *, whole_words: bool) -> Rates:
    """Where the loss at each masking rate is kept for a text; empty until somebody has measured it."""
    return _rates(reading.serial, text, whole_words)


def progress(place: DeltaGenerator, told: str) -> Callable[[int, int], None]:
    """What shows how far a computation is that takes several passes; one that takes a single one shows nothing.

    Args:
        place: where the bar stands, and nothing in the end.
        told: a sentence with the fields {done} and {total}.
    """

    def on_progress(done: int, total: int) -> None:
        if done < total:
            place.progress(done / total, told.format(done=done, total=total))
        else:
            place.empty()

    return on_progress


@st.cache_resource(max_entries=_EFFECTS_IN_MEMORY, show_spinner=False)
def _effects(
    serial: int,  # noqa: ARG001 (part of the key, as the others: it stands for the model)
    sentence: str,  # noqa: ARG001
    masked_words: tuple[int, ...],  # noqa: ARG001
    positions: tuple[int, ...],  # noqa: ARG001
    how: str,  # noqa: ARG001
) -> Effects:
    """An empty place. It is filled outside of here, since whoever fills it shows a progress of their own."""
    return Effects()


@st.cache_resource(max_entries=_RATES_IN_MEMORY, show_spinner=False)
def _rates(
    serial: int,  # noqa: ARG001 (part of the key)
    text: str,  # noqa: ARG001
    whole_words: bool,  # noqa: ARG001
) -> Rates:
    """An empty place, filled as `_effects`."""
    return Rates()
