"""What can be done to a pair with one click: swap the two, or put another second sentence there."""

from __future__ import annotations

import streamlit as st

from ui.address.hiding import offered
from ui.address.session import change, view
from ui.i18n import _
from ui.lessons.next_sentences.cards import second_sentence
from ui.lessons.next_sentences.pair_examples import VARIANTS, another_second, example_of


def actions() -> None:
    """A row of buttons; those that need a sentence of our own writing stand only where A is one of ours."""
    if not offered("variants", _("Change B")):
        return
    first, second = view().sentence, second_sentence()
    with st.container(key="actions", horizontal=True, gap="small"):
        st.button(_("⇄ Swap A and B"), key="swap_pair", on_click=change, kwargs={"sentence": second, "pair": first})
        example = example_of(first)
        for name in VARIANTS if example is not None else ():
            text = "" if example is None else example.variant(name)
            st.button(
                _(VARIANTS[name]),
                key=f"variant_{name}",
                on_click=change,
                kwargs={"pair": text},
                disabled=text == second,
            )
        st.button(
            _("From another pair"),
            key="another_pair",
            on_click=change,
            kwargs={"pair": another_second(first, second)},
        )
