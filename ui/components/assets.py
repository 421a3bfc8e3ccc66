"""Registers a component of ours from the HTML, CSS and JS files that lie beside its Python wrapper."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from figures.theme import css_variables

FOLDER = Path(__file__).parent


def register(name: str, *shared: str) -> ComponentRenderer:
    """Make `<name>.html`, `.css` and `.js` a component whose CSS knows the palette as `--lg-*`.

    Args:
        name: of the files.
        shared: scripts whose functions this one calls, and the rules for what they draw, put in front of its own.
    """
    html = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    css, js = ("".join(map(_read, (f"{each}.{kind}" for each in (*shared, name)))) for kind in ("css", "js"))
    return st.components.v2.component(f"glassbox_{name}", html=html, css=css_variables() + css, js=js)


def _read(file: str) -> str:
    """A file of this folder; nothing where there is none, as not all that is shared has rules, and not all have own."""
    path = FOLDER / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""
