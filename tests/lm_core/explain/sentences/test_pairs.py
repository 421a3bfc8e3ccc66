"""Where two sentences differ, and that the places add up to the whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.explain.sentences.likelihood import pseudo_likelihoods
from lm_core.explain.sentences.pairs import places
from lm_core.explain.words.softmax import softmax_of, softmax_step

sentences = st.text("thecatsondg .,", min_size=1, max_size=30).filter(str.strip)


@settings(max_examples=20, deadline=None)
@given(one=sentences, other=sentences)
def test_the_places_add_up_to_the_difference_and_hold_every_piece_once(
    one: str, other: str, language_model: LanguageModel
) -> None:
    first, second = pseudo_likelihoods(language_model, [one, other])
    found = places(first, second)
    assert sum(place.difference for place in found) == pytest.approx(second.bits - first.bits, abs=1e-9)
    assert tuple(piece for place in found for piece in place.first) == first.pieces
    assert tuple(piece for place in found for piece in place.second) == second.pieces
    assert all(place.is_same for place in found) == (first.encoding.input_ids == second.encoding.input_ids)


def test_a_word_that_falls_into_pieces_stays_one_place(language_model: LanguageModel) -> None:
    first, second = pseudo_likelihoods(language_model, ["The cat sat.", "The unbelievably sat."])
    changed = [place for place in places(first, second) if not place.is_same]
    assert len(changed) == 1
    assert len(changed[0].second) > 1


def test_the_softmax_of_logits_is_that_of_the_trace(language_model: LanguageModel) -> None:
    trace = language_model.trace("The cat sat.")
    assert softmax_of(trace.prediction_logits[0, 2], 7) == softmax_step(trace, 2, 7)
