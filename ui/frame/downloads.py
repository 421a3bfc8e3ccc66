"""What a reader takes along: numbers, pictures, models, notebooks, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import streamlit as st

from ui.i18n import _

Content = str | bytes | Callable[[], str | bytes | BinaryIO]
"""What is in a file, or what makes it."""

_KINDS = {
    "csv": "text/csv",
    "svg": "image/svg+xml",
    "zip": "application/zip",
    "ipynb": "application/x-ipynb+json",
    "safetensors": "application/octet-stream",
}
"""What a browser calls a file, by the ending of its name."""


def download_button(label: str, content: Content, file_name: str, *, key: str, is_primary: bool = False) -> None:
    """One button for one file.

    Args:
        label: of the button.
        content: of the file.
        file_name: with one of the endings that are known here.
        key: of the button.
        is_primary: whether it is what a reader came for.
    """
    st.download_button(
        label,
        content,
        file_name=file_name,
        mime=_KINDS[file_name.rpartition(".")[2]],
        on_click="ignore",
        key=key,
        type="primary" if is_primary else "secondary",
    )


def csv_button(content: Content, file_name: str, *, key: str = "csv") -> None:
    """One button for the numbers of a table that is on the page; arguments as of `download_button`."""
    download_button(_("Download as CSV"), content, file_name, key=key)


def picture_button(name: str, picture: Callable[[], str], *, key: str | None = None) -> None:
    """One button for a picture.

    Args:
        name: of the file, without what follows the point.
        picture: makes the figure, as SVG.
        key: of the button; None for one that the name tells.
    """
    download_button(_("Picture (SVG)"), picture, f"{name}.svg", key=key or f"take_{name}")


def downloads(name: str, *, numbers: Callable[[], bytes], picture: Callable[[], str]) -> None:
    """Two buttons to download with.

    Args:
        name: of the files, without what follows the point.
        numbers: makes the table, as CSV.
        picture: makes the figure, as SVG.
    """
    with st.container(horizontal=True):
        download_button(_("Numbers (CSV)"), numbers, f"{name}.csv", key="take_csv")
        picture_button(name, picture, key="take_svg")
