"""One head from X to its output: the toy or the model's own, one step at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.explain.heads.by_hand import head_steps, steps_of
from lm_core.transformer.attention import MultiHeadAttention, attention_map
from ui.frame.notebook import Cell
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.attention import cells, controls, notes, steps
from ui.lessons.attention.toy_head import toy_of_address
from ui.lessons.attention.view import TEXTS, model_view, toy_view


def show(words: DeltaGenerator) -> Shown:
    """The controls, the matrix of the step that was picked, and the sum behind one of its numbers.

    Args:
        words: the column of words, where the question, what to notice and the challenge stand.

    Raises:
        LMGlassboxError: the sentence cannot be read.
    """
    toy = toy_of_address() if controls.source_picker() else None
    if toy is not None:
        view = toy_view(toy)
        controls.toy_switches(toy)
    else:
        read = read_sentence()
        layer, head = controls.model_head(read)
        view = model_view(read, layer, head)
    step = controls.step_picker()
    st.markdown(_(TEXTS[step].what))
    exercise = notes.practice_number()
    cell = steps.asked_cell(view, step) if exercise is None else notes.practice_cell(view, step, exercise)
    slot = st.container()
    found = exercise is None or notes.practise(view, step, cell, exercise)
    with slot:
        steps.show_step(view, step, cell, hidden=not found)
    if found:
        steps.write_out(view, step, cell)
    steps.take_away(view, step)
    if step in ("scores", "probs"):
        notes.scaling_measured()
    computation: Sequence[Cell] = ()
    if found:
        computation = (
            cells.toy_cells(view, toy, step, cell)
            if toy is not None
            else cells.model_cells(read, layer, head, step, cell)
        )
    with words:
        notes.guess_without_scaling(view, cell[0])
        notes.what_to_notice(view, cell[0], toy)
        if toy is not None:
            notes.challenge(toy)
    if toy is not None:
        return Shown((attention_map, head_steps), computation)
    return Shown((attention_map, MultiHeadAttention.forward, steps_of), computation)
