"""The view of two sentences: P(IsNext), the pairs that were tried, the input as the model gets it, and the sum."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core.explain.sentences.next_sentence import PairJudgement, judge
from ui.frame.notebook import Cell, imports, reading_cells
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.next_sentences.actions import actions
from ui.lessons.next_sentences.cards import example_picker, pair_read
from ui.lessons.next_sentences.guess import guess_a_pair
from ui.lessons.next_sentences.sum import sum_written_out
from ui.lessons.next_sentences.tried import Tried, show_tried, tried
from ui.models.shelf import Reading
from ui.panels.tokens import show_tokens

_SURE = 0.9  # P(IsNext) from which on the challenge calls the model fooled


def show(words: DeltaGenerator) -> Shown:
    """The two cards, what the model makes of them, and the sum.

    Args:
        words: the column of words, where the question, what to notice and the challenge stand.
    """
    example_picker()
    reading = pair_read()
    actions()
    judgement = judge(reading.trace.seq_relationship_logits[0])
    pairs = tried(reading, judgement.probability)
    with st.container(key="verdict"):
        st.metric(_("P(IsNext): that B follows A"), percent(judgement.probability))
        st.markdown(_verdict(judgement))
    show_tried(reading, pairs)
    input_shown(reading)
    sum_written_out(judgement)
    with words:
        guess_a_pair(reading)
        st.markdown(
            _(
                "**Notice.** A paraphrase only says A again, and a negation contradicts what really followed. Does "
                "the model mind? It learned to tell a piece of the same text from a piece of another one, and for "
                "that the topic is often enough."
            )
        )
        st.markdown(_challenge(pairs))
    return Shown((judge,), _cells(reading, pairs))


def input_shown(reading: Reading) -> None:
    """Both sentences as the model gets them: one sequence, in which two kinds of numbers tell them apart."""
    st.header(_("The input as the model gets it"), anchor=False)
    show_tokens(
        reading,
        _("Position, piece and id; A and B are the two segments, whose embeddings tell the sentences apart."),
        open_positions=(),
        picked=(),
        on_pick=lambda _position: None,
    )


def _verdict(judgement: PairJudgement) -> str:
    """The number in words."""
    odds = 2 ** abs(judgement.log_odds)
    times = f"{odds:,.0f}" if odds >= 10 else f"{odds:.1f}"
    if judgement.probability > 0.5:
        return _("The model believes that B follows: it finds this {times} times as probable as the contrary.").format(
            times=times
        )
    return _("The model believes that B is from elsewhere: {times} times as probable as that B follows.").format(
        times=times
    )


def _challenge(pairs: Sequence[Tried]) -> str:
    """Whether the reader has fooled the model with a pair of which we know that B does not follow."""
    fooled = [pair for pair in pairs if pair.kind not in ("follows", "own") and pair.probability > _SURE]
    if fooled:
        return _(
            "**Challenge.** ✓ You fooled it. Pairs that you tried whose B does not follow, although P(IsNext) is above "
            "90 %: {count}."
        ).format(count=len(fooled))
    return _(
        "**Challenge.** Fool the model: find one of our pairs whose B does not follow A, and P(IsNext) is above 90 %."
    )


def _cells(reading: Reading, pairs: Sequence[Tried]) -> list[Cell]:
    """The page as cells of a notebook."""
    listed = "".join(f"    ({pair.first!r}, {pair.second!r}),\n" for pair in pairs)
    return [
        *reading_cells(reading),
        Cell(_("The two logits, and the softmax over them."), "markdown"),
        Cell(
            f"{imports(judge)}"
            "judgement = judge(trace.seq_relationship_logits[0])\n"
            "print(judgement)\n"
            'print(f"P(IsNext) = {judgement.probability:.6f}")'
        ),
        Cell(_("The pairs that were tried, each with P(IsNext)."), "markdown"),
        Cell(
            f"pairs = [\n{listed}]\n"
            "for first, second in pairs:\n"
            '    print(f"{lm.next_sentence(first, second):.6f}", first, "|", second)'
        ),
    ]
