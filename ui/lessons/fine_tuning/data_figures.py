"""Labelled data as a figure: how many of each label, how long the texts are, and the rows themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from figures.training.class_balance import ClassBalanceText, class_balance
from figures.training.length_bars import LengthBarsText, length_bars
from ui.appearance import theme
from ui.frame.downloads import csv_button
from ui.frame.figure import show_figure
from ui.frame.numbers import Row, as_csv, numbers
from ui.i18n import _
from ui.runs.labelled_data import ChosenData

if TYPE_CHECKING:
    from lm_core import LanguageModel

_ROWS_SHOWN = 200  # of each side: a browser reads so many at once
_KEPT = 24


def show_balance(data: ChosenData) -> None:
    """A bar for each label, of what is learned from and what is held out."""
    train, held_out = data.split.train.balance, data.split.held_out.balance
    labels = data.split.train.labels
    show_figure(
        class_balance(
            labels,
            [train[label] for label in labels],
            [held_out[label] for label in labels],
            theme=theme(),
            text=ClassBalanceText(examples=_("examples"), train=_("to learn from"), held_out=_("held out")),
        ),
        key="balance",
        file_name="labels",
        alt=_("Examples of each label, to learn from and held out: {counts}").format(
            counts=", ".join(f"{label} {train[label]} + {held_out[label]}" for label in labels)
        ),
    )
    rows: list[Row] = [
        {_("label"): label, _("to learn from"): train[label], _("held out"): held_out[label]} for label in labels
    ]
    numbers(rows, alt=_("Examples of each label"), file_name="labels")


def show_lengths(data: ChosenData, serial: int, model: LanguageModel) -> None:
    """How many pieces the model reads of each example, against its positions."""
    positions = model.config.max_position_embeddings
    lengths = _lengths(data.key, serial, data, model)
    median = round(float(np.median(lengths)))
    longer = sum(length > positions for length in lengths)
    show_figure(
        length_bars(
            lengths,
            positions,
            theme=theme(),
            text=LengthBarsText(
                pieces=_("pieces, with [CLS] and [SEP]"),
                examples=_("examples"),
                limit=_("{positions} positions").format(positions=positions),
                longer=_("more"),
            ),
        ),
        key="lengths",
        file_name="lengths",
        alt=_("Lengths in pieces: from {shortest} to {longest}, half of them up to {median}").format(
            shortest=min(lengths), longest=max(lengths), median=median
        ),
    )
    told = (
        _(
            "From {shortest} to {longest} pieces, half of them up to {median}. Of {longer} examples the model reads "
            "only the beginning."
        )
        if longer
        else _("From {shortest} to {longest} pieces, half of them up to {median}. All fit into the model's positions.")
    )
    st.caption(told.format(shortest=min(lengths), longest=max(lengths), median=median, longer=f"{longer:,}"))
    counted = np.bincount(lengths)
    rows: list[Row] = [
        {_("pieces"): length, _("examples"): int(count)} for length, count in enumerate(counted) if count
    ]
    numbers(rows, alt=_("How many examples have how many pieces"), file_name="lengths")


def show_rows(data: ChosenData) -> None:
    """The examples with their side of the split; their text is only text."""
    rows = _rows(data)
    held_out = [row for row in rows if row[_("side")] == _("held out")]
    learned = [row for row in rows if row[_("side")] != _("held out")]
    shown = [*learned[:_ROWS_SHOWN], *held_out[:_ROWS_SHOWN]]
    st.dataframe(
        shown,
        hide_index=True,
        height=420,
        column_config={_("text"): st.column_config.TextColumn(width="large")},
        alt=_("The examples with their labels, to learn from and held out"),
        key="rows",
    )
    if len(shown) < len(rows):
        st.caption(
            _("The first {shown} of each side, of {rows} rows; the file has all of them.").format(
                shown=_ROWS_SHOWN, rows=f"{len(rows):,}"
            )
        )
    csv_button(lambda: as_csv(rows), "examples.csv", key="rows_csv")


def _rows(data: ChosenData) -> list[Row]:
    """Every example as a row, those that are learned from first."""
    rows: list[Row] = []
    for side, part in ((_("to learn from"), data.split.train), (_("held out"), data.split.held_out)):
        for each in part.rows:
            row: Row = {_("label"): each.label, _("side"): side, _("text"): each.text}
            if each.text_pair is not None:
                row = {**row, _("second text"): each.text_pair}
            rows.append({**row, _("kind"): each.kind, _("level"): each.level} if each.kind else row)
    return rows


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _lengths(key: str, serial: int, _data: ChosenData, _model: LanguageModel) -> list[int]:  # noqa: ARG001 (its key)
    """Per example how many pieces the model would read, with the special ones, if it had room for all."""
    encoded = _model.tokenizer.encode_batch_ids([row.text for row in _data.examples])
    lengths = [len(ids) + 2 for ids in encoded]
    if _data.tidied.examples.are_pairs:
        pairs = _model.tokenizer.encode_batch_ids([row.text_pair or "" for row in _data.examples])
        lengths = [length + len(ids) + 1 for length, ids in zip(lengths, pairs, strict=True)]
    return lengths
