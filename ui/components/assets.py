"""Registers a component of ours from the HTML, CSS and JS files of its folder, and the parts it shares with others."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from figures.theme import css_variables

FOLDER = Path(__file__).parent
PARTS = FOLDER / "parts"


def register(name: str, *parts: str) -> ComponentRenderer:
    """Make `<name>/<name>.html`, `.css` and `.js` a component whose CSS knows the palette as `--lg-*`.

    Args:
        name: of the folder and of its files.
        parts: scripts whose functions this one calls, and the rules for what they draw, put in front of its own; from
            `parts/`, or from the component's own folder. HTML that a part has stands where a comment names the part.
    """
    folder = FOLDER / name
    html = _read(folder, f"{name}.html")
    for each in parts:
        html = html.replace(f"<!-- {each} -->", _read(folder, f"{each}.html"))
    css, js = ("".join(_read(folder, f"{each}.{kind}") for each in (*parts, name)) for kind in ("css", "js"))
    return st.components.v2.component(f"glassbox_{name}", html=html, css=css_variables() + css, js=js)


def _read(folder: Path, file: str) -> str:
    """A file of a component or a part; nothing where there is none: not all parts have rules."""
    found = next((path for path in (folder / file, PARTS / file) if path.is_file()), None)
    return "" if found is None else _bare(found.read_text(encoding="utf-8"))


def _bare(source: str) -> str:
    """CSS or JS without what only its readers need, indentation and lines of comment: it is sent with each instance."""
    lines = map(str.strip, source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(("//", "/*")))
