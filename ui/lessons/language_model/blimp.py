"""How often the model prefers the good sentence over all phenomena of BLiMP: measured once, kept beside its weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from figures.bars import percent
from figures.sentences.scores import Score, ScoresText, score_bars
from lm_core.measured.minimal_pairs import MinimalPairTable, Phenomenon, read_table
from ui.appearance import theme
from ui.frame.controls import switch
from ui.frame.downloads import csv_button
from ui.frame.figure import show_figure
from ui.frame.numbers import Row, as_csv
from ui.i18n import N_, _
from ui.models.shelf import Reading
from ui.plain import code_span

_FIELDS: Mapping[str, str] = {
    "morphology": N_("Morphology"),
    "syntax": N_("Syntax"),
    "syntax_semantics": N_("Syntax and semantics"),
    "semantics": N_("Semantics"),
}
_TERMS: Mapping[str, str] = {
    "anaphor_agreement": N_("Anaphor agreement"),
    "argument_structure": N_("Argument structure"),
    "binding": N_("Binding"),
    "control_raising": N_("Control and raising"),
    "determiner_noun_agreement": N_("Determiner and noun"),
    "ellipsis": N_("Ellipsis"),
    "filler_gap_dependency": N_("Filler and gap"),
    "irregular_forms": N_("Irregular forms"),
    "island_effects": N_("Islands"),
    "npi_licensing": N_("Negative polarity"),
    "quantifiers": N_("Quantifiers"),
    "subject_verb_agreement": N_("Subject and verb"),
}
_GROUPED = {"s-selection": "argument_structure"}  # the data has a term that the paper counts to another (table 3)
PUBLISHED: Mapping[str, float] = {
    "5-gram": 0.612,
    "LSTM": 0.698,
    "Transformer-XL": 0.696,
    "GPT-2": 0.815,
    "people": 0.886,
}
"""Over all 67,000 pairs, chance being one half (Warstadt et al. 2020, table 3)."""


def show_blimp(reading: Reading) -> None:
    """The chart by term, the chart beside published figures, and the 67 phenomena behind a switch."""
    table = _table(reading.serial, reading)
    if table is None:
        st.caption(
            _(
                "How {model} does on the 67 phenomena of BLiMP has not been measured: "
                "`python -m lm_core measure minimal-pairs --help` says how."
            ).format(model=code_span(reading.model.name))
        )
        return
    st.header(
        _("Over {count} phenomena: {share}").format(count=len(table.phenomena), share=percent(table.accuracy)),
        anchor=False,
    )
    st.markdown(
        _(
            "BLiMP (Warstadt et al. 2020) has pairs for each of these. In {share} of {pairs} pairs the model finds the "
            "good sentence more probable; who guesses has 50 %. Measured once with these weights ({data})."
        ).format(share=percent(table.accuracy), pairs=f"{table.pairs:,}", data=code_span(table.data))
    )
    _chart(_by_term(table), key="blimp")
    names = {name: _("people") if name == "people" else name for name in PUBLISHED}
    published = [Score(names[name], share, is_ours=False) for name, share in PUBLISHED.items()]
    _chart([Score(reading.model.name, table.accuracy), *published], key="blimp-published")
    st.caption(
        _(
            "Grey: Warstadt et al. 2020, table 3, over all 67,000 pairs and by the probability of the sentence read "
            "from left to right. Ours is a sample, by pseudo-log-likelihood: compare with care."
        )
    )
    if switch(_("All phenomena as a table"), name="phenomena"):
        rows = _rows(table)
        st.dataframe(rows, hide_index=True, height=400, alt=_("How often the model is right, by phenomenon"))
        csv_button(as_csv(rows), "blimp.csv", key="blimp csv")


@st.cache_resource(max_entries=8, show_spinner=False)
def _table(
    serial: int,  # noqa: ARG001 (part of the key)
    _reading: Reading,
) -> MinimalPairTable | None:
    """The table beside the weights, held against them once."""
    return read_table(_reading.model.folder)


def _by_term(table: MinimalPairTable) -> list[Score]:
    """Each term under the title of the field that most of its phenomena belong to, the best first."""
    terms: dict[str, list[Phenomenon]] = {}
    for each in table.phenomena:
        terms.setdefault(_GROUPED.get(each.term, each.term), []).append(each)
    fields: dict[str, list[tuple[float, str]]] = {field: [] for field in _FIELDS}
    for term, phenomena in terms.items():
        ((field, _count),) = Counter(_field(each) for each in phenomena).most_common(1)
        fields.setdefault(field, []).append((_share(phenomena), term))
    scores: list[Score] = []
    for field, rows in fields.items():
        if rows:
            scores.append(Score(_named(_FIELDS, field), None))
        scores += [Score(_named(_TERMS, term), share) for share, term in sorted(rows, reverse=True)]
    return scores


def _field(phenomenon: Phenomenon) -> str:
    """The field, which the data writes in two ways where it lies between two."""
    return phenomenon.field.replace("/", "_")


def _share(phenomena: Sequence[Phenomenon]) -> float:
    return sum(each.right for each in phenomena) / sum(each.pairs for each in phenomena)


def _named(names: Mapping[str, str], name: str) -> str:
    """A name in the reader's language; as the data writes it where it is none of BLiMP's."""
    return _(names[name]) if name in names else name.replace("_", " ")


def _chart(scores: Sequence[Score], *, key: str) -> None:
    """The rows as bars."""
    show_figure(
        score_bars(scores, theme=theme(), text=ScoresText(share=_("share of pairs"), chance=_("chance"))),
        key=key,
        file_name=key,
        alt=_("Share of pairs in which the good sentence is preferred: {scores}").format(
            scores=", ".join(f"{each.name} {percent(each.share)}" for each in scores if each.share is not None)
        ),
    )


def _rows(table: MinimalPairTable) -> list[Row]:
    """A row for each phenomenon."""
    return [
        {
            _("field"): _named(_FIELDS, _field(each)),
            _("group"): _named(_TERMS, _GROUPED.get(each.term, each.term)),
            _("phenomenon"): each.uid.replace("_", " "),
            _("pairs"): each.pairs,
            _("right"): each.right,
            _("share"): round(each.accuracy, 4),
        }
        for each in table.phenomena
    ]
