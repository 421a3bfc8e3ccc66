"""The view of two sentences: P(IsNext), the two logits behind it, and the input as the model gets it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core.explain.next_sentence import PairJudgement, judge
from ui.i18n import _
from ui.notebook import Cell, reading_cells
from ui.pair_cards import example_picker, pair_read
from ui.pair_views import Shown
from ui.tokens import show_tokens


def show(words: DeltaGenerator) -> Shown:  # noqa: ARG001
    """The two cards, what the model makes of them, and the sum.

    Args:
        words: the column of words, where the question, what to notice and the challenge stand.
    """
    example_picker()
    reading = pair_read()
    judgement = judge(reading.trace.seq_relationship_logits[0])
    st.metric(_("P(IsNext): that B follows A"), percent(judgement.probability))
    show_tokens(
        reading,
        _("The input as the model gets it: position, piece, id; the colour says which sentence."),
        open_positions=(),
        picked=(),
        on_pick=lambda _position: None,
    )
    sum_written_out(judgement)
    return Shown(
        (judge,),
        [
            *reading_cells(reading),
            Cell(
                "from lm_core.explain.next_sentence import judge\n\njudge(trace.seq_relationship_logits[0])",
            ),
        ],
    )


def sum_written_out(judgement: PairJudgement) -> None:
    """The softmax over two logits, with the numbers of this pass."""
    st.header(_("Check this number"), anchor=False)
    is_next, not_next = judgement.is_next_logit, judgement.not_next_logit
    st.latex(
        r"\begin{aligned} P(\text{IsNext}) &= \frac{e^{z_1}}{e^{z_1} + e^{z_2}} \\[4pt] &= "
        rf"\frac{{e^{{{is_next:.4f}}}}}{{e^{{{is_next:.4f}}} + e^{{{not_next:.4f}}}}} = "
        rf"{judgement.probability:.6f} \end{{aligned}}"
    )
