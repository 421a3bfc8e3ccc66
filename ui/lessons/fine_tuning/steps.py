"""The five steps of fine-tuning, in one line above each view."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from ui.i18n import N_, _

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
