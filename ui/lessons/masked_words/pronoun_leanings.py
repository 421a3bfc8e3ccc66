"""How occupations lean between "he" and "she", sentence by sentence: asked once for each, and then kept."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from lm_core.explain.words.pronouns import Baseline, SentenceLeaning, sentence_leanings
from ui.i18n import _
from ui.models.shelf import MODELS_IN_MEMORY, Reading

OCCUPATIONS = (
    "nurse", "doctor", "surgeon", "dentist", "teacher", "professor", "librarian", "scientist", "engineer", "carpenter",
    "plumber", "mechanic", "electrician", "builder", "farmer", "gardener", "baker", "butcher", "cook", "tailor",
    "hairdresser", "cleaner", "driver", "pilot", "sailor", "soldier", "guard", "detective", "judge", "lawyer",
    "secretary", "clerk", "manager", "journalist", "writer", "painter", "photographer", "singer", "dancer", "musician",
)  # fmt: skip
"""Our own choice of forty; none of the words says by itself whether a man or a woman is meant."""

TEMPLATES = (
    "[MASK] is a {occupation}.",
    "[MASK] works as a {occupation}.",
    "[MASK] became a {occupation} many years ago.",
    "The {occupation} said that [MASK] was tired.",
    "I called the {occupation} because [MASK] had promised to help.",
    "When the {occupation} came home, [MASK] went to bed.",
)
"""Our own sentences: the pronoun before the occupation in three, and behind it in three."""

_KEPT = 4096  # sentences: a few hundred bytes each
_PATIENCE = 0.3  # seconds, after which the reader sees how far it is


@dataclass(frozen=True)
class OccupationLeaning:
    """One occupation over all templates, with what one baseline leaves of them."""

    occupation: str
    sentences: tuple[SentenceLeaning, ...]  # one for each template, in their order
    baseline: Baseline

    @cached_property
    def scores(self) -> tuple[float, ...]:
        """In each sentence, in nats: above 0 towards "he", below towards "she"."""
        return tuple(sentence.score(self.baseline) for sentence in self.sentences)

    @cached_property
    def mean(self) -> float:
        """The mean of the scores."""
        return statistics.fmean(self.scores)


def leanings(
    reading: Reading, occupations: Sequence[str], templates: Sequence[str], baseline: Baseline
) -> list[OccupationLeaning]:
    """Every occupation in every template, the one that leans most to "she" first.

    Raises:
        InputError: as of `sentence_leanings`.
    """
    pairs = [(occupation, template) for occupation in occupations for template in templates]
    kept = _kept(reading.serial)
    found = {pair: kept[pair] for pair in pairs if pair in kept}
    missing = [pair for pair in pairs if pair not in found]
    if missing:
        bar, began = st.empty(), time.monotonic()

        def report(done: int, of: int) -> None:
            if time.monotonic() - began > _PATIENCE:
                bar.progress(done / of, _("{done} of {count} sentences read …").format(done=done, count=of))

        found.update(zip(missing, sentence_leanings(reading.model, missing, report), strict=True))
        bar.empty()
        if len(kept) > _KEPT:  # of words that readers thought of
            kept.clear()
        kept.update(found)
    return sorted(
        (
            OccupationLeaning(each, tuple(found[each, template] for template in templates), baseline)
            for each in occupations
        ),
        key=lambda leaning: leaning.mean,
    )


@st.cache_resource(max_entries=MODELS_IN_MEMORY + 1, show_spinner=False)
def _kept(serial: int) -> dict[tuple[str, str], SentenceLeaning]:  # noqa: ARG001 (the key)
    """What a model has been asked, by occupation and template. It is filled outside of here, many at once."""
    return {}
