"""A figure on a page: with an alternative in words, and a button that takes it away as SVG."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from figures.export import browser_config

if TYPE_CHECKING:
    import plotly.graph_objects as go


def show_figure(
    figure: go.Figure, *, key: str, file_name: str, alt: str, on_pick: Callable[[], None] | None = None
) -> None:
    """Show a figure as it is, in its own colours.

    Args:
        figure: to be shown.
        key: names the instance.
        file_name: of the picture that is taken away, without ending.
        alt: what the figure says, for those who cannot see it.
        on_pick: called before the script runs again after a click on a point; None: there is nothing to pick.
    """
    config = browser_config(file_name)
    if on_pick is None:
        st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt)
    else:
        st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt, on_select=on_pick, selection_mode="points")
