"""Labels with their probabilities as bars: of one model, or of the models before and after a training."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from figures.bars import BarsText, answer_bars, percent
from figures.export import browser_config
from figures.paired_bars import PairedBarsText, paired_bars
from ui.appearance import theme
from ui.i18n import _


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
    st.plotly_chart(
        paired_bars(
            labels, before, after, theme=theme(), text=PairedBarsText(_("probability"), first, second), original=truth
        ),
        key=key,
        theme=None,
        config=browser_config(key),
        alt=_("{first}, and {second}: {labels}").format(
            first=first,
            second=second,
            labels=", ".join(
                f"{label} {percent(one)} → {percent(other)}"
                for label, one, other in zip(labels, before, after, strict=True)
            ),
        ),
    )


def label_bars(labels: Sequence[str], probs: Sequence[float], *, key: str) -> None:
    """One bar for each label; arguments as of `label_bars_of_two`."""
    st.plotly_chart(
        answer_bars(labels, probs, theme=theme(), text=BarsText(probability=_("probability"))),
        key=key,
        theme=None,
        config=browser_config(key),
        alt=_("The labels with their probabilities: {labels}").format(
            labels=", ".join(f"{label} {percent(prob)}" for label, prob in zip(labels, probs, strict=True))
        ),
    )
