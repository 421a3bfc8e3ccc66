"""The model's answers at masked positions, as pages show them: bars, the line that reads them, table and sum."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from figures.bars import percent
from lm_core.explain.words.prediction import MaskAnswer
from lm_core.explain.words.softmax import SoftmaxStep, softmax_step
from ui.frame.controls import choice
from ui.frame.downloads import csv_button
from ui.frame.latex import in_brackets
from ui.frame.numbers import Row, as_csv
from ui.i18n import _
from ui.models.shelf import Reading
from ui.panels.answer_bars import answers_told, prediction_bars
from ui.panels.answers_guess import guess_a_gap
from ui.plain import code_span


def gap_shown(reading: Reading, gap: MaskAnswer, *, guessing: bool = False) -> bool:
    """One gap: its name, the line that reads the answer, and the bars; with `guessing`, the guess comes first.

    Returns:
        Whether the answer stands on the page.
    """
    st.header(gap_name(reading, gap.position), anchor=False)
    if guessing and not guess_a_gap(reading, gap.position):
        return False
    st.markdown(verdict(gap))
    _chart(gap)
    return True


def gap_name(reading: Reading, position: int) -> str:
    """Which gap a position is, as Markdown: the word that stood there, and the piece where it has several."""
    number, word = next(
        (number, word) for number, word in enumerate(reading.trace.encoding.words, 1) if position in word.positions
    )
    if len(word.positions) == 1:
        return _("Word {number}: {word}").format(number=number, word=code_span(word.text))
    return _("Word {number}: {word}, piece {piece} of {pieces}").format(
        number=number,
        word=code_span(word.text),
        piece=word.positions.index(position) + 1,
        pieces=len(word.positions),
    )


def verdict(gap: MaskAnswer) -> str:
    """Rank and probability of the original, and the entropy, in one line of Markdown."""
    choices = 2**gap.entropy
    unsure = {"bits": f"{gap.entropy:.2f}", "choices": f"{choices:,.0f}" if choices >= 10 else f"{choices:.1f}"}
    if gap.original is None or gap.rank is None:
        return _("Entropy {bits} bits: as unsure as an even choice between {choices}.").format(**unsure)
    return _(
        "{piece} stood here: rank {rank}, {probability}. Entropy {bits} bits: as unsure as an even choice between "
        "{choices}."
    ).format(
        piece=code_span(gap.original.token),
        rank=f"{gap.rank:,}",
        probability=percent(gap.original.probability),
        **unsure,
    )


def table(reading: Reading, gaps: Sequence[MaskAnswer]) -> None:
    """The numbers of all gaps, and the same as CSV."""
    rows = [row for gap in gaps for row in _rows(reading, gap)]
    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(rows) < 20 else 400,
        column_config={_("probability"): st.column_config.NumberColumn(format="%.6f")},
        alt=_("The answers to each gap with their probabilities"),
    )
    csv_button(as_csv(rows), "masked-words.csv")


def sum_written_out(reading: Reading, gaps: Sequence[MaskAnswer]) -> tuple[int, int]:
    """How one of the probabilities came about: the sum, with the numbers of this very pass.

    Returns:
        The position and the id of the piece whose probability it is.
    """
    st.header(_("How this number came about"), anchor=False)
    pieces = {
        f"{gap.position}-{each.token_id}": each
        for gap in gaps
        for each in (gap.predictions[:3] if len(gaps) == 1 else gap.predictions[:1])
    }
    if len(gaps) == 1 and gaps[0].original is not None:
        pieces[f"{gaps[0].position}-{gaps[0].original.token_id}"] = gaps[0].original
    chosen = choice(
        _("Probability of"),
        list(pieces),
        name="check",
        shown=lambda name: _piece_name(name.split("-")[0], pieces[name].token, several=len(gaps) > 1),
    )
    position, token_id = map(int, chosen.split("-"))
    softmax_written_out(softmax_step(reading.trace, position, token_id), pieces[chosen].token)
    return position, token_id


def softmax_written_out(step: SoftmaxStep, piece: str) -> None:
    """The softmax of one piece, as a formula with its numbers and in words."""
    st.latex(
        r"\begin{aligned} p &= \frac{e^{z}}{\sum_j e^{z_j}} = e^{\,z - \log \sum_j e^{z_j}} \\"
        rf"&= e^{{\,{step.logit:.4f} - {in_brackets(step.log_sum_exp)}}} = {step.probability:.6f} \end{{aligned}}"
    )
    st.markdown(
        _(
            "The model gave {piece} the logit z = {logit}. Over all {count} pieces of the vocabulary, the logarithm "
            "of the sum of e to their logits is {total}. The difference is {difference}, and e to this power is the "
            "probability: {probability}."
        ).format(
            piece=code_span(piece),
            logit=f"{step.logit:.4f}",
            count=f"{step.vocab_size:,}",
            total=f"{step.log_sum_exp:.4f}",
            difference=f"{step.logit - step.log_sum_exp:.4f}",
            probability=percent(step.probability),
        )
    )


def _piece_name(position: str, token: str, *, several: bool) -> str:
    """A piece to choose, as Markdown; with its position where there are several gaps."""
    return f"{position}: {code_span(token)}" if several else code_span(token)


def _chart(gap: MaskAnswer) -> None:
    """The most probable pieces as bars; the one that stood there has the colour of masked words."""
    prediction_bars(
        gap.predictions,
        key=f"bars {gap.position}",
        file_name="masked-words",
        alt=_("The most probable answers: {answers}").format(answers=answers_told(gap.predictions)),
        original=None if gap.original is None else gap.original.token_id,
    )


def _rows(reading: Reading, gap: MaskAnswer) -> list[Row]:
    """The answers to a gap, with the original last where it is not among the most probable."""
    ranked = list(enumerate(gap.predictions, 1))
    if gap.original is not None and gap.rank is not None and gap.rank > len(ranked):
        ranked.append((gap.rank, gap.original))
    number = next(
        number for number, word in enumerate(reading.trace.encoding.words, 1) if gap.position in word.positions
    )
    return [
        {
            _("word"): number,
            _("position"): gap.position,
            _("rank"): rank,
            _("piece"): each.token,
            _("probability"): each.probability,
        }
        for rank, each in ranked
    ]
