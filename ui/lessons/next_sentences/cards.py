"""The two sentences as cards: A is the sentence of all lessons, B the second one, and pairs to begin with."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lm_core.explain.sentences.next_sentence import require_next_sentence
from ui.address.examples import LONGEST_SENTENCE
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, view, widget_value
from ui.frame.controls import carried_over
from ui.frame.reading import read_sentence
from ui.i18n import _
from ui.lessons.next_sentences.pair_examples import PAIRS, second_to_begin_with
from ui.models.shelf import Reading

_HEIGHT = 100  # pixels: three lines


def pair_read() -> Reading:
    """The cards, and the model's reading of the two; nothing is hidden in it.

    Raises:
        InputError: a sentence is blank, or the model cannot judge pairs.
    """
    first, second = view().sentence, second_sentence()
    with st.container(key="cards"):
        _card(_("A: the first sentence"), first, name="sentence", widget="first_card", keeps={"pair": second})
        _card(_("B: does it follow?"), second, name="pair", widget="pair", keeps={})
    reading = read_sentence(second, with_masks=False)
    require_next_sentence(reading.model)
    return reading


def second_sentence() -> str:
    """B as the address says it; where it does not, the one that A brings along."""
    asked = option("pair")
    return (second_to_begin_with(view().sentence) if asked is None else asked)[:LONGEST_SENTENCE]


def example_picker() -> None:
    """Pairs of our own to pick from: each brings A and the sentence that follows it."""
    label = _("Examples")
    if not offered("pairs", label):
        return
    firsts = [example.first for example in PAIRS]
    carried_over(label, firsts, key="pairs", placeholder=_("Pick a pair"), on_pick=_pick)


def _pick() -> None:
    picked = widget_value("pairs")
    for example in PAIRS:
        if example.first == picked:
            change(sentence=example.first, pair=example.follows)


def _card(label: str, text: str, *, name: str, widget: str, keeps: Mapping[str, str]) -> None:
    """One of the two, to be typed or, where a link hides it, only to be read.

    Args:
        label: what stands above it.
        text: what stands in it.
        name: in the address.
        widget: the widget's key.
        keeps: what else a change writes down: B, which the address may not know yet, is not to change with A.
    """
    if not offered(name, label):
        with st.container():
            st.caption(label)
            st.text(text)
        return
    seed_widget(widget, text)
    st.text_area(
        label,
        key=widget,
        height=_HEIGHT,
        max_chars=LONGEST_SENTENCE,
        on_change=lambda: change(**keeps, **{name: widget_value(widget)}),
    )
