"""What the answers at the hidden words lose without each head: measured once for a sentence, and then kept."""

from __future__ import annotations

import time

import streamlit as st

from ui.frame.controls import switch
from ui.i18n import _
from ui.models.shelf import TRACES_IN_MEMORY, Reading

_AT_ONCE = 32  # heads: more are measured on request, since each takes a pass of the model
_PATIENCE = 0.3  # seconds, after which the reader sees how far it is
_KEPT = 144 * TRACES_IN_MEMORY  # single numbers


def losses(reading: Reading) -> list[float] | None:
    """What is lost without each head, in bits, layer by layer; None where nothing is hidden or nobody asked.

    The first time it takes a pass of the model for each head. Whoever changes a control meanwhile is served at once,
    and what was measured stays.
    """
    config = reading.model.config
    layers, heads = config.num_hidden_layers, config.num_attention_heads
    if not reading.trace.encoding.masked_positions:
        return None
    if layers * heads > _AT_ONCE and not switch(
        _("Measure the worth of all {count} heads").format(count=layers * heads), name="worth"
    ):
        return None
    texts = reading.view.sentence, reading.trace.encoding.text_pair
    place, began = st.empty(), time.monotonic()
    measured: list[float] = []
    for layer in range(layers):
        for head in range(heads):
            if time.monotonic() - began > _PATIENCE:
                told = _("Without layer {layer}, head {head} …").format(layer=layer + 1, head=head + 1)
                place.progress(len(measured) / (layers * heads), told)
            measured.append(_loss(reading.serial, texts, reading.masked_words, layer, head, _reading=reading))
    place.empty()
    return measured


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _loss(
    serial: int,  # noqa: ARG001 (part of the key, as the next two)
    texts: tuple[str, str | None],  # noqa: ARG001
    masked_words: tuple[int, ...],  # noqa: ARG001
    layer: int,
    head: int,
    _reading: Reading,
) -> float:
    """One head's; the first three name the trace."""
    from lm_core.explain.heads.ablation import loss_without_head

    return loss_without_head(_reading.model, _reading.trace, layer, head)
