"""Why next-sentence prediction was dropped and changed: the figures of the two papers, quoted with their source."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ui.frame.numbers import Row
from ui.i18n import N_, _


@dataclass(frozen=True)
class QuotedRow:
    """One row of a paper's table."""

    name: str
    figures: tuple[str, ...]  # as they are printed


# Liu et al. 2019, Table 2: base models, development sets, medians over five seeds; F1 for SQuAD, accuracy else.
ROBERTA_COLUMNS = ("SQuAD 1.1 / 2.0", "MNLI-m", "SST-2", "RACE")
ROBERTA = (
    QuotedRow(N_("with NSP, segments"), ("90.4 / 78.7", "84.0", "92.9", "64.2")),
    QuotedRow(N_("with NSP, single sentences"), ("88.7 / 76.2", "82.9", "92.1", "63.0")),
    QuotedRow(N_("without, text across documents"), ("90.4 / 79.1", "84.7", "92.5", "64.8")),
    QuotedRow(N_("without, one document each"), ("90.6 / 79.7", "84.7", "92.7", "65.6")),
)
# Lan et al. 2020, Table 5: ALBERT-base; F1 for SQuAD, accuracy for the rest.
ALBERT_COLUMNS = ("NSP", "SOP", "SQuAD 1.1 / 2.0", "MNLI", "SST-2", "RACE")
ALBERT = (
    QuotedRow(N_("trained on neither"), ("52.4", "53.3", "88.6 / 78.1", "81.5", "89.9", "61.7")),
    QuotedRow(N_("trained on NSP"), ("90.5", "52.0", "88.4 / 77.2", "81.6", "91.1", "62.3")),
    QuotedRow(N_("trained on SOP"), ("78.9", "86.5", "89.3 / 80.0", "82.0", "90.3", "64.0")),
)


def show_papers() -> None:
    """Both tables, each with what it says."""
    st.header(_("Why RoBERTa dropped it"), anchor=False)
    st.markdown(
        _(
            "Trained without next sentences, on long stretches of text, the same model does as well or better on "
            "three of four tasks. What hurts most is short input: single sentences instead of segments."
        )
    )
    _table(ROBERTA, ROBERTA_COLUMNS, alt=_("RoBERTa's comparison, with and without NSP"), key="roberta")
    st.caption(
        _(
            "[Liu et al. 2019, Table 2](https://arxiv.org/abs/1907.11692): base models on development sets, medians of "
            "five runs, in percent; F1 for SQuAD, accuracy for the rest."
        )
    )
    st.header(_("Why ALBERT changed it"), anchor=False)
    st.markdown(
        _(
            "ALBERT asks another question, sentence order prediction (SOP): are these two neighbours in their order "
            "or swapped? There the topic gives nothing away. A model trained on NSP answers SOP hardly better than "
            "chance, while one trained on SOP answers NSP, too."
        )
    )
    _table(ALBERT, ALBERT_COLUMNS, alt=_("ALBERT's comparison of NSP, SOP and neither"), key="albert")
    st.caption(
        _(
            "[Lan et al. 2020, Table 5](https://arxiv.org/abs/1909.11942): ALBERT-base, in percent; F1 for SQuAD, "
            "accuracy for the rest."
        )
    )


def _table(quoted: tuple[QuotedRow, ...], columns: tuple[str, ...], *, alt: str, key: str) -> None:
    """The rows as they are printed."""
    rows: list[Row] = [
        {_("pre-training"): _(row.name), **dict(zip(columns, row.figures, strict=True))} for row in quoted
    ]
    st.dataframe(rows, hide_index=True, height="content", alt=alt, key=key)
