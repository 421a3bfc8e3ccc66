"""How a piece came about: the step that joined it, and where its two parts stood side by side."""

from __future__ import annotations

import streamlit as st

from ui.i18n import _
from ui.lessons.pretraining.learned_pieces import LearnedPieces
from ui.plain import code_span


def merge_written_out(learned: LearnedPieces, size: int, *, asked: str | None) -> None:
    """The step that made one piece: the one that was clicked, else the last one that this vocabulary has.

    Args:
        learned: all pieces.
        size: of the vocabulary that is shown.
        asked: a piece of it.
    """
    steps = learned.merges[: size - learned.smallest]
    if not steps:
        st.caption(
            _("{characters} pieces: five special tokens and the characters of the text. Nothing is joined yet.").format(
                characters=learned.smallest
            )
        )
        return
    number = next((number for number, merge in enumerate(steps) if merge.piece == asked), len(steps) - 1)
    merge = steps[number]
    st.header(
        _("Step {number}: how {piece} came about").format(number=number + 1, piece=code_span(merge.piece)), anchor=False
    )
    st.markdown(
        _(
            "{left} + {right} → {piece}. Before this step the two stood side by side {count} times in the text, and no "
            "other two more often; most of all in {words}."
        ).format(
            left=code_span(merge.left),
            right=code_span(merge.right),
            piece=code_span(merge.piece),
            count=f"{merge.count:,}",
            words=", ".join(
                _("{word} ({times} times)").format(word=code_span(word), times=f"{times:,}")
                for word, times in merge.words[:3]
            ),
        )
    )
