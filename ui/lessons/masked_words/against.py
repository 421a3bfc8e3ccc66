"""The view of two sentences against each other: what the model expects in the gap of the one and not of the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.words.contrast import ContrastText, contrast_scatter
from figures.words.ratio_bars import RatioBarsText, factor, ratio_bars
from lm_core.explain.words.contrast import Contrast, PieceContrast, both_fillings, contrast
from ui.address.entries import text_entry
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, widget_value
from ui.appearance import theme
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.masked_words.against_notes import cells, guess_the_sentence, sum_written_out, what_to_notice
from ui.lessons.masked_words.points import figure_to_click
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core import LanguageModel

PAIRS = (
    "The {dog|dogs} [MASK] very hungry.",
    "In {Texas|New York} they like to [MASK].",
    "{Yesterday|Every day} she [MASK] to school.",
    "He bought {a|an} [MASK] at the market.",
    "The bird {can|cannot} [MASK].",
    "She {loves|hates} [MASK].",
    "In {summer|winter} the lake is covered with [MASK].",
    "In {London|Paris} most people speak [MASK].",
    "The {doctor|farmer} looked after the [MASK].",
    "The {king|beggar} lived in a [MASK].",
    "My {brother|sister} wants to become a [MASK].",
    "The {film|soup} was [MASK].",
    "In {1820|1990} most people travelled by [MASK].",
    "In the {morning|evening} he drank a cup of [MASK].",
    "The child was {happy|sad} and began to [MASK].",
    "He put the book {on|under} the [MASK].",
)
"""Our own sentences, each with two fillings: place, number, tense, article, negation, feeling, season, work, time."""

LONGEST = 400  # characters of a sentence
SIZES = ("10", "20", "40")  # pieces of each sentence
MOST_APART = 6  # pieces on each side of the bars
KEPT = 128  # pairs of sentences: two rows of the vocabulary each


def show(words: DeltaGenerator) -> Shown:
    """Two sentences to type, their answers against each other, and the ratio of one piece in full.

    Args:
        words: the column of words, where the question, what to notice and the challenge stand.

    Raises:
        InputError: a sentence is blank, or does not have one gap.
    """
    reading = read_sentence()
    sentences, top_k = _sentences()
    both = _contrast(reading.serial, sentences, reading.model)
    pieces = both.top(top_k, reading.model.tokenizer)
    furthest = max(pieces, key=lambda piece: abs(piece.log_ratio))
    picked = next((piece for piece in pieces if piece.token == option("piece")), furthest)
    with st.container(key="against"):
        with st.container():
            _scatter(pieces, picked)
        with st.container():
            _bars(pieces)
    numbers(_rows(pieces), alt=_("Every piece with both probabilities and their ratio"), file_name="against")
    sum_written_out(pieces, picked)
    with words:
        guess_the_sentence(reading, sentences, both, pieces)
        what_to_notice(both, pieces)
    return Shown(
        (contrast, Contrast.top, Contrast.pieces),
        cells(reading, sentences, top_k, picked),
    )


def _sentences() -> tuple[tuple[str, str], int]:
    """The two sentences, as they are typed or made from one with two fillings; and how many pieces of each."""
    with st.container(key="switches", horizontal=True, vertical_alignment="bottom"):
        _pair_picker()
        top_k = int(choice(_("Pieces of each sentence"), SIZES, name="k"))
    first_default, second_default = both_fillings(PAIRS[0]) or ("", "")
    first = text_entry(
        _("First sentence; with two fillings, {example}, it makes both").format(example="{dog|dogs}"),
        name="first",
        longest=LONGEST,
        default=first_default,
        clears=("piece",),
    )
    filled = both_fillings(first)
    if filled is not None:
        st.caption(f"1: {code_span(filled[0])}  \n2: {code_span(filled[1])}")
        return filled, top_k
    second = text_entry(_("Second sentence"), name="second", longest=LONGEST, default=second_default, clears=("piece",))
    return (first, second), top_k


def _pair_picker() -> None:
    """Sentences to begin with; the pick is carried over to both boxes."""
    label = _("Examples")
    if not offered("pairs", label):
        return

    def pick() -> None:
        both = both_fillings(widget_value("pairs") or "")
        if both is not None:
            change(first=both[0], second=both[1], piece=None)

    seed_widget("pairs", None)
    st.selectbox(label, PAIRS, index=None, placeholder=_("Pick an example"), key="pairs", on_change=pick, width=360)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _contrast(
    serial: int,  # noqa: ARG001 (part of the key: it stands for the model)
    sentences: tuple[str, str],
    _model: LanguageModel,
) -> Contrast:
    """One pass over both."""
    return contrast(_model, sentences)


def _scatter(pieces: Sequence[PieceContrast], picked: PieceContrast) -> None:
    """All pieces; the picked one and the most probable have the first choice of room for their words."""
    drawn = sorted(pieces, key=lambda piece: (piece is not picked, -max(piece.log_probs)))
    figure_to_click(
        contrast_scatter(
            [piece.token for piece in drawn],
            np.array([piece.log_probs for piece in drawn], dtype=np.float64),
            theme=theme(),
            text=ContrastText(
                axes=(_("probability in the first sentence"), _("probability in the second sentence")),
                more_in=(_("more probable in the first"), _("more probable in the second")),
                ratio="×{ratio}",
            ),
            picked=0,
        ),
        [piece.token for piece in drawn],
        key="against_points",
        name="piece",
        file_name="against",
        alt=_("{count} pieces by their probability in both sentences; the table has the numbers.").format(
            count=len(pieces)
        ),
    )
    st.caption(
        _(
            "The most probable pieces of both sentences, {count} together; both axes are logarithmic. Where a word has "
            "no room, point at its dot."
        ).format(count=len(pieces))
    )


def _bars(pieces: Sequence[PieceContrast]) -> None:
    """Those whose probability differs most, on both sides."""
    st.header(_("Where they differ most"), anchor=False)
    first = [piece for piece in pieces if piece.log_ratio > 0][:MOST_APART]
    second = [piece for piece in pieces if piece.log_ratio < 0][-MOST_APART:]
    shown = [*first, *second]
    if not shown:
        st.caption(_("Nowhere: both sentences are the same to the model."))
        return
    show_figure(
        ratio_bars(
            [piece.token for piece in shown],
            [piece.log_ratio for piece in shown],
            theme=theme(),
            text=RatioBarsText(ratio=_("ln (p in the first / p in the second)")),
        ),
        key="ratios",
        file_name="against-ratios",
        alt=_("How many times as probable: {pieces}").format(
            pieces=", ".join(f"{piece.token} {factor(piece.log_ratio)}" for piece in shown)
        ),
    )


def _rows(pieces: Sequence[PieceContrast]) -> list[Row]:
    """A row for each piece."""
    return [
        {
            _("piece"): piece.token,
            _("p in the first"): math.exp(piece.log_probs[0]),
            _("p in the second"): math.exp(piece.log_probs[1]),
            _("rank in the first"): piece.ranks[0],
            _("rank in the second"): piece.ranks[1],
            _("ln of the ratio"): piece.log_ratio,
        }
        for piece in pieces
    ]
