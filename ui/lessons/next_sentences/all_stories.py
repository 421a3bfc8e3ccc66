"""One story may be luck: how the model's order agrees with the truth over all stories of ours."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.explain.sentences.ordering import agreement, rank_orders
from ui.frame.asked import scores_between
from ui.frame.controls import switch
from ui.i18n import _
from ui.lessons.next_sentences.stories import STORIES

if TYPE_CHECKING:
    from lm_core import LanguageModel
    from ui.frame.numbers import Row


def all_stories(serial: int, model: LanguageModel) -> None:
    """A switch, and behind it the mean of Kendall's tau with a row for each story.

    Raises:
        InputError: the model cannot judge pairs.
    """
    if not switch(_("And over all our stories?"), name="all"):
        return
    bar = st.progress(0.0)
    rows: list[Row] = []
    taus: list[float] = []
    for number, story in enumerate(STORIES, 1):
        ranked = rank_orders(scores_between(serial, story.sentences, model).log_probs)
        truth = tuple(range(len(story.sentences)))
        taus.append(agreement(ranked.best, truth))
        rows.append(
            {
                _("story"): _(story.title),
                "τ": f"{taus[-1]:.2f}".replace("-", "−"),
                _("rank of the truth"): f"{ranked.rank(truth)} / {len(ranked.orders)}",
            }
        )
        bar.progress(number / len(STORIES))
    bar.empty()
    st.markdown(
        _(
            "Over our {count} stories the model's τ is **{mean}** on average. Orders drawn by lot have 0, "
            "the true ones 1."
        ).format(count=len(STORIES), mean=f"{fmean(taus):.2f}".replace("-", "−"))
    )
    st.table(rows, hide_index=True)
