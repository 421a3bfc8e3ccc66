"""The view of embeddings: three vectors added up for one token, and any number of the result written out."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.pieces.diverging import DivergingText, Group, vector_rows
from lm_core.explain.pieces.embeddings import (
    DimensionInFull,
    TokenEmbedding,
    explain_dimension,
    outweighed_by_position,
    token_embedding,
)
from ui.address.entries import index_option, number_entry
from ui.address.session import change
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.tokens.entrance import read_with_second, switches
from ui.lessons.tokens.guess import guess_the_nearer
from ui.models.shelf import Reading
from ui.panels.tokens import show_tokens
from ui.plain import code_span

_ROW = 44  # pixels of one vector


def show(words: DeltaGenerator) -> Shown:
    """The token, its vectors, and one dimension of them in full."""
    controls = switches()
    reading = read_with_second(controls)
    encoding = reading.trace.encoding
    position = _asked_position(reading)
    token = token_embedding(reading.trace.embeddings, position)
    with controls:
        dimension = number_entry(
            _("Dimension"), len(token.output), name="dimension", default=int(token.total.abs().argmax())
        )
    show_tokens(
        reading,
        _("Click a token to see its embeddings. A bar below it for segment A, a double bar for B."),
        open_positions=range(len(encoding.tokens)),
        picked=(position,),
        on_pick=lambda picked: change(token=picked + 1),
    )
    number = explain_dimension(reading.trace.embeddings, reading.model.model.body.embeddings, position, dimension)
    _figure(token, encoding.tokens[position], dimension)
    _write_out(number, len(token.output))
    numbers(
        _rows(token),
        alt=_("The embeddings of {token}: a row for each dimension").format(token=encoding.tokens[position]),
        file_name="embeddings",
        number_format="%.6f",
    )
    computation = (
        f"{imports(explain_dimension, token_embedding)}"
        f"position, dimension = {position}, {dimension}  # counted from 0\n"
        "token = token_embedding(trace.embeddings, position)\n"
        "token.total, token.output",
        "number = explain_dimension(trace.embeddings, lm.model.body.embeddings, position, dimension)\nnumber",
    )
    functions = (token_embedding, explain_dimension)
    with words:
        guess_the_nearer(reading, is_on_page=False)
    return Shown(functions, computed(reading, *computation), _notice(reading, position, token), _challenge(number))


def _notice(reading: Reading, position: int, token: TokenEmbedding) -> tuple[str, ...]:
    """Measured statements about the token's vectors."""
    width = len(token.output)
    lengths = (token.word, token.position, token.token_type, token.total)
    return (
        _("Length of the vectors of {token}: word {word}, position {position}, segment {segment}, sum {total}.").format(
            token=code_span(reading.trace.encoding.tokens[position]),
            **dict(
                zip(
                    ("word", "position", "segment", "total"),
                    (f"{float(vector.norm()):.2f}" for vector in lengths),
                    strict=True,
                )
            ),
        ),
        _("In {count} of {width} dimensions the position adds more than the word.").format(
            count=outweighed_by_position(reading.trace.embeddings, position), width=width
        ),
        _(
            "The norm brings every token to a like spread: here the {width} numbers lie between {least} and {most}."
        ).format(width=width, least=f"{float(token.output.min()):.2f}", most=f"{float(token.output.max()):.2f}"),
    )


def _challenge(number: DimensionInFull) -> str:
    """A dimension in which word and position pull in different directions, and the position wins."""
    if number.word * number.position < 0 and abs(number.position) > abs(number.word):
        return _("**Challenge.** ✓ The word adds {word}, the position {position}, and the position wins.").format(
            word=_signed(number.word), position=_signed(number.position)
        )
    return _(
        "**Challenge.** Find a dimension in which word and position pull in opposite directions, and the position wins."
    )


def _asked_position(reading: Reading) -> int:
    """The position that was clicked, else that of the first word."""
    asked = index_option("token", len(reading.trace.encoding.tokens))
    return 1 if asked is None else asked


def _figure(token: TokenEmbedding, name: str, dimension: int) -> None:
    """The vectors as rows of colour; those that are added up share a scale."""
    added = np.stack([vector.numpy() for vector in (token.word, token.position, token.token_type, token.total)])
    show_figure(
        vector_rows(
            [
                Group(added, (_("word"), _("position"), _("segment"), _("sum"))),
                Group(token.output.numpy()[None], (_("after the norm"),)),
            ],
            theme=theme(),
            text=DivergingText(dimension=_("dimension"), row=""),
            row_height=_ROW,
            picked=dimension,
        ),
        key="embeddings",
        file_name="embeddings",
        alt=_(
            "The embeddings of {token} as rows of colour, {width} dimensions each; the table has the numbers."
        ).format(token=name, width=len(token.output)),
    )


def _write_out(number: DimensionInFull, width: int) -> None:
    """The sum and the norm, term by term."""
    st.header(_("How this number came about"), anchor=False)
    normalized = f"{number.normalized:.4f}" if number.normalized >= 0 else f"({number.normalized:.4f})"
    st.latex(
        rf"\begin{{aligned}} s &= \underset{{\text{{{_('word')}}}}}{{{number.word:.4f}}}"
        rf" {_signed(number.position, _('position'))} {_signed(number.token_type, _('segment'))}"
        rf" = {number.total:.4f} \\[8pt]"
        r"z &= \frac{s - \mu}{\sqrt{\sigma^2 + \varepsilon}} \\[6pt]"
        rf"&= \frac{{{number.total:.4f} {_signed(-number.mean)}}}"
        rf"{{\sqrt{{{number.variance:.6f} + {_power(number.eps)}}}}}"
        rf" = {number.normalized:.4f} \\[8pt] y &= \gamma z + \beta \\"
        rf"&= {number.gain:.4f} \cdot {normalized} {_signed(number.bias)} = {number.output:.4f}"
        r"\end{aligned}"
    )
    st.markdown(
        _(
            "μ = {mean} and σ² = {variance} are the mean and the variance of the {width} sums of this token; ε = {eps} "
            "keeps the root away from 0. The gain γ and the bias β were learned, one of each for every dimension."
        ).format(mean=f"{number.mean:.4f}", variance=f"{number.variance:.6f}", width=width, eps=f"{number.eps:.0e}")
    )


def _signed(value: float, name: str = "") -> str:
    """A number with its sign, to be added; as LaTeX with its name below where it has one."""
    sign, digits = "−" if value < 0 else "+", f"{abs(value):.4f}"
    return rf"{sign} \underset{{\text{{{name}}}}}{{{digits}}}" if name else f"{sign}{digits}"


def _power(value: float) -> str:
    """1e-12 → 10^{-12}, as LaTeX"""
    mantissa, exponent = f"{value:.0e}".split("e")
    factor = "" if mantissa == "1" else rf"{mantissa} \cdot "
    return rf"{factor}10^{{{int(exponent)}}}"


def _rows(token: TokenEmbedding) -> list[Row]:
    """A row for each dimension."""
    vectors = {
        _("word"): token.word,
        _("position"): token.position,
        _("segment"): token.token_type,
        _("sum"): token.total,
        _("after the norm"): token.output,
    }
    columns = {name: vector.tolist() for name, vector in vectors.items()}
    return [
        {_("dimension"): number + 1, **{name: values[number] for name, values in columns.items()}}
        for number in range(len(token.output))
    ]
