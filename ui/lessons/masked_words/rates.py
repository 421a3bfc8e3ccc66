"""The loss at each masking rate, over many draws of one text; measured when the reader asks for it."""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from figures.curves import Curve, curves
from lm_core.explain.words.corruption import RateLoss, loss_by_rate
from ui.address.session import change, option
from ui.appearance import theme
from ui.frame.controls import switch
from ui.frame.downloads import csv_button
from ui.frame.figure import show_figure
from ui.frame.numbers import Row, as_csv, fractions
from ui.i18n import _
from ui.models.shelf import Reading
from ui.panels.masked_kept import progress, rates

_RATES = (5, 10, 15, 20, 30, 40, 50, 60)  # per cent
_DRAWS = 32


def measured() -> tuple[Callable[..., object], ...]:
    """What has computed the figure, where it is shown."""
    return (loss_by_rate,) if _is_asked() else ()


def rates_shown(reading: Reading, text: str, *, whole_words: bool) -> None:
    """A button, and when it was pressed the curves with their numbers.

    Args:
        reading: whose model answers.
        text: what is corrupted.
        whole_words: whether whole words are chosen.
    """
    st.header(_("How the loss depends on the rate"), anchor=False)
    st.button(
        _("Hide the curve") if _is_asked() else _("Measure {draws} draws at each rate").format(draws=_DRAWS),
        key="measure",
        on_click=lambda: change(curve=None if _is_asked() else "on"),
    )
    if not _is_asked():
        return
    place = st.empty()
    kept = rates(reading, text, whole_words=whole_words)
    if kept.found is None:
        kept.found = loss_by_rate(
            reading.model,
            reading.model.encode(text),
            [rate / 100 for rate in _RATES],
            draws=_DRAWS,
            whole_words=whole_words,
            on_progress=progress(place, _("{done} of {total} draws answered")),
        )
    _figure(kept.found, whole_words=whole_words)
    st.caption(
        _(
            "Mean loss a scored piece over {draws} draws of this text at each rate (seed 1), by what the model saw. "
            "The more is hidden, the less context is left for each answer."
        ).format(draws=_DRAWS)
    )
    rows = [_row(each) for each in kept.found]
    if switch(_("Numbers of the curve"), name="curve_table"):
        st.dataframe(
            rows,
            hide_index=True,
            height="content",
            column_config=fractions(rows, "%.4f"),
            alt=_("The loss at each masking rate, by what the model saw"),
            key="rates_table",
        )
    csv_button(as_csv(rows), "masking-rates.csv", key="rates_csv")


def _is_asked() -> bool:
    return option("curve") == "on"


def _figure(found: tuple[RateLoss, ...], *, whole_words: bool) -> None:
    """A line for each kind, and the mean that training makes small."""
    colours = theme()
    masked, random, kept = ([_bits(each.by_kind[kind]) for each in found] for kind in range(3))
    lines = [
        Curve(_("all scored"), [_bits(each.loss) for each in found], colours.accent),
        Curve("[MASK]", masked, colours.masked),
        Curve(_("random"), random, colours.query),
        Curve(_("unchanged"), kept, colours.context),
    ]
    title = _("masking rate (% of the words)") if whole_words else _("masking rate (% of the pieces)")
    show_figure(
        curves(list(_RATES), lines, theme=colours, x_title=title, y_title=_("loss (bits a piece)")),
        key="rates",
        file_name="masking-rates",
        alt=_("Mean loss by masking rate: {losses}").format(
            losses=", ".join(f"{rate} %: {_bits(each.loss):.2f}" for rate, each in zip(_RATES, found, strict=True))
        ),
    )


def _row(each: RateLoss) -> Row:
    masked, random, kept = map(_bits, each.by_kind)
    return {
        _("rate (%)"): round(100 * each.rate),
        _("scored a draw"): each.scored,
        _("loss (bits)"): _bits(each.loss),
        "[MASK]": masked,
        _("random"): random,
        _("unchanged"): kept,
        _("bits a text"): each.scored * _bits(each.loss),
    }


def _bits(nats: float | None) -> float:
    """NaN where nothing of the kind was drawn."""
    return math.nan if nats is None else nats / math.log(2)
