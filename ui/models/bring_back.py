"""A model that was taken home, brought back as its zip: unpacked with distrust, kept, and looked at in every lesson."""

from __future__ import annotations

import streamlit as st

from lm_core.errors import LMGlassboxError
from ui.address.session import session, widget_value
from ui.i18n import _, told
from ui.models.own import SAVED, read_with, saved_models
from ui.models.state import ModelsState

_MOST_MB = 600  # of a zip: a BERT-base in float32 has 440 MB


def bring_back() -> None:
    """A place for the zip; what is wrong with it is told, and what is right is the reader's model from then on."""
    st.file_uploader(
        _("Bring a model back (zip)"),
        type=["zip"],
        key="bring_back",
        max_upload_size=_MOST_MB,
        help=_(
            "The zip that “Take it home” made, here or on another server. Only safetensors is read, never a pickle."
        ),
        on_change=_take_in,
    )
    failed = session().kept(ModelsState).not_brought
    if failed is not None:
        st.warning(told(failed))


def _take_in() -> None:
    """Unpack and keep what was brought; it is then the model that the address names."""
    brought = widget_value("bring_back")
    here = session().kept(ModelsState)
    here.not_brought = None
    if brought is None:
        return
    try:
        name = SAVED + saved_models().put(brought)
    except LMGlassboxError as error:
        here.not_brought = error
        return
    read_with(name)
