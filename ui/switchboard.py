"""The switchboard: heads turned off, and what becomes of the answers; which of them is off stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from figures.table import Table, to_csv
from ui.attention import head_name
from ui.components.head_switches import head_switches
from ui.controls import switch
from ui.heads_off import Importance, as_address, heads_in, importance
from ui.i18n import _
from ui.plain import code_span
from ui.resources import Reading
from ui.session import change, option, seed_widget, widget_value
from ui.switchboard_answers import answer_changes, show_changes, show_pair, show_table

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.explain.ablation import Head

_SEEDS = 999_999  # the largest


def show_switchboard(reading: Reading, layer: int, head: int) -> None:
    """The board with its buttons, and under it what the answers are with all heads and with those that are on.

    Args:
        reading: whose heads.
        layer, head: the one that "all but one" leaves on.
    """
    config = reading.model.config
    shape = config.num_hidden_layers, config.num_attention_heads
    off, unknown = heads_in(option("off") or "", *shape)
    if unknown:
        st.warning(
            _("The address turns off {heads}: there is no such head here, counted as layer.head from 1.").format(
                heads=code_span(", ".join(unknown))
            )
        )
    measured = importance(reading)
    is_asked = option("importance") == "on" and bool(reading.trace.encoding.masked_positions)
    _board(reading, off, measured.bits if is_asked else None)
    _buttons(reading, off, layer, head)
    progress = st.empty()
    if is_asked and measured.bits is not None:
        _what_was_measured(measured.bits)
    changes = answer_changes(reading, off)
    show_changes(reading, changes, off)
    if reading.model.has_next_sentence:
        show_pair(reading, off)
    if switch(_("Numbers as a table"), name="table"):
        show_table(changes)
        if is_asked and measured.bits is not None:
            _importance_table(measured.bits)
    if is_asked and measured.bits is None:
        _measure(reading, measured, progress.progress)
        st.rerun()


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
    """Many heads at once."""
    from lm_core.explain.ablation import random_heads

    config = reading.model.config
    every = frozenset(
        (one, other) for one in range(config.num_hidden_layers) for other in range(config.num_attention_heads)
    )
    count = _number("random", default=1, largest=len(every))
    seed = _number("seed", default=1, largest=_SEEDS)

    def draw(count: int, seed: int) -> None:
        change(off=as_address(random_heads(config, count, seed)), random=count, seed=seed)

    with st.container(key="switchboard", horizontal=True, vertical_alignment="bottom"):
        st.button(_("All on"), key="all_on", disabled=not off, on_click=lambda: change(off=None))
        st.button(
            _("Only {head}").format(head=head_name(layer, head)),
            key="all_but_one",
            on_click=lambda: change(off=as_address(every - {(layer, head)})),
        )
        is_shown = option("importance") == "on"
        st.button(
            _("Hide what each head is worth") if is_shown else _("Measure what each head is worth"),
            key="measure",
            disabled=not reading.trace.encoding.masked_positions,
            on_click=lambda: change(importance=None if is_shown else "on"),
        )
    with st.container(key="random_heads", horizontal=True, vertical_alignment="bottom"):
        for name, label, value, largest in (
            ("random", _("Heads at random"), count, len(every)),
            ("seed", _("Seed"), seed, _SEEDS),
        ):
            seed_widget(name, value)
            st.number_input(
                label,
                1,
                largest,
                key=name,
                width=150,
                on_change=lambda: draw(int(widget_value("random")), int(widget_value("seed"))),
            )
        st.button(
            _("Turn them off") if option("seed") is None else _("Draw others"),
            key="draw",
            on_click=lambda: draw(count, seed if option("seed") is None else seed % _SEEDS + 1),
        )


def _number(name: str, *, default: int, largest: int) -> int:
    """A number from 1 as the address says it; the default where it says none."""
    text = option(name) or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_SEEDS)) else default
    return max(1, min(number, largest))


def _measure(reading: Reading, kept: Importance, show: Callable[[float, str], object]) -> None:
    """Turn one head after the other off, and show how far it is; a click meanwhile is answered at once."""
    from lm_core.explain.ablation import head_importance

    told = _("{done} of {total} heads measured")

    def on_progress(done: int, total: int) -> None:
        show(done / total, told.format(done=done, total=total))

    kept.bits = head_importance(
        reading.model,
        reading.view.sentence,
        reading.masked_words,
        on_progress=on_progress,
    )


def _what_was_measured(bits: Tensor) -> None:
    """What the numbers on the board are, and which of them is largest."""
    layer, head = divmod(int(bits.argmax()), bits.shape[1])
    st.caption(
        _(
            "The number on a head: what the hidden word loses when this head alone is off, as the fall of its "
            "log-probability in bits, the mean over the gaps (Michel et al. 2019). One bit halves the probability. "
            "Most is lost without {head}: {bits} bits. Below 0 are {count} of {total} heads: without one of them the "
            "word is more probable."
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
    st.download_button(
        _("Download as CSV"),
        to_csv(table),
        file_name="head-importance.csv",
        mime="text/csv",
        on_click="ignore",
        key="importance_csv",
    )
