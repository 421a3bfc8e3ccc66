"""The controls of labelled data: which set, what was pasted or uploaded, how it is read, and how it is split."""

from __future__ import annotations

import streamlit as st

from lm_core.errors import InputError
from lm_core.text.data_shelf import data_shelf
from lm_core.text.examples import MOST_ROWS
from lm_core.text.tables import ENCODINGS, MOST_BYTES, OF_LINES, Table
from ui.address.entries import LONGEST_IN_ADDRESS, list_entry, number_entry
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, session, widget_value
from ui.address.sources import FILE, OWN, SOURCES
from ui.frame.controls import choice
from ui.i18n import _, told
from ui.lessons.fine_tuning.state import FineTuningState
from ui.plain import code_span
from ui.runs.labelled_data import (
    ABOUT,
    DELIMITER_NAMES,
    DRAWS,
    SHARE,
    SHARES,
    brought_table,
    chosen_columns,
    chosen_data,
    data_source,
    pasted_lines,
    what_was_brought,
)

_LINES = "happy, We won the match and sang all the way home.\nsad, My best friend moved away today."
_LONGEST_PASTE = 200_000  # characters

# What an address says of one table, which another table does not have.
_OF_A_TABLE = ("encoding", "delimiter", "header", "column_text", "column_label", "column_pair")


def source_picker() -> None:
    """Which data; and where the reader brings them, the box or the button for it."""
    source = choice(_("Labelled texts"), list(SOURCES), name="set", shown=lambda name: _(SOURCES[name]))
    if source == OWN:
        _lines_box()
    elif source == FILE:
        _uploader()
    else:
        _about(source)
    failure = session().kept(FineTuningState).not_kept
    if failure is not None:
        st.warning(told(failure))
    if source in (OWN, FILE):
        _reading_controls()


def _about(name: str) -> None:
    """What a shipped set is."""
    rows = chosen_data().examples
    st.caption(
        _(
            "{about} {rows} texts of {kinds} kinds, written for this app. There is no Chinese set, since no Chinese "
            "model comes with the app."
        ).format(about=_(ABOUT[name]), rows=len(rows), kinds=len({row.kind for row in rows}))
    )


def split_controls() -> None:
    """How much is held out, and by which draw."""
    with st.container(key="switches", horizontal=True, vertical_alignment="bottom"):
        choice(
            _("Held out"),
            list(map(str, SHARES)),
            name="held_out",
            shown=lambda share: f"{share}\u00a0%",
            default=str(SHARE),
        )
        number_entry(_("Draw"), DRAWS, name="draw", default=0)


def _lines_box() -> None:
    """A label, a comma and a text a line."""
    label = _("Your lines: a label, a comma, a text; or two columns from a spreadsheet")
    if not offered("lines", label):
        return
    try:
        pasted = pasted_lines(what_was_brought())
    except InputError as error:
        st.warning(told(error))
        pasted = str(widget_value("lines_box") or "")
    seed_widget("lines_box", pasted)
    st.text_area(
        label,
        key="lines_box",
        height=160,
        max_chars=_LONGEST_PASTE,
        placeholder=_LINES,
        on_change=_keep_lines,
    )


def _keep_lines() -> None:
    """Into the address where there is room, else on the shelf; where that fails, in this session alone."""
    typed = str(widget_value("lines_box") or "")
    of_a_table = dict.fromkeys(_OF_A_TABLE)
    session().kept(FineTuningState).not_kept = None
    session().long_texts["lines"] = ""
    if len(typed) <= LONGEST_IN_ADDRESS:
        change(**of_a_table, lines=typed or None, pasted=None)
        return
    try:
        change(**of_a_table, lines=None, pasted=data_shelf().put(typed.encode("utf-8", "replace")))
    except InputError as error:
        session().kept(FineTuningState).not_kept = error
        session().long_texts["lines"] = typed
        change(**of_a_table, lines=None, pasted=None)


def _uploader() -> None:
    """A file of the reader's; it is kept under the hash of what is in it, and the address names it."""
    label = _("A table as CSV or TSV, {megabytes} MB and {rows} rows at most").format(
        megabytes=MOST_BYTES // 1_000_000, rows=f"{MOST_ROWS:,}"
    )
    if offered("data", label):
        st.file_uploader(label, key="upload", max_upload_size=MOST_BYTES // 1_000_000, on_change=_keep_file)
    if option("data"):
        st.caption(_("In use: {file}").format(file=code_span(option("file") or _("a file"))))


def _keep_file() -> None:
    """What was uploaded, onto the shelf; a file taken away in the box stays in use until another comes."""
    uploaded = widget_value("upload")
    session().kept(FineTuningState).not_kept = None
    if uploaded is None:
        return
    try:
        key = data_shelf().put(uploaded.getvalue())
    except InputError as error:
        session().kept(FineTuningState).not_kept = error
        return
    change(**dict.fromkeys(_OF_A_TABLE), data=key, file=str(uploaded.name)[:100])


def _reading_controls() -> None:
    """How the table is read: for a file its encoding and delimiter, and for all which column is what.

    Raises:
        InputError: there is no table, or it cannot be read; the controls that can mend it stand.
    """
    brought = what_was_brought()
    table, failure = None, None
    try:
        table = brought_table(brought)
    except InputError as error:
        failure = error
    with st.container(key="table_controls", horizontal=True, vertical_alignment="bottom"):
        if brought.key and brought.source == FILE:
            _encoding_and_delimiter(table)
        if table is not None and (table.has_header or table.header != OF_LINES):
            _column_pickers(table)
    if failure is not None:
        raise failure


def _encoding_and_delimiter(table: Table | None) -> None:
    """What was detected stands there, and can be changed."""
    encodings = list(dict.fromkeys([*([table.encoding] if table else []), *ENCODINGS]))
    list_entry(_("Encoding"), encodings, name="encoding", default=encodings[0], shown=str.upper)
    names = {
        "comma": _("comma ,"),
        "tab": _("tab"),
        "semicolon": _("semicolon ;"),
        "bar": _("bar |"),
    }
    detected = next((name for name, sign in DELIMITER_NAMES.items() if table and sign == table.delimiter), "comma")
    list_entry(_("Delimiter"), list(names), name="delimiter", default=detected, shown=lambda name: names[name])


def _column_pickers(table: Table) -> None:
    """Which column is the text, which the label, and whether there is a second text."""
    numbers = [str(place + 1) for place in range(len(table.header))]

    def shown(number: str) -> str:
        return table.header[int(number) - 1] if number in numbers else _("none")

    try:
        columns = chosen_columns(what_was_brought())
    except InputError:  # the same column twice: it is told where the data are read
        columns = None
    for label, name, place in (
        (_("Column of the text"), "column_text", columns and columns.text),
        (_("Column of the label"), "column_label", columns and columns.label),
    ):
        list_entry(label, numbers, name=name, default=numbers[place or 0], shown=shown)
    if len(numbers) > 2:
        pair = columns.text_pair if columns else None
        list_entry(
            _("Column of a second text"),
            ["none", *numbers],
            name="column_pair",
            default="none" if pair is None else numbers[pair],
            shown=shown,
        )
    label = _("The first row names the columns")
    if offered("header", label):
        seed_widget("header_switch", table.has_header)
        st.toggle(label, key="header_switch", on_change=_keep_header)


def _keep_header() -> None:
    change(header="yes" if widget_value("header_switch") else "no")


def table_notes() -> None:
    """What was left out when the reader's table was read."""
    if data_source() not in (OWN, FILE):
        return
    table = brought_table(what_was_brought())
    if table.ragged:
        st.warning(_("Left out, having another number of cells than the other rows: {rows}.").format(rows=table.ragged))
    if table.damaged:
        st.warning(
            _("Characters that do not exist in {encoding}: {count}. Is the encoding another one?").format(
                count=table.damaged, encoding=code_span(table.encoding.upper())
            )
        )
