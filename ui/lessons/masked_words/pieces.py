"""Hidden words of several pieces: all of the word hidden, or one piece with the others seen, and the difference."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from figures.bars import percent
from lm_core.explain.words.changes import AnswerChange
from lm_core.explain.words.whole_words import beside_the_rest, split_words
from ui.frame.controls import choice
from ui.frame.downloads import csv_button
from ui.frame.notebook import Cell, imports
from ui.frame.numbers import Row, as_csv, fractions
from ui.i18n import _
from ui.models.shelf import Reading
from ui.panels.answer_bars import change_bars, changes_told
from ui.panels.answers import gap_name
from ui.plain import code_span

_TOP = 4  # answers of each pass


def is_piecewise(reading: Reading) -> bool:
    """Whether a word of several pieces is hidden."""
    return bool(split_words(reading.trace.encoding))


def beside_the_rest_of_words(reading: Reading) -> Mapping[int, AnswerChange]:
    """By position, what becomes of the answer when the other pieces of its word are seen.

    Empty where no word of several pieces is hidden, or the reader leaves such words hidden as a whole.
    """
    words = split_words(reading.trace.encoding)
    if not words:
        return {}
    modes = {"whole": _("Whole words hidden"), "alone": _("One piece hidden, the rest seen")}
    mode = choice(
        _("Words of several pieces"), list(modes), name="pieces", shown=lambda name: modes[name], label_visible=False
    )
    if mode == "whole":
        return {}
    return {
        change.before.position: change
        for word in words
        for change in beside_the_rest(reading.model, reading.trace.encoding, word, _TOP)
    }


def change_shown(reading: Reading, change: AnswerChange) -> None:
    """One piece: its name, the line that reads both answers, and the bars of both."""
    st.header(gap_name(reading, change.before.position), anchor=False)
    bits = -change.loss
    st.markdown(
        (
            _("{piece}: {whole} with the whole word hidden, {alone} beside its other pieces: {bits} bits easier.")
            if bits >= 0
            else _("{piece}: {whole} with the whole word hidden, {alone} beside its other pieces: {bits} bits harder.")
        ).format(
            piece=code_span(change.target.token),
            whole=percent(change.target.before),
            alone=percent(change.target.after),
            bits=f"{abs(bits):.2f}",
        )
    )
    change_bars(
        change,
        names=(_("whole word"), _("this piece")),
        key=f"piece {change.before.position}",
        file_name="whole-words",
        alt=_("With the whole word hidden, and with this piece alone: {answers}").format(answers=changes_told(change)),
        original=change.target.token_id,
    )


def numbers_of(changes: Mapping[int, AnswerChange], *, as_table: bool) -> None:
    """The difference for one of the pieces written out, and on request a table of all, to take away as well."""
    names = {str(position): code_span(change.target.token) for position, change in changes.items()}
    asked = choice(
        _("Difference for"),
        list(names),
        name="difference",
        shown=lambda name: f"{int(name) + 1}: {names[name]}",
    )
    change = changes[int(asked)]
    whole, alone = (math.log2(prob) for prob in (change.target.before, change.target.after))
    st.latex(
        rf"\begin{{aligned}} &\log_2 p(\text{{{_('this piece')}}}) - \log_2 p(\text{{{_('whole word')}}}) \\ "
        rf"&\quad = {alone:.4f} - ({whole:.4f}) = {alone - whole:.4f} \text{{ bits}} \end{{aligned}}"
    )
    if as_table:
        rows: list[Row] = [
            {
                _("position"): position + 1,
                _("piece"): each.target.token,
                _("whole word"): each.target.before,
                _("this piece"): each.target.after,
                _("bits easier"): -each.loss,
            }
            for position, each in changes.items()
        ]
        st.dataframe(
            rows,
            hide_index=True,
            column_config=fractions(rows, "%.6f"),
            alt=_("Each piece with the whole word hidden, and with this piece alone"),
            key="pieces_table",
        )
        csv_button(as_csv(rows), "whole-words.csv", key="pieces_csv")


def piece_cells(changes: Mapping[int, AnswerChange]) -> list[Cell]:
    """The same as cells of a notebook that go on from `lm` and `trace`; none where nothing was asked."""
    if not changes:
        return []
    return [
        Cell(_("Each piece of a hidden word once more, with the other pieces of its word seen."), "markdown"),
        Cell(
            f"{imports(beside_the_rest, split_words)}"
            "for word in split_words(trace.encoding):\n"
            "    for change in beside_the_rest(lm, trace.encoding, word):\n"
            "        target = change.target\n"
            '        print(f"{target.token:16} {target.before:.6f} → {target.after:.6f}, {-change.loss:+.4f} bits")'
        ),
    ]
