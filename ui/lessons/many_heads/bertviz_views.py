"""BertViz's three views of the pass that is shown, for readers who know it."""

from __future__ import annotations

from typing import cast

import streamlit as st

from figures.heads.bertviz_html import LONGEST, BertVizInput, BertVizText, BertVizView, bertviz_html
from lm_core.explain.heads.attention import entropy, share_on_previous
from lm_core.transformer.attention import attention_map
from ui.frame.controls import choice
from ui.i18n import HTML_LANGUAGES, _, language
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView


def show(view: HeadView) -> Functions:
    """One of the three, which the reader chooses; where it leaves tokens out, a sentence says so."""
    names = {"head": _("Head view"), "model": _("Model view"), "neuron": _("Neuron view")}
    hints = {
        "head": _(
            "Point at a token to see its lines alone. Click the coloured squares to turn heads on and off; a double "
            "click leaves one alone."
        ),
        "model": _("Every layer and head at once. Click one to see it large, and again to close it."),
        "neuron": _(
            "Point at a token and click its plus sign: its query, every key, number by number, their products, the "
            "sum and the softmax. Blue is above 0, orange below."
        ),
    }
    chosen = cast(
        "BertVizView",
        choice("BertViz", list(names), name="bertviz", shown=lambda name: names[name], label_visible=False),
    )
    st.caption(hints[chosen])
    layers = view.reading.trace.layers
    longest = LONGEST[chosen]
    if len(view.tokens) > longest:
        st.info(
            _(
                "BertViz draws the first {drawn} of {count} tokens here; what they give to the others is left out. "
                "The other views have all of them."
            ).format(drawn=longest, count=len(view.tokens))
        )
    st.iframe(
        bertviz_html(
            chosen,
            BertVizInput(
                tokens=view.tokens,
                attentions=view.reading.trace.attentions,
                queries=[layer.attention.query for layer in layers],
                keys=[layer.attention.key for layer in layers],
            ),
            layer=view.layer,
            head=view.head,
            text=BertVizText(
                language=HTML_LANGUAGES[language()],
                title=f"BertViz: {names[chosen]}",
                layer=_("Layer"),
                head=_("Head"),
            ),
        ),
        height="content",
        alt=f"BertViz: {names[chosen]}",
    )
    st.caption(
        _(
            "Drawn by BertViz 1.4.1 (Vig 2019) from the same numbers, to three decimals. It cannot be used by "
            "keyboard, and shows no numbers; the other views can and do."
        )
    )
    return attention_map, entropy, share_on_previous
