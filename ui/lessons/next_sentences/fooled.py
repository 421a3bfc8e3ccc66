"""The view of where the model is fooled: accuracy on held-out text by kind of negative, and what the papers found."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.sentences.captioned_bars import AccuracyBar, AccuracyBarsText, accuracy_bars
from figures.sentences.histograms import histograms
from lm_core.errors import LMGlassboxError
from lm_core.measured.next_sentence_test import NextSentenceTable, measure, read_table
from lm_core.text.passages import LENGTHS, NEGATIVES, TRUE, quartets
from ui.appearance import theme
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.frame.notebook import Cell, reading_cells
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.next_sentences.chance import KINDS, against_chance, guess_about_chance, tasks
from ui.lessons.next_sentences.papers import show_papers
from ui.models.shelf import MODELS_IN_MEMORY, Reading
from ui.plain import code_span

_ALL = "all"  # the sources together, in the address


def show(words: DeltaGenerator) -> Shown:
    """The accuracies with their intervals, the distributions behind them, and the figures of two papers.

    Args:
        words: the column of words, where the question and what to notice stand.
    """
    reading = read_sentence(with_masks=False)
    table = _table(reading.serial, reading.model.folder)
    if table is None:
        st.info(
            _("This was not measured on the weights of {model}. The command that does it: {command}").format(
                model=code_span(reading.model.name),
                command=code_span("python -m lm_core measure next-sentences CHECKPOINT --data FOLDER"),
            )
        )
        show_papers()
        return Shown()
    length, source = _controls(table)
    _accuracies(table, length, source)
    _distributions(table, length, source)
    numbers(
        _rows(table),
        alt=_("Accuracy by source, length and kind of pair, with 95 % intervals"),
        file_name="next-sentence-test",
    )
    st.caption(
        _("Measured on {documents} documents that the model never saw, by {command}.").format(
            documents=f"{table.documents:,}", command=code_span(table.command)
        )
    )
    if table.command_now is not None:
        st.caption(_("That command is called {command} now.").format(command=code_span(table.command_now)))
    show_papers()
    with words:
        guess_about_chance(reading, table, length, source)
        st.markdown(against_chance(table, length, source))
    return Shown((measure, quartets), _cells(reading))


@st.cache_resource(max_entries=MODELS_IN_MEMORY + 1, show_spinner=False)
def _table(serial: int, _folder: Path) -> NextSentenceTable | None:  # noqa: ARG001 (serial is the key)
    """What was measured on these weights; a table that cannot be read claims nothing, like one that is not there."""
    try:
        return read_table(_folder)
    except LMGlassboxError:
        return None


def _controls(table: NextSentenceTable) -> tuple[str, str | None]:
    """How long the two passages are, and from which text; None means all."""
    names = {"segments": _("Segments"), "sentences": _("Single sentences")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        length = choice(_("A and B are"), LENGTHS[::-1], name="length", shown=lambda name: names[name])
        source = choice(
            _("Text"),
            [_ALL, *table.sources],
            name="corpus",
            shown=lambda name: _("All") if name == _ALL else code_span(name),
        )
    return length, None if source == _ALL else source


def _accuracies(table: NextSentenceTable, length: str, source: str | None) -> None:
    """A bar for each kind of negative."""
    found = tasks(table, length, source)
    bars = [AccuracyBar(_(KINDS[negative]), task.share, *task.interval) for negative, task in found.items()]
    if not bars:
        st.info(_("There are no such pairs in this text."))
        return
    show_figure(
        accuracy_bars(bars, theme=theme(), text=AccuracyBarsText(accuracy=_("share judged right"), chance=_("chance"))),
        key="accuracies",
        file_name="next-sentence-test",
        alt=_("Judged right, half of the pairs being true neighbours: {shares}").format(
            shares=", ".join(f"{bar.name} {percent(bar.share)}" for bar in bars)
        ),
    )
    st.caption(
        _(
            "Half of the pairs are true neighbours, half are of the kind named; {pairs} of each. The thin "
            "lines are Wilson's 95 % intervals."
        ).format(pairs=f"{next(iter(found.values())).pairs // 2:,}")
    )


def _distributions(table: NextSentenceTable, length: str, source: str | None) -> None:
    """What the model said to each kind, in tenths of P(IsNext)."""
    st.header(_("What the model said"), anchor=False)
    kinds = (TRUE, *NEGATIVES)
    counts = [table.histogram(length, kind, source) for kind in kinds]
    if not any(map(any, counts)):
        return
    show_figure(
        histograms(
            [_(KINDS[kind]) for kind in kinds],
            counts,
            theme=theme(),
            title=_("P(IsNext)"),
            share=_("of the pairs"),
            strong=[kind == TRUE for kind in kinds],
        ),
        key="distributions",
        file_name="next-sentence-distributions",
        alt=_("The distribution of P(IsNext); above 50 %: {shares}").format(
            shares=", ".join(
                f"{_(KINDS[kind])} {percent(sum(row[len(row) // 2 :]) / max(1, sum(row)))}"
                for kind, row in zip(kinds, counts, strict=True)
            )
        ),
    )


def _rows(table: NextSentenceTable) -> list[Row]:
    """All that was measured: for each kind how many were right, and the interval."""
    rows: list[Row] = []
    for length in LENGTHS:
        for source in (None, *table.sources):
            for kind in (TRUE, *NEGATIVES):
                found = table.accuracy(length, kind, source)
                if found is not None:
                    low, high = found.interval
                    rows.append(
                        {
                            _("text"): source or _("All"),
                            _("A and B are"): _("Segments") if length == "segments" else _("Single sentences"),
                            _("kind"): _(KINDS[kind]),
                            _("pairs"): found.pairs,
                            _("right"): found.right,
                            _("share"): found.share,
                            _("lower end"): low,
                            _("upper end"): high,
                        }
                    )
    return rows


def _cells(reading: Reading) -> list[Cell]:
    """The table, read again."""
    return [
        *reading_cells(reading),
        Cell(_("What was measured on these weights: half of the pairs are true neighbours."), "markdown"),
        Cell(
            "from lm_core.measured.next_sentence_test import read_table\n"
            "from lm_core.text.passages import LENGTHS, NEGATIVES\n\n"
            "table = read_table(lm.folder)\n"
            "for length in LENGTHS:\n"
            "    for negative in NEGATIVES:\n"
            "        task = table.task(length, negative)\n"
            '        print(f"{length:10} {negative:8} {task.share:.4f} of {task.pairs:,}", task.interval)'
        ),
    ]
