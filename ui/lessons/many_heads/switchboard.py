"""The switchboard: heads turned off, and what becomes of the answers; which of them is off stands in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.table import Table, to_csv
from lm_core.explain.heads.ablation import Head, compare_answers, head_importance, random_heads
from ui.address.session import change, option, seed_widget, widget_value
from ui.components.head_switches import head_switches
from ui.frame.controls import switch
from ui.frame.downloads import csv_button
from ui.i18n import _
from ui.lessons.many_heads.heads_off import as_address, heads_in, importance
from ui.lessons.many_heads.switchboard_answers import answer_changes, show_changes, show_pair, show_table
from ui.lessons.many_heads.views import Functions
from ui.models.shelf import Reading
from ui.panels.attention import HeadView, head_name
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core import TransformerConfig

_SEEDS = 999_999  # the largest


def show(view: HeadView) -> Functions:
    """The board with its buttons, and under it what the answers are with all heads and with those that are on.

    Args:
        view: the head that "all but one" leaves on, and whose reading it is.
    """
    reading, layer, head = view.reading, view.layer, view.head
    config = reading.model.config
    shape = config.num_hidden_layers, config.num_attention_heads
    off, unknown = heads_in(option("off") or "", *shape)
    if unknown:
        st.warning(
            _("The address turns off {heads}: there is no such head here, counted as layer.head from 1.").format(
                heads=code_span(", ".join(unknown))
            )
        )
    board = st.container()
    _buttons(reading, off, layer, head)
    told = st.empty()
    changes = answer_changes(reading, off)
    show_changes(reading, changes, off)
    if reading.model.has_next_sentence:
        show_pair(reading, off)
    with_table = switch(_("Numbers as a table"), name="table")
    if with_table:
        show_table(changes)
    is_asked = option("importance") == "on" and bool(changes)
    bits = _measured(reading, told) if is_asked else None  # last, since a large model takes its time
    with board:
        _board(reading, off, bits)
    if bits is not None:
        with told:
            _what_was_measured(bits)
        if with_table:
            _importance_table(bits)
    return compare_answers, head_importance


def _board(reading: Reading, off: frozenset[Head], bits: Tensor | None) -> None:
    """The switches; with what was measured of each head, where it was."""
    config = reading.model.config
    head_switches(
        config.num_hidden_layers,
        config.num_attention_heads,
        off,
        key="head_switches",
        labels={
            "board": _("Heads on or off"),
            "on": _("on"),
            "off": _("off"),
            "layer": _("Layer {number}"),
            "head": _("Head {number}"),
            "value": _("Without it alone the answer loses {value} bits"),
        },
        values=None if bits is None else bits.tolist(),
        on_switch=lambda heads: change(off=as_address(heads)),
    )
    st.caption(
        _("Click a head to turn it off: what it gathers is multiplied by 0. The name of a layer switches all of it.")
    )


def _buttons(reading: Reading, off: frozenset[Head], layer: int, head: int) -> None:
    """Many heads at once, and what each of them is worth."""
    config = reading.model.config
    every = frozenset(
        (one, other) for one in range(config.num_hidden_layers) for other in range(config.num_attention_heads)
    )
    is_shown = option("importance") == "on"
    with st.container(key="switchboard", horizontal=True, vertical_alignment="bottom"):
        st.button(_("All on"), key="all_on", disabled=not off, on_click=lambda: change(off=None))
        st.button(
            _("Only {head}").format(head=head_name(layer, head)),
            key="all_but_one",
            on_click=lambda: change(off=as_address(every - {(layer, head)})),
        )
        st.button(
            _("Hide what each head is worth") if is_shown else _("Measure what each head is worth"),
            key="measure",
            disabled=not reading.trace.encoding.masked_positions,
            on_click=lambda: change(importance=None if is_shown else "on"),
        )
        _at_random(config, len(every))


def _at_random(config: TransformerConfig, largest: int) -> None:
    """How many heads, and the seed that they are drawn by; the same seed draws the same ones."""
    count = _number("random", largest)
    seed = _number("seed", _SEEDS)
    is_drawn = option("seed") is not None

    def draw(count: int, seed: int) -> None:
        change(off=as_address(random_heads(config, count, seed)), random=count, seed=seed)

    for name, label, value, most in (
        ("random", _("Heads at random"), count, largest),
        ("seed", _("Seed"), seed, _SEEDS),
    ):
        seed_widget(name, value)
        st.number_input(
            label,
            1,
            most,
            key=name,
            width=130,
            on_change=lambda: draw(int(widget_value("random")), int(widget_value("seed"))),
        )
    st.button(
        _("Draw others") if is_drawn else _("Turn them off"),
        key="draw",
        on_click=lambda: draw(count, seed % _SEEDS + 1 if is_drawn else seed),
    )


def _number(name: str, largest: int) -> int:
    """A number from 1 as the address says it; 1 where it says none."""
    text = option(name) or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_SEEDS)) else 1
    return max(1, min(number, largest))


def _measured(reading: Reading, place: DeltaGenerator) -> Tensor:
    """What the answers lose without each head, with a progress bar the first time; a click meanwhile goes first."""
    told = _("{done} of {total} heads measured")

    def on_progress(done: int, total: int) -> None:
        place.progress(done / total, told.format(done=done, total=total))

    kept = importance(reading)
    if kept.bits is None:
        kept.bits = head_importance(reading.model, reading.view.sentence, reading.masked_words, on_progress=on_progress)
    return kept.bits


def _what_was_measured(bits: Tensor) -> None:
    """What the numbers on the board are, and which of them is largest."""
    layer, head = divmod(int(bits.argmax()), bits.shape[1])
    st.caption(
        _(
            "On each head: how many bits of log-probability the hidden word loses when this head alone is off "
            "(Michel et al. 2019). 1 bit halves the probability; below 0 the word gains. Most is lost without {head}: "
            "{bits}. Below 0: {count} of {total}."
        ).format(
            head=head_name(layer, head),
            bits=f"{float(bits.max()):.2f}",
            count=int((bits < 0).sum()),
            total=bits.numel(),
        )
    )


def _importance_table(bits: Tensor) -> None:
    """What is lost without each head, a row for each layer, and the same as CSV."""
    rows = bits.tolist()
    columns = [_("Head {number}").format(number=head + 1) for head in range(bits.shape[1])]
    table: Table = {
        _("bits lost"): [_("Layer {number}").format(number=layer + 1) for layer in range(len(rows))],
        **{name: [row[head] for row in rows] for head, name in enumerate(columns)},
    }
    st.dataframe(
        table,
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.4f") for name in columns},
        key="importance_table",
        alt=_("What the answer loses without each head: a row for each layer, a column for each head"),
    )
    csv_button(to_csv(table), "head-importance.csv", key="importance_csv")
