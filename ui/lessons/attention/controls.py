"""The controls of the lesson on one head: which head, which step, the switches of the toy, and practice."""

from __future__ import annotations

import streamlit as st

from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, widget_value
from ui.frame.controls import choice, head_picker, layer_picker, switch
from ui.i18n import _
from ui.lessons.attention.toy_head import MASKINGS, SWAPS, TOKENS, Toy
from ui.lessons.attention.view import STEPS, TEXTS, StepName
from ui.models.shelf import Reading


def source_picker() -> bool:
    """The toy, or a head of the model; whether it is the toy."""
    names = {"toy": _("Small numbers"), "model": _("A head of the model")}
    return (
        choice(_("Which head"), list(names), name="source", shown=lambda name: names[name], label_visible=False)
        == "toy"
    )


def model_head(reading: Reading) -> tuple[int, int]:
    """Layer and head of the model, from 0."""
    with st.container(horizontal=True):
        layer = layer_picker(reading.model.config.num_hidden_layers)
        return layer, head_picker(reading.model.config.num_attention_heads)


def step_picker() -> StepName:
    """One of the seven steps, each named by what it computes; and whether the reader practises."""
    with st.container(key="steps", horizontal=True, vertical_alignment="center"):
        shown = {str(name): TEXTS[name].short for name in STEPS}
        chosen = choice(_("Step"), STEPS, name="step", shown=lambda name: shown[name], label_visible=False)
        practising = option("practice") is not None
        label = _("Stop practising") if practising else _("Practise: hide a number")
        if offered("practice", label):
            st.button(label, key="practise", on_click=lambda: change(practice=None if practising else 1))
    return next(name for name in STEPS if name == chosen)


def toy_switches(toy: Toy) -> None:
    """What can be left out of the toy or exchanged in it, and the way back to how it came."""
    masks = {"none": _("No mask"), "padding": _("Padding"), "causal": _("Causal")}
    with st.container(key="switches", horizontal=True, gap="medium", vertical_alignment="center"):
        choice(_("Mask"), MASKINGS, name="masking", shown=lambda name: masks[name], label_visible=False)
        _swap_picker(toy)
        switch(_("without √d"), name="unscaled")
        switch(_("without positions"), name="unplaced")
        if toy.edits:
            st.button(_("Undo all changes"), key="undo", on_click=lambda: change(edits=None))


def _swap_picker(toy: Toy) -> None:
    """Two words that change places, or none."""
    label = _("Swap two words")
    if not offered("swap", label):
        return
    named = {f"{one + 1}-{other + 1}": f"{TOKENS[one]} ↔ {TOKENS[other]}" for one, other in SWAPS}
    swapped = None if toy.swapped is None else "-".join(str(place + 1) for place in toy.swapped)
    seed_widget("swap_picker", swapped)
    st.selectbox(
        label,
        list(named),
        format_func=lambda name: named[name],
        index=None,
        placeholder=label,
        key="swap_picker",
        on_change=lambda: change(swap=widget_value("swap_picker")),
        label_visibility="collapsed",
        width=170,
    )
