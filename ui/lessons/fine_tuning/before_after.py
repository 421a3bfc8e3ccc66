"""The view “Before and after”: what a training has changed, on held-out examples, in the heads, on a sentence."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.frame.controls import choice
from ui.frame.views import Shown
from ui.i18n import N_, _
from ui.lessons.fine_tuning import compare_answers, compare_heads, compare_sentence
from ui.lessons.fine_tuning.run_models import run_of_page, step_shown
from ui.lessons.fine_tuning.steps import steps_shown

_PARTS = {
    "answers": N_("Held-out examples"),
    "heads": N_("Heads that changed"),
    "sentence": N_("Your sentence"),
}


def show(words: DeltaGenerator) -> Shown:
    """One of the three parts, on the run that the address names."""
    steps_shown((4,))
    run = run_of_page()
    if run is None:
        return Shown()
    part = choice(
        _("What is compared"), list(_PARTS), name="part", shown=lambda name: _(_PARTS[name]), label_visible=False
    )
    step_shown(run)
    show_part = {"answers": compare_answers.show, "heads": compare_heads.show, "sentence": compare_sentence.show}
    with st.container():
        return show_part[part](run, words)
