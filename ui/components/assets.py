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
        shared: scripts whose functions this one calls, put in front of it: `scales`, `keys`.
    """
    html, css, js = ((FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    js = "".join((FOLDER / f"{each}.js").read_text(encoding="utf-8") for each in shared) + js
    return st.components.v2.component(f"glassbox_{name}", html=html, css=css_variables() + css, js=js)
