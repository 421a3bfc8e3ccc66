"""The view of labelled data and of the head that learns from them: steps 1 and 2 of fine-tuning."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.text.example_sets import load_set
from lm_core.text.examples import find_duplicates, split
from lm_core.text.naive_bayes import learn
from lm_core.training.fine_tuning import add_head
from lm_core.transformer.model import count_parameters
from ui.frame.controls import choice
from ui.frame.reading import asked_model
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.fine_tuning.data_cells import cells
from ui.lessons.fine_tuning.data_code import code_beside
from ui.lessons.fine_tuning.data_figures import show_balance, show_lengths, show_rows
from ui.lessons.fine_tuning.data_notes import challenge, guess_about_data, notes_on_rows, what_to_notice
from ui.lessons.fine_tuning.data_source import source_picker, split_controls, table_notes
from ui.lessons.fine_tuning.steps import steps_shown
from ui.plain import code_span
from ui.runs.labelled_data import chosen_data

_FIGURES = ("labels", "lengths", "rows")


def show(words: DeltaGenerator) -> Shown:
    """The data as a figure, how they were read, and the numbers that the head adds to the model.

    Args:
        words: the column of words, where the questions and what to notice stand.

    Raises:
        InputError: there are no data, or nothing can be learned from them.
    """
    steps_shown((1, 2))
    source_picker()
    data = chosen_data()
    table_notes()
    notes_on_rows(data)
    split_controls()
    serial, model = asked_model()
    figures = {"labels": _("How many of each"), "lengths": _("How long"), "rows": _("The rows")}
    shown = choice(_("Shown"), _FIGURES, name="figure", shown=lambda name: figures[name], label_visible=False)
    if shown == "labels":
        show_balance(data)
    elif shown == "lengths":
        show_lengths(data, serial, model)
    else:
        show_rows(data)
    st.header(_("Model and head"), anchor=False)
    config, labels = model.config, data.split.train.labels
    st.markdown(
        _(
            "{model} comes with {trained} trained numbers. The head for {labels} labels adds {width} × {labels} "
            "weights and {labels} biases: **{fresh}** fresh numbers, drawn at random. Training changes both."
        ).format(
            model=code_span(model.name),
            trained=f"{count_parameters(model.model.body):,}",
            labels=len(labels),
            width=config.hidden_size,
            fresh=f"{config.hidden_size * len(labels) + len(labels):,}",
        )
    )
    code_beside(model, labels)
    with words:
        guess_about_data(data)
        what_to_notice(data)
        challenge(data)
    return Shown((load_set, split, find_duplicates, learn, add_head), cells(data))
