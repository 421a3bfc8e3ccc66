"""What a reader types on one page, kept in the address under its own name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, session, widget_value
from ui.i18n import _

LONGEST_IN_ADDRESS = 2000  # characters of one entry: browsers and chats cut longer addresses

_NUMBER_WIDTH = 150  # pixels


def text_entry(
    label: str, *, name: str, longest: int, placeholder: str = "", default: str = "", clears: Collection[str] = ()
) -> str:
    """A line of text, empty by default.

    Args:
        label: what is typed.
        name: in the address; also the widget's key.
        longest: characters; more than that is cut.
        placeholder: shown while nothing is typed.
        default: stands there, and again when everything is taken away.
        clears: what is taken out of the address when something is typed.
    """
    typed = (option(name) or default)[:longest]
    if offered(name, label):
        seed_widget(name, typed)
        st.text_input(
            label,
            key=name,
            max_chars=longest,
            placeholder=placeholder,
            on_change=lambda: change(**dict.fromkeys(clears), **{name: widget_value(name) or None}),
        )
    return typed


def lines_entry(label: str, *, name: str, longest: int, height: int, clears: Collection[str] = ()) -> str:
    """A few lines of text, none by default; arguments as of `text_entry`, and:

    Args:
        height: of the box, in pixels.
    """
    typed = (option(name) or "")[:longest]
    if offered(name, label):
        seed_widget(f"{name}_lines", typed)
        st.text_area(
            label,
            key=f"{name}_lines",
            max_chars=longest,
            height=height,
            on_change=lambda: change(**dict.fromkeys(clears), **{name: widget_value(f"{name}_lines") or None}),
        )
    return typed


def long_entry(label: str, *, name: str, longest: int) -> str:
    """Several lines of text; one too long for the address is kept in this session alone, and the page says so.

    Args:
        label: what is typed or pasted.
        name: in the address; also the widget's key.
        longest: characters; more than that is cut.
    """
    typed = (option(name) or session().long_texts.get(name, ""))[:longest]
    if offered(name, label):
        seed_widget(name, typed)
        st.text_area(
            label, key=name, max_chars=longest, height=160, on_change=lambda: _keep_text(name, widget_value(name) or "")
        )
    if len(typed) > LONGEST_IN_ADDRESS:
        st.caption(
            _(
                "More than {limit} characters do not fit into an address: this text stays in this browser tab, and a "
                "link to this page comes without it."
            ).format(limit=f"{LONGEST_IN_ADDRESS:,}")
        )
    return typed


def _keep_text(name: str, typed: str) -> None:
    """Into the address where there is room for it, else beside it."""
    fits = len(typed) <= LONGEST_IN_ADDRESS
    session().long_texts[name] = "" if fits else typed
    change(**{name: typed if fits and typed else None})


def number_entry(label: str, count: int, *, name: str, default: int) -> int:
    """One of many, counted from 1 on the page and in the address, from 0 here."""
    asked = index_option(name, count)
    index = default if asked is None else asked
    if offered(name, label):
        seed_widget(name, index + 1)
        st.number_input(
            label,
            1,
            count,
            step=1,
            key=name,
            width=_NUMBER_WIDTH,
            on_change=_written_down(name),
        )
    return index


def list_entry(
    label: str, options: Sequence[str], *, name: str, default: str, shown: Callable[[str], str] = str
) -> str:
    """One of many, out of a list that opens; arguments as of `ui.frame.controls.choice`, but for the default."""
    chosen = _one_of(options, name, default)
    if offered(name, label):
        seed_widget(name, chosen)
        st.selectbox(label, list(options), format_func=shown, key=name, on_change=_written_down(name))
    return chosen


def index_option(name: str, count: int) -> int | None:
    """The index, from 0, that a number of the address means; None where it is not one of 1 to `count`."""
    number = option(name) or ""
    is_number = number.isascii() and number.isdigit() and len(number) <= 6
    return int(number) - 1 if is_number and 1 <= int(number) <= count else None


def slider_entry(label: str, steps: Sequence[int], *, name: str, default: int, unit: str) -> int:
    """One of a few numbers along a line; `name` is its name in the address and the widget's key.

    Args:
        label: what is set.
        steps: the numbers, ascending.
        name: in the address; also the widget's key.
        default: one of the steps, also for an address that names none of them.
        unit: what stands behind the number.
    """
    asked = option(name) or ""
    value = next((step for step in steps if str(step) == asked), default)
    if offered(name, label):
        seed_widget(name, value)
        st.select_slider(
            label,
            list(steps),
            format_func=lambda step: f"{step}\u00a0{unit}",
            key=name,
            on_change=_written_down(name),
        )
    return value


def stop_entry(label: str, stops: Sequence[str], *, name: str, default: str, shown: Callable[[str], str] = str) -> str:
    """One of a few stops along a line; `slider_entry` for what is not a whole number.

    Args:
        label: what is set.
        stops: as they stand in the address, in their order.
        name: in the address; also the widget's key.
        default: one of the stops, also for an address that names none of them.
        shown: a stop as the reader sees it.
    """
    value = _one_of(stops, name, default)
    if offered(name, label):
        seed_widget(name, value)
        st.select_slider(label, list(stops), format_func=shown, key=name, on_change=_written_down(name))
    return value


def _written_down(name: str) -> Callable[[], None]:
    """What a widget does when it is changed: its value goes into the address."""
    return lambda: change(**{name: widget_value(name)})


def _one_of(options: Sequence[str], name: str, default: str) -> str:
    """What the address asks for, if it is one of these."""
    asked = option(name)
    return asked if asked is not None and asked in options else default
