"""The views of fine-tuning, what there is to read about each, and the five steps that they go through."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from ui.i18n import N_, _
from ui.views import View

VIEWS: Mapping[str, View] = {
    "data": View(
        N_("Data and head"),
        N_(
            "**Read.** A model that has read a lot learns a task from few examples. Each example is a text and its "
            "label. Part of them is held out: never learned from, only asked about, to see whether something was "
            "learned or only remembered. On top of the trained body comes a head: a few fresh numbers that turn the "
            "vector of [CLS] into a score for each label."
        ),
    ),
}

STEPS = (
    N_("Load a model"),
    N_("Add a head"),
    N_("Train"),
    N_("Evaluate"),
    N_("Predict"),
)


def steps_shown(here: Collection[int]) -> None:
    """The five steps of fine-tuning in one line, those that this view is about in bold.

    Args:
        here: their numbers, from 1.
    """
    told = [f"{number}. {_(step)}" for number, step in enumerate(STEPS, 1)]
    st.markdown(" → ".join(f"**{step}**" if number in here else step for number, step in enumerate(told, 1)))
