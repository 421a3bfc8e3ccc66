"""Light or dark, as the reader's browser shows the app."""

from __future__ import annotations

import streamlit as st

from figures.theme import THEMES, Theme


def theme() -> Theme:
    """The variant of the palette that figures drawn on the server have to use."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]
