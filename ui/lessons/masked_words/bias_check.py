"""One mean of he and she in full: its sentences with both probabilities; and the view as cells of a notebook."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from lm_core.explain.words.pronouns import Baseline, sentence_leanings
from ui.frame.latex import in_brackets
from ui.frame.notebook import Cell, imports, model_cells
from ui.i18n import _
from ui.lessons.masked_words.pronoun_leanings import OccupationLeaning
from ui.models.shelf import Reading
from ui.plain import code_span

_IN_A_LINE = 2  # terms of a sum


def mean_written_out(picked: OccupationLeaning) -> None:
    """The sentences of one occupation with their probabilities, and the mean of their scores."""
    st.header(_("How this number came about"), anchor=False)
    with st.container(key="sentences"):
        _table(picked)
    terms = [in_brackets(score) for score in picked.scores]
    lines = [" + ".join(terms[start : start + _IN_A_LINE]) for start in range(0, len(terms), _IN_A_LINE)]
    st.latex(
        rf"\begin{{aligned}} \text{{mean}} &= \tfrac{{1}}{{{len(terms)}}} \big( "
        + r" \\ &\quad + ".join(lines)
        + rf" \big) \\ &= {picked.mean:.4f} \end{{aligned}}"
    )
    told = (
        _(
            "e to the power of the mean is {times}: the odds of “he” against “she”, in the geometric mean of the "
            "sentences."
        )
        if picked.baseline == "none"
        else _(
            "e to the power of the mean is {times}: by this the word {occupation} multiplies the odds of “he” against "
            "“she”, in the geometric mean of the sentences."
        )
    )
    st.markdown(told.format(times=f"{math.exp(picked.mean):.2f}", occupation=code_span(picked.occupation)))


def _table(picked: OccupationLeaning) -> None:
    """A row for each sentence."""
    st.table(
        [
            {
                _("sentence"): code_span(sentence.own.text),
                "p(he)": f"{math.exp(sentence.own.log_prob_he):.4g}",
                "p(she)": f"{math.exp(sentence.own.log_prob_she):.4g}",
                _("ln of the ratio"): f"{sentence.own.log_ratio:.4f}",
                _("taken off"): f"{sentence.own.log_ratio - score:.4f}",
                _("score"): f"{score:.4f}",
            }
            for sentence, score in zip(picked.sentences, picked.scores, strict=True)
        ],
        border="horizontal",
        hide_index=True,
        alt=_("The sentences of {occupation} with p(he), p(she) and the score").format(occupation=picked.occupation),
    )


def cells(
    reading: Reading, occupations: Sequence[str], templates: Sequence[str], baseline: Baseline, picked: str
) -> list[Cell]:
    """The view as cells of a notebook."""
    return [
        *model_cells(reading.model.name),
        Cell(
            _("Every occupation in every sentence: ln p(he)/p(she), less the baseline; then the means, sorted."),
            "markdown",
        ),
        Cell(
            "from itertools import product\n"
            "from statistics import fmean\n\n"
            f"{imports(sentence_leanings)}"
            f"occupations = {list(occupations)!r}\n"
            f"templates = {list(templates)!r}\n"
            "pairs = list(product(occupations, templates))\n"
            "leanings = dict(zip(pairs, sentence_leanings(lm, pairs), strict=True))\n"
            "scores = {\n"
            f"    occupation: [leanings[occupation, template].score({baseline!r}) for template in templates]\n"
            "    for occupation in occupations\n"
            "}\n"
            "means = {occupation: fmean(each) for occupation, each in scores.items()}\n"
            "for occupation in sorted(means, key=means.__getitem__):\n"
            '    print(f"{occupation:16} {means[occupation]:+.4f}  [{min(scores[occupation]):+.4f}, '
            '{max(scores[occupation]):+.4f}]")'
        ),
        Cell(_("One occupation, sentence by sentence."), "markdown"),
        Cell(
            "from math import exp\n\n"
            "for template in templates:\n"
            f"    own = leanings[{picked!r}, template].own\n"
            '    print(f"{own.text}: p(he) {exp(own.log_prob_he):.6f}, p(she) {exp(own.log_prob_she):.6f}")'
        ),
    ]
