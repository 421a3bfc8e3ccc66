"""Points of a plotly figure, to click and to pick by keyboard; what is picked stands in the address."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, widget_value
from ui.frame.figure import show_figure


def figure_to_click(figure: go.Figure, values: Sequence[str], *, key: str, name: str, file_name: str, alt: str) -> None:
    """A figure whose points can be clicked.

    Args:
        figure: the first of each point's `customdata` is the index of its value.
        values: what a click writes into the address.
        key: of the widget.
        name: of the pick in the address.
        file_name: of the downloaded picture, without ending.
        alt: what the figure shows, for those who cannot see it.
    """

    def pick() -> None:
        points = widget_value(key)["selection"]["points"]
        if points:  # a second click on the same point takes the selection away, and the pick stays
            change(**{name: values[int(points[0]["customdata"][0])]})

    show_figure(
        figure,
        key=key,
        on_pick=pick,
        file_name=file_name,
        alt=alt,
    )


def one_of_many(label: str, values: Sequence[str], *, name: str, default: str) -> str:
    """One of many, from a list that can be searched by typing; the default, where the address names none of them.

    Args:
        label: what is picked.
        values: as they are shown and as they stand in the address, each different.
        name: in the address.
        default: one of the values.
    """
    asked = option(name)
    chosen = asked if asked is not None and asked in values else default
    if offered(name, label):
        widget = f"{name}_picker"
        seed_widget(widget, chosen)
        st.selectbox(
            label, list(values), key=widget, on_change=lambda: change(**{name: widget_value(widget)}), width=240
        )
    return chosen
