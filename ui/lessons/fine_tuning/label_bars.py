"""Labels with their probabilities as bars: of one model, or of the models before and after a training."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from figures.bars import percent
from figures.theme import Theme
from figures.words.answer_bars import BarsText, PairedBarsText, answer_bars, paired_bars
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.i18n import _

_KEPT = 256  # figures: some kilobytes each


def label_bars_of_two(
    labels: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    key: str,
    truth: int | None = None,
    names: tuple[str, str] | None = None,
) -> None:
    """Two bars for each label.

    Args:
        labels: their names.
        before, after: their probabilities.
        key: names the figure and its file.
        truth: the label that is true, in a colour of its own; None where nobody knows.
        names: of the two; None means before and after.
    """
    first, second = names or (_("before"), _("after"))
    show_figure(
        bars_of_two(
            tuple(labels), tuple(before), tuple(after), theme(), PairedBarsText(_("probability"), first, second), truth
        ),
        key=key,
        file_name=key,
        alt=_("{first}, and {second}: {labels}").format(
            first=first,
            second=second,
            labels=", ".join(
                f"{label} {percent(one)} → {percent(other)}"
                for label, one, other in zip(labels, before, after, strict=True)
            ),
        ),
    )


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def bars_of_two(
    labels: tuple[str, ...],
    before: tuple[float, ...],
    after: tuple[float, ...],
    colours: Theme,
    text: PairedBarsText,
    truth: int | None = None,
) -> go.Figure:
    """The figure of the two, kept: a page of several is drawn anew whenever one of them changes, 15 ms each."""
    return paired_bars(labels, before, after, theme=colours, text=text, original=truth)


def label_bars(labels: Sequence[str], probs: Sequence[float], *, key: str) -> None:
    """One bar for each label; arguments as of `label_bars_of_two`."""
    show_figure(
        answer_bars(labels, probs, theme=theme(), text=BarsText(probability=_("probability"))),
        key=key,
        file_name=key,
        alt=_("The labels with their probabilities: {labels}").format(
            labels=", ".join(f"{label} {percent(prob)}" for label, prob in zip(labels, probs, strict=True))
        ),
    )
