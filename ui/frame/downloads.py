"""What a reader takes along of a figure: its numbers and its picture, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.i18n import _


def picture_button(name: str, picture: Callable[[], str]) -> None:
    """One button for a picture.

    Args:
        name: of the file, without what follows the point; also of the button.
        picture: makes the figure, as SVG.
    """
    st.download_button(
        _("Picture (SVG)"),
        picture,
        file_name=f"{name}.svg",
        mime="image/svg+xml",
        on_click="ignore",
        key=f"take_{name}",
    )


def downloads(name: str, *, numbers: Callable[[], bytes], picture: Callable[[], str]) -> None:
    """Two buttons to download with.

    Args:
        name: of the files, without what follows the point.
        numbers: makes the table, as CSV.
        picture: makes the figure, as SVG.
    """
    with st.container(horizontal=True):
        for label, make, kind, mime in (
            (_("Numbers (CSV)"), numbers, "csv", "text/csv"),
            (_("Picture (SVG)"), picture, "svg", "image/svg+xml"),
        ):
            st.download_button(
                label, make, file_name=f"{name}.{kind}", mime=mime, on_click="ignore", key=f"take_{kind}"
            )
