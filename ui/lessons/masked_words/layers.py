"""The view of the layers: the answer to a gap as the head reads it off every layer's output (the logit lens)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.matrix import matrix_svg
from lm_core.explain.words.logit_lens import LogitLens, lens_step, logit_lens
from lm_core.explain.words.prediction import MaskAnswer
from lm_core.explain.words.softmax import softmax_of
from ui.address.session import change, option
from ui.appearance import theme
from ui.components.matrix import Aside, MatrixLabels, matrix
from ui.frame.controls import mask_picker
from ui.frame.downloads import picture_button
from ui.frame.latex import in_brackets
from ui.frame.notebook import Cell, imports, reading_cells
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.masked_words.gaps import gap_picker
from ui.lessons.masked_words.guesses import guess_a_layer
from ui.models.shelf import Reading
from ui.plain import code_span

TOP = 5  # answers at each layer


def show(words: DeltaGenerator) -> Shown:
    """The words to click, the answers layer by layer, and one of their probabilities in full."""
    reading = read_sentence()
    mask_picker(reading, key="words")
    position = gap_picker(reading)
    if position is None:
        return Shown()
    lens = logit_lens(reading.model, reading.trace, position, TOP)
    stage, rank = _asked(lens)
    _grid(lens, stage, rank)
    st.caption(
        _(
            "Rows: the head of masked words on the embeddings and on every layer's output; the last row is the answer. "
            "Shades: probability, 0 to 1. A corner marks the piece that stood there. Read the upper rows with care: "
            "the head was trained on the last layer alone, and an earlier layer may hold what this head cannot see "
            "(Belrose et al. 2023)."
        )
    )
    _take_away(lens)
    _sum_written_out(reading, lens, stage, rank)
    with words:
        guess_a_layer(reading)
        st.markdown(listed(_("**Notice.** Measured just now:"), _noticed(lens)))
        st.markdown(_challenge(lens))
    return Shown((logit_lens, lens_step, softmax_of), _cells(reading, lens, stage, rank))


def stage_name(stage: int) -> str:
    """What a row of the lens is called."""
    return _("layer {number}").format(number=stage) if stage else _("input")


def _grid(lens: LogitLens, stage: int, rank: int) -> None:
    """The answers as a matrix of words, with entropy and rank of the original beside each row."""
    first = lens.answers[0]
    asides = [Aside(_("entropy (bits)"), tuple(f"{answer.entropy:.2f}" for answer in lens.answers))]
    original = first.original
    if original is not None:
        ranks = tuple(f"{answer.rank:,}" for answer in lens.answers)
        asides.insert(0, Aside(_("rank of {piece}").format(piece=original.token), ranks))
    matrix(
        _probabilities(lens),
        key="lens",
        rows=_row_names(lens),
        columns=_column_names(lens),
        labels=MatrixLabels(_("The first answers at each layer")),
        scale="sequential",
        digits=3,
        texts=_pieces(lens),
        asides=asides,
        changed=[
            (row, column)
            for row, answer in enumerate(lens.answers)
            for column, each in enumerate(answer.predictions)
            if original is not None and each.token_id == original.token_id
        ],
        picked=(stage, rank),
        on_pick=lambda row, column: change(cell=f"{row}.{column + 1}"),
    )


def _sum_written_out(reading: Reading, lens: LogitLens, stage: int, rank: int) -> None:
    """How the picked probability came about, from the hidden state on."""
    piece = lens.answers[stage].predictions[rank]
    step = lens_step(reading.model, reading.trace, lens, stage, piece.token_id)
    logit, total = step.softmax.logit, step.softmax.log_sum_exp
    st.header(_("How this number came about"), anchor=False)
    st.markdown(
        _(
            "The vector at this gap ({stage}) goes through the head's transform: a linear map, the activation and a "
            "norm. Its product with the embedding of {piece}, plus the bias of this piece, is the logit; the softmax "
            "over all {count} pieces makes it a probability."
        ).format(stage=stage_name(stage), piece=code_span(piece.token), count=f"{step.softmax.vocab_size:,}")
    )
    st.latex(
        r"\begin{aligned} z &= u \cdot E + b = "
        rf"{step.product:.4f} {step.bias:+.4f} = {logit:.4f} \\ p &= e^{{\,z - \log \sum_j e^{{z_j}}}} = "
        rf"e^{{\,{logit:.4f} - {in_brackets(total)}}} = {step.softmax.probability:.6f} \end{{aligned}}"
    )


def _take_away(lens: LogitLens) -> None:
    """The numbers as a table and a file, and the picture."""
    colours = theme()
    picture_button(
        "logit-lens",
        lambda: matrix_svg(
            _probabilities(lens),
            _row_names(lens),
            _column_names(lens),
            theme=colours,
            is_probability=True,
            texts=_pieces(lens),
        ),
        key="take_svg",
    )
    numbers(
        [row for stage, answer in enumerate(lens.answers) for row in _rows(stage, answer)],
        alt=_("The first answers at each layer"),
        file_name="logit-lens",
        number_format="%.6f",
    )


def _rows(stage: int, answer: MaskAnswer) -> list[Row]:
    """The answers of one stage, with the original last where it is not among them."""
    ranked = list(enumerate(answer.predictions, 1))
    if answer.original is not None and answer.rank is not None and answer.rank > len(ranked):
        ranked.append((answer.rank, answer.original))
    return [
        {
            _("layer"): stage_name(stage),
            _("rank"): rank,
            _("piece"): each.token,
            _("probability"): each.probability,
            _("entropy (bits)"): answer.entropy,
        }
        for rank, each in ranked
    ]


def _noticed(lens: LogitLens) -> Sequence[str]:
    """When the answer settles, and how the doubt goes down."""
    final = lens.answers[-1].predictions[0]
    last = len(lens.answers) - 1
    lines = [
        _("{piece}, the model's first answer, comes first from {stage} on.").format(
            piece=code_span(final.token), stage=stage_name(lens.settled)
        )
        if lens.settled < last
        else _("{piece}, the model's first answer, comes first only after the last layer.").format(
            piece=code_span(final.token)
        ),
        _("Entropy: {before} bits at the input, {after} after the last layer.").format(
            before=f"{lens.answers[0].entropy:.2f}", after=f"{lens.answers[-1].entropy:.2f}"
        ),
    ]
    original = lens.answers[-1].original
    if original is not None:
        lines.append(
            _("Rank of {piece}, layer by layer: {ranks}.").format(
                piece=code_span(original.token), ranks=" → ".join(f"{answer.rank:,}" for answer in lens.answers)
            )
        )
    return lines


def _challenge(lens: LogitLens) -> str:
    """An answer that was there early."""
    last = len(lens.answers) - 1
    if lens.settled <= last // 2:
        return _("**Challenge.** ✓ After half of the layers the answer is already first. What makes this gap easy?")
    return _("**Challenge.** Find a gap whose final first answer comes first already after half of the layers.")


def _asked(lens: LogitLens) -> tuple[int, int]:
    """The cell that the address names, else the model's first answer."""
    parts = (option("cell") or "").split(".")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        stage, rank = int(parts[0]), int(parts[1]) - 1
        if stage < len(lens.answers) and 0 <= rank < len(lens.answers[stage].predictions):
            return stage, rank
    return len(lens.answers) - 1, 0


def _probabilities(lens: LogitLens) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """(stage, rank)"""
    return np.asarray([[each.probability for each in answer.predictions] for answer in lens.answers], dtype=np.float32)


def _pieces(lens: LogitLens) -> list[list[str]]:
    return [[each.token for each in answer.predictions] for answer in lens.answers]


def _row_names(lens: LogitLens) -> list[str]:
    return [stage_name(stage) for stage in range(len(lens.answers))]


def _column_names(lens: LogitLens) -> list[str]:
    return [_("rank {number}").format(number=rank) for rank in range(1, len(lens.answers[0].predictions) + 1)]


def _cells(reading: Reading, lens: LogitLens, stage: int, rank: int) -> list[Cell]:
    """The same as cells of a notebook."""
    token_id = lens.answers[stage].predictions[rank].token_id
    return [
        *reading_cells(reading),
        Cell(_("The head of masked words on every layer's output: the logit lens."), "markdown"),
        Cell(
            f"{imports(lens_step, logit_lens)}"
            f"lens = logit_lens(lm, trace, {lens.position}, top_k={TOP})\n"
            "for stage, answer in enumerate(lens.answers):\n"
            '    best = ", ".join(f"{each.token} {each.probability:.6f}" for each in answer.predictions)\n'
            '    print(f"{stage}: {best}; entropy {answer.entropy:.2f} bits, rank {answer.rank}")'
        ),
        Cell(
            f"step = lens_step(lm, trace, lens, {stage}, {token_id})\n"
            'print(f"z = {step.product:.4f} + {step.bias:.4f} = {step.softmax.logit:.4f}")\n'
            'print(f"p = {step.softmax.probability:.6f}")'
        ),
    ]
