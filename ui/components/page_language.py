"""Tells the browser, and so a screen reader, the language of the page: Streamlit always says English."""

from __future__ import annotations

import streamlit as st

_mount = st.components.v2.component(
    "glassbox_page_language",
    js="export default function ({ data }) {\n  document.documentElement.lang = data.language;\n}",
)


def set_page_language(language: str) -> None:
    """Set `<html lang>` to a language tag such as `zh-Hans`."""
    _mount(key="page_language", data={"language": language})
