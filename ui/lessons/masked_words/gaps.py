"""Which of several gaps a view is about: a piece, or a whole word with all its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui.address.entries import number_entry
from ui.frame.controls import choice
from ui.i18n import _
from ui.models.shelf import Reading
from ui.panels.answers import gap_name
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core import Word

_BUTTONS = 8  # gaps that have a button each; of more, one is chosen by its number


def gap_picker(reading: Reading) -> int | None:
    """The position of the gap that the view is about; None, with a word about it, where nothing is hidden."""
    positions = reading.trace.encoding.masked_positions
    if not positions:
        _nothing_hidden()
        return None
    return positions[_picked([gap_name(reading, position) for position in positions])]


def word_picker_of_gaps(reading: Reading) -> Word | None:
    """The hidden word that the view is about, with all its pieces; None as of `gap_picker`."""
    encoding = reading.trace.encoding
    gaps = [
        (number, word)
        for number, word in enumerate(encoding.words, 1)
        if any(position in encoding.masked_positions for position in word.positions)
    ]
    if not gaps:
        _nothing_hidden()
        return None
    names = [_("Word {number}: {word}").format(number=number, word=code_span(word.text)) for number, word in gaps]
    return gaps[_picked(names)][1]


def _picked(names: Sequence[str]) -> int:
    """Which of the gaps, from 0; there is nothing to choose from where there is one."""
    if len(names) == 1:
        return 0
    if len(names) > _BUTTONS:
        return number_entry(_("Gap"), len(names), name="gap", default=0)
    numbers = [str(number) for number in range(1, len(names) + 1)]
    return int(choice(_("Gap"), numbers, name="gap", shown=lambda number: names[int(number) - 1])) - 1


def _nothing_hidden() -> None:
    st.info(_("Nothing is hidden yet. Click a word above, and the model says what it expects there."))
