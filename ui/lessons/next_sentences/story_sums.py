"""The numbers behind the orders of a story: what the model says to each pair, and the sums made of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.matrix import matrix_svg
from lm_core.explain.sentences.next_sentence import PairJudgement, judge
from ui.address.session import change, option
from ui.appearance import theme
from ui.components.matrix import MatrixLabels, matrix
from ui.frame.controls import choice
from ui.frame.downloads import picture_button
from ui.frame.numbers import numbers
from ui.i18n import _
from ui.lessons.next_sentences.story_answer import Order, StoryAnswer
from ui.lessons.next_sentences.sum import log_prob_written_out
from ui.plain import code_span

_IN_A_LINE = 2  # terms of a sum


def show_pairs(answer: StoryAnswer) -> None:
    """The matrix of pair scores, the cell that is asked about, and the sum of an order."""
    letters, log_probs = answer.story.letters, answer.scores.log_probs.numpy().astype(np.float32)
    first, then = asked_pair(answer)
    st.header(_("Every pair of sentences"), anchor=False)
    st.markdown(
        _(
            "log P(IsNext) of each pair, in nats: 0 is certainty. The sentences stand in their true order, so the true "
            "steps are the cells just right of the dashes. ◥ marks the steps of the model's order. Click a cell to see "
            "its sum."
        )
    )
    names = [f"{letter} {text}" for letter, text in zip(letters, answer.story.sentences, strict=True)]
    matrix(
        log_probs,
        key="pair_scores",
        rows=names,
        columns=list(letters),
        labels=MatrixLabels(
            _("log P(IsNext) of each pair of sentences"), row=_("first ↓"), column=_("then →"), row_tone=None
        ),
        picked=(first, then),
        changed=list(pairwise(answer.model)),
        on_pick=lambda row, column: change(cell=letters[row] + letters[column]) if row != column else None,
    )
    _take_away(answer, log_probs)
    log_prob_written_out(
        judge(answer.scores.logits[first, then]),
        _("{first} then {then}").format(
            first=code_span(answer.story.sentences[first]), then=code_span(answer.story.sentences[then])
        ),
    )
    _order_written_out(answer)


def asked_pair(answer: StoryAnswer) -> tuple[int, int]:
    """The pair that is asked about: the address's `cell`, two letters, else the first step of the model's order."""
    asked, letters = (option("cell") or "").upper(), answer.story.letters
    if len(asked) == 2 and set(asked) <= set(letters) and asked[0] != asked[1]:
        return letters.index(asked[0]), letters.index(asked[1])
    return answer.model[0], answer.model[1]


def _order_written_out(answer: StoryAnswer) -> None:
    """The score of an order as the sum of its steps."""
    orders: dict[str, Order] = {"model": answer.model, "truth": answer.truth, "reader": answer.reader}
    named = {"model": _("Model"), "truth": _("Truth"), "reader": _("You")}
    chosen = choice(_("Sum of the order of"), list(orders), name="sum", shown=lambda name: named[name])
    steps = list(pairwise(orders[chosen]))
    scores = [float(answer.scores.log_probs[step]) for step in steps]
    letters = answer.story.letters
    terms = [rf"\log P({letters[first]} \to {letters[then]})" for first, then in steps]
    written = [rf"({score:.4f})" for score in scores]
    total = answer.ranked.score(orders[chosen])
    st.latex(
        rf"\begin{{aligned}} & {_in_lines(terms)} \\[4pt] = {{}} & {_in_lines(written)} \\[4pt] "
        rf"= {{}} & \mathbf{{{total:.4f}}} \end{{aligned}}"
    )


def _in_lines(terms: Sequence[str]) -> str:
    """A sum, as many terms a line as there is room for on a phone."""
    lines = [" + ".join(terms[first : first + _IN_A_LINE]) for first in range(0, len(terms), _IN_A_LINE)]
    return r" \\ & {} + ".join(lines)


def _take_away(answer: StoryAnswer, log_probs: NDArray[np.float32]) -> None:
    """The matrix as a picture, and its numbers as a table."""
    letters = answer.story.letters
    colours = theme()
    with st.container(horizontal=True, vertical_alignment="center", key="switches"):
        numbers(
            [_row(answer, *pair) for pair in permutations(answer.truth, 2)],
            alt=_("What the model says to each pair of sentences"),
            file_name="pairs-of-a-story",
        )
        picture_button(
            "pairs-of-a-story",
            lambda: matrix_svg(log_probs, letters, letters, theme=colours, is_probability=False),
            key="take_svg",
        )


def _row(answer: StoryAnswer, first: int, then: int) -> dict[str, str | int | float]:
    """A pair as a row of the table."""
    judged: PairJudgement = judge(answer.scores.logits[first, then])
    return {
        _("first"): f"{answer.story.letters[first]} {answer.story.sentences[first]}",
        _("then"): f"{answer.story.letters[then]} {answer.story.sentences[then]}",
        _("logit IsNext"): judged.is_next_logit,
        _("logit NotNext"): judged.not_next_logit,
        "P(IsNext)": judged.probability,
        "log P": float(answer.scores.log_probs[first, then]),
    }
