"""The reader's sentence as the model read it, with what the reader should know about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.address.session import SHIPPED_MODEL, view
from ui.i18n import _, told
from ui.models.own import is_own
from ui.models.shelf import Reading, reader_model, reading
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core import LanguageModel


def read_sentence(pair: str | None = None, *, with_masks: bool = True) -> Reading:
    """The reader's sentence as the model read it, with what the reader should know about it.

    Args:
        pair: a second sentence that the model reads with it.
        with_masks: whether the words that the address hides are hidden.

    Raises:
        InputError: there is no sentence, or the model reads no pairs.
        CheckpointError: the shipped model cannot be read.
    """
    with st.spinner(_("The model is reading …")):
        read = reading(pair, with_masks=with_masks)
    _notes(read)
    return read


def asked_model() -> tuple[int, LanguageModel]:
    """The reader's model, for a view that does not read the sentence, and the serial number of its loading.

    Raises:
        CheckpointError: the shipped model cannot be read.
    """
    serial, model, is_missing = reader_model()
    if is_missing:
        _model_missing(view().model)
    return serial, model


def _notes(reading: Reading) -> None:
    """What was not as the address or the sentence asked: cut, left out, or read by another model."""
    for problem in reading.view.problems:
        st.warning(told(problem))
    if reading.model_missing:
        _model_missing(reading.view.model)
    lost = [index + 1 for index in reading.view.masked_words if index not in reading.masked_words]
    if lost:
        st.warning(
            _("There is no word {numbers} here: the model reads {count} words of this sentence.").format(
                numbers=", ".join(map(str, lost)), count=len(reading.trace.encoding.words)
            )
        )
    encoding = reading.trace.encoding
    for text, cut in ((encoding.text, encoding.truncated_at), (encoding.text_pair, encoding.pair_truncated_at)):
        if text is None or cut is None:
            continue
        st.warning(
            _(
                "This is longer than the model's {positions} positions. It read the first {cut} characters, and "
                "nothing from {rest} on."
            ).format(
                positions=reading.model.config.max_position_embeddings,
                cut=f"{cut:,}",
                rest=code_span(text[cut : cut + 30]),
            )
        )


def _model_missing(name: str) -> None:
    """Say that another model answers than the one that the address names."""
    if is_own(name):
        st.warning(
            _(
                "The model {name} is not kept on this server, or not any more, so {shipped} answers. Whoever has "
                "its zip can "
                "bring it back at the side."
            ).format(name=code_span(name), shipped=SHIPPED_MODEL)
        )
        return
    st.warning(
        _(
            "The model {name} is not in memory here, so {shipped} answers. To load it, use “Load another” at the side."
        ).format(name=code_span(name), shipped=SHIPPED_MODEL)
    )
