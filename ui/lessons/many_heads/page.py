"""The heads of the model on the reader's sentence: which one, in which view, and what stands beside it."""

from __future__ import annotations

from importlib import import_module

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.explain.words.prediction import answer_mask
from ui.frame.controls import head_picker, layer_picker, mask_picker
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.many_heads import cells, check, guess, notes, views
from ui.lessons.many_heads.roles import badges
from ui.models.shelf import Reading
from ui.panels import answers, attention

GAPS, ANSWERS = 2, 4  # answered gaps, and answers to each: the figure is the page


def show(words: DeltaGenerator) -> Shown:
    """The words to click, layer, head and view to pick, and the view.

    Args:
        words: the column of words, where the answers, all heads in small, the question and the notes stand.

    Raises:
        LMGlassboxError: the sentence cannot be read, or the view has something to say instead.
    """
    read = read_sentence()
    mask_picker(read, key="words")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = layer_picker(read.model.config.num_hidden_layers)
        head = head_picker(read.model.config.num_attention_heads)
        offered = views.scope_picker()
    shown = views.view_picker(offered)
    view = attention.head_view(read, layer, head)
    functions = import_module(f"ui.lessons.many_heads.{offered[shown].module}").show(view)
    if not offered[shown].has_files:
        attention.take_away(view)
    if shown != "switchboard":  # there the question is what becomes of the answers
        check.check_number(view)
    with words:
        if shown != "switchboard":
            _answers(read)
        if shown not in ("heads", "map", "switchboard"):
            attention.show_grid(read, layer, head, key="small_grid")
        guess.guess_a_look(view)
        badges(view)
        notes.what_to_notice(view)
        notes.challenge(view)
    return Shown(functions, cells.attention_cells(view))


def _answers(read: Reading) -> None:
    """What the model puts in the first few gaps."""
    gaps = read.trace.encoding.masked_positions
    for position in gaps[:GAPS]:
        answers.gap_shown(read, answer_mask(read.trace, position, read.model.tokenizer, top_k=ANSWERS))
    if len(gaps) > GAPS:
        st.caption(
            _("The first {drawn} of {gaps} gaps are answered here; the page “Masked words” has all of them.").format(
                drawn=GAPS, gaps=len(gaps)
            )
        )
