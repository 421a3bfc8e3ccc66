"""One head by hand: from X to the output in seven steps, on numbers small enough to check, or on the model's own."""

from __future__ import annotations

import streamlit as st

from ui.frame import lesson
from ui.i18n import _

lesson.heading(
    _("How does one word look at another?"),
    _("Every token asks with a query, every token answers with a key, and the softmax turns matches into shares."),
)
words, stage = lesson.columns()

with words:
    st.markdown(
        _(
            "**Read.** Follow one attention head from its input to its output; six of its seven steps multiply two "
            "matrices. Click a number of the result: the row and the column that made it light up, and the sum is "
            "written out. Change any number of X or of the weights, and see what follows from it."
        )
    )

with lesson.failures_told():
    # Not before the words are on the page: what computes takes its time to be imported.
    from lm_core.explain.heads.by_hand import head_steps, steps_of
    from lm_core.transformer.attention import MultiHeadAttention, attention_map
    from ui.frame.notebook import Cell
    from ui.lessons.attention import cells as hand_cells
    from ui.lessons.attention import controls, notes, steps
    from ui.lessons.attention.toy_head import toy_of_address
    from ui.lessons.attention.view import TEXTS, model_view, toy_view

    with stage:
        toy = toy_of_address() if controls.source_picker() else None
        if toy is not None:
            view = toy_view(toy)
            controls.toy_switches(toy)
        else:
            read = lesson.read_sentence()
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
        cells: list[Cell] = []
        if found and toy is not None:
            cells = hand_cells.toy_cells(view, toy, step, cell)
        elif found:
            cells = hand_cells.model_cells(read, layer, head, step, cell)

    with words:
        notes.guess_without_scaling(view, cell[0])
        notes.what_to_notice(view, cell[0], toy)
        if toy is not None:
            notes.challenge(toy)

    ran = (attention_map, head_steps) if toy is not None else (attention_map, MultiHeadAttention.forward, steps_of)
    lesson.foot("attention", ran, cells)
