"""Before and after on held-out examples: two confusion matrices, their sums, and the examples behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.matrix import matrix_svg
from lm_core.explain.training.confusion import Judged, confusion, judge_examples, label_scores
from lm_core.explain.training.label_words import label_effects
from ui.address.session import change, option
from ui.appearance import theme
from ui.components.matrix import MatrixLabels, matrix
from ui.frame.controls import choice
from ui.frame.downloads import picture_button
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.fine_tuning.compare_examples import PickedCell, show_examples
from ui.lessons.fine_tuning.compare_groups import show_groups
from ui.lessons.fine_tuning.compare_notes import answers_challenge, answers_noticed, guess_the_layer
from ui.lessons.fine_tuning.run_cells import comparison_cells
from ui.lessons.fine_tuning.run_models import MOST_HELD_OUT, RunModels, judged_both
from ui.plain import code_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW_LABELS = 3  # of which two matrices stand side by side on any screen but a phone's
_TERMS = 4  # of a sum that are written out: more would not fit a phone
_CELL = re.compile(r"(before|after)\.([1-9]\d?)\.([1-9]\d?)", re.ASCII)


def show(run: RunModels, words: DeltaGenerator) -> Shown:
    """Both matrices, the sums, the accuracy of each group, and the examples to look at one by one."""
    before, after = judged_both(run, st.empty())
    sides = {"before": before, "after": after}
    picked = _picked(len(run.labels))
    # Where there is room for both, side by side.
    with st.container(key="beside" if len(run.labels) <= _FEW_LABELS else "gaps"):
        for side, judged in sides.items():
            with st.container():
                _matrix(run, side, judged, picked)
    st.caption(
        _(
            "A row is what an example is, a column what it was taken for; the large number counts examples, the "
            "small one "
            "is their share of the row. The diagonal is right. Click a cell to see its examples."
        )
    )
    if len(run.plan.held_out.rows) > MOST_HELD_OUT:
        st.caption(
            _("{measured} of {total} held-out examples are measured, spread evenly.").format(
                measured=f"{MOST_HELD_OUT:,}", total=f"{len(run.plan.held_out.rows):,}"
            )
        )
    show_examples(run, before, after, picked)
    show_groups(run, before, after)
    _sums(run, sides)
    with words:
        guess_the_layer(run)
        answers_noticed(run, before, after)
        answers_challenge(run, after)
    return Shown((confusion, label_scores, judge_examples, label_effects), comparison_cells(run))


def _picked(num_labels: int) -> PickedCell | None:
    """The cell that the address asks about, where there is such a cell."""
    found = _CELL.fullmatch(option("cell") or "")
    if found is None:
        return None
    truth, answer = int(found.group(2)) - 1, int(found.group(3)) - 1
    return PickedCell(found.group(1), truth, answer) if max(truth, answer) < num_labels else None


def _matrix(run: RunModels, side: str, judged: Judged, picked: PickedCell | None) -> None:
    """One matrix under its two figures."""
    st.header(
        _("Before training") if side == "before" else _("After step {step}").format(step=f"{run.step:,}"), anchor=False
    )
    right = int(judged.confusion.trace())
    st.markdown(
        _("Accuracy **{accuracy}** ({right} of {count}), macro-F1 **{f1}**").format(
            accuracy=percent(judged.accuracy),
            right=f"{right:,}",
            count=f"{len(judged.truths):,}",
            f1=f"{judged.macro_f1:.3f}",
        )
    )
    counts = judged.confusion
    matrix(
        row_shares(judged),
        key=f"confusion_{side}",
        rows=list(run.labels),
        columns=list(run.labels),
        labels=MatrixLabels(
            _("Confusion matrix before training") if side == "before" else _("Confusion matrix after training"),
            row=_("is"),
            column=_("taken for"),
        ),
        scale="sequential",
        texts=[[f"{count:,}" for count in row] for row in counts.tolist()],
        picked=(picked.truth, picked.answer) if picked is not None and picked.side == side else None,
        on_pick=lambda row, column: change(cell=f"{side}.{row + 1}.{column + 1}", rows="cell", example=None, page=None),
    )


def row_shares(judged: Judged) -> NDArray[np.float32]:
    """(label, label) the share of the row's examples that was taken for the column's label; 0 where there are none."""
    counts = judged.confusion.double().numpy()
    shares: NDArray[np.float32] = (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(np.float32)
    return shares


def _sums(run: RunModels, sides: dict[str, Judged]) -> None:
    """Accuracy and macro-F1 of one side written out, with the counts of its matrix; both to take away."""
    st.header(_("How these numbers came about"), anchor=False)
    names = {"after": _("after"), "before": _("before")}
    side = choice(_("Figures of"), list(names), name="side", shown=lambda name: names[name])
    judged = sides[side]
    diagonal = judged.confusion.diagonal().tolist()
    st.latex(rf"\text{{{_('accuracy')}}} = \frac{{{_added(diagonal)}}}{{{len(judged.truths)}}} = {judged.accuracy:.4f}")
    lines = [
        rf"F_{{1}}^{{({number})}} &= \frac{{2 \cdot {score.right}}}{{{score.answered} + {score.there}}} = "
        rf"{score.f1:.4f}"
        for number, score in enumerate(judged.scores, 1)
    ]
    mean = _added([f"{score.f1:.4f}" for score in judged.scores])
    lines.append(rf"\overline{{F_1}} &= \frac{{{mean}}}{{{len(judged.scores)}}} = {judged.macro_f1:.4f}")
    st.latex(r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}")
    st.caption(
        _(
            "F1 of a label: twice the right ones over those taken for it plus those that are it; macro-F1 is "
            "their mean. The labels: {labels}."
        ).format(labels=", ".join(f"{number} = {code_span(label)}" for number, label in enumerate(run.labels, 1)))
    )
    colours = theme()
    numbers(
        _rows(run.labels, sides),
        alt=_("Both confusion matrices: a row for each label, a column for each that it was taken for"),
        file_name="confusion",
    )
    picture_button(
        f"confusion-{side}",
        lambda: matrix_svg(
            row_shares(judged),
            run.labels,
            run.labels,
            theme=colours,
            is_probability=True,
            texts=[[str(count) for count in row] for row in judged.confusion.tolist()],
        ),
    )


def _added(numbers: Sequence[object]) -> str:
    """A sum in LaTeX; of a long one the ends."""
    shown = [str(number) for number in numbers]
    return " + ".join(shown if len(shown) <= _TERMS else [*shown[:2], r"\dots", shown[-1]])


def _rows(labels: Sequence[str], sides: dict[str, Judged]) -> list[Row]:
    """Both matrices as rows of a table."""
    names = {"before": _("before"), "after": _("after")}
    return [
        {_("model"): names[side], _("is"): label} | dict(zip((f"→ {name}" for name in labels), row, strict=True))
        for side, judged in sides.items()
        for label, row in zip(labels, judged.confusion.tolist(), strict=True)
    ]
