"""A step of one head on the page: the matrices, the number that is asked about, and the sum written out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.matrix import matrix_svg
from figures.table import matrix_table, to_csv
from ui.address.session import change, option
from ui.appearance import theme
from ui.components.matrix import LARGEST, NOTHING_LIT, Lit, MatrixLabels, Tone, matrix
from ui.frame.downloads import downloads
from ui.i18n import _
from ui.lessons.attention.toy_head import edit
from ui.lessons.attention.view import HandView, Part, StepName, drawn_between, drawn_block, parts, sum_of
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.explain.heads.by_hand import WrittenSum

TERMS = 6  # of a sum that are written out; of more the weightiest
_IN_A_LINE, _OVER_A_LINE = 3, 4  # of these terms that have room
_UNCHANGED = 1e-6


def asked_cell(view: HandView, step: StepName) -> tuple[int, int]:
    """Which number of the result is asked about: the address's `cell`, else the largest of the last word's row."""
    result = parts(view, step)[2].numbers
    asked = re.fullmatch(r"([1-9]\d{0,3})\.([1-9]\d{0,3})", option("cell") or "", re.ASCII)
    if asked is not None:
        row, column = (int(number) - 1 for number in asked.groups())
        if row < min(LARGEST, result.shape[0]) and column < result.shape[1]:
            return row, column
    row = view.first_asked
    return row, int(result[row].argmax())


def show_step(view: HandView, step: StepName, cell: tuple[int, int], *, hidden: bool) -> None:
    """The matrices of a step: what is multiplied, and what comes of it.

    Args:
        view: whose.
        step: which.
        cell: row and column of the number that is asked about.
        hidden: whether this number is to be found by the reader, and so is not shown.
    """
    left, right, result = parts(view, step)
    row, column = cell
    rows = list(range(min(LARGEST, len(result.rows))))
    columns = drawn_block(len(result.columns), column)
    if len(rows) < len(result.rows):
        st.caption(_("The first {drawn} of {count} tokens are drawn.").format(drawn=len(rows), count=len(result.rows)))
    if right is None:
        between = drawn_block(len(left.columns), column)
        lit_right = None
    else:
        products = sum_of(view, step, row, column).products
        between = drawn_between(len(left.columns), products)
        lit_right = columns.index(column)
        if len(between) < len(products):
            st.caption(
                _("Of {count} products the {drawn} that weigh most in this number are drawn.").format(
                    count=len(products), drawn=len(between)
                )
            )
    with st.container(key="operands", horizontal=True, gap="xsmall", vertical_alignment="center"):
        _draw(view, left, rows, between, key=f"left {step}", lit=Lit(row=row, tone=_row_tone(step)))
        if right is not None:
            st.markdown("$\\times$", width="content")
            _draw(
                view, right, between, columns, key=f"right {step}",
                lit=Lit(column=lit_right, tone=_column_tone(step)),
            )  # fmt: skip
    with st.container(key="result", horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown("$=$", width="content")
        _draw(
            view,
            result,
            rows,
            columns,
            key=f"result {step}",
            picked=(row, columns.index(column)),
            hidden=((row, columns.index(column)),) if hidden else (),
            on_pick=lambda its_row, its_column: change(cell=f"{its_row + 1}.{columns[its_column] + 1}"),
        )
    if any(_changed(part) for part in (left, right, result) if part is not None):
        st.caption(_("◥ marks what is not as it came: you changed it, or something it was made of."))


def write_out(view: HandView, step: StepName, cell: tuple[int, int]) -> None:
    """The sum behind the number, with the numbers of this very pass."""
    row, column = cell
    _left, right, result = parts(view, step)
    name = _("{symbol} at row {row}, column {column}").format(
        symbol=f"${result.symbol}$", row=code_span(result.rows[row]), column=code_span(result.columns[column])
    )
    st.markdown(f"**{name}**")
    if right is None:
        st.latex(_softmax(view.steps.scores[row], view.steps.probs[row, column], column))
    else:
        st.latex(_sum(sum_of(view, step, row, column)))


def take_away(view: HandView, step: StepName) -> None:
    """The result as numbers and as a picture, made when they are asked for."""
    result = parts(view, step)[2]
    colours = theme()
    rows = slice(0, LARGEST)

    def numbers() -> bytes:
        return to_csv(matrix_table(result.numbers.numpy(), result.rows, result.columns, corner=_("row")))

    def picture() -> str:
        return matrix_svg(
            result.numbers.numpy()[rows, rows],
            result.rows[rows],
            result.columns[rows],
            theme=colours,
            is_probability=result.is_probability,
        )

    downloads(f"one-head-{step}", numbers=numbers, picture=picture)


def number(value: float) -> str:
    """A number as it stands in a sum: four digits after the point at most, a huge one as a power of ten."""
    if abs(value) >= 1e5:
        mantissa, exponent = f"{value:.1e}".split("e")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}"
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _draw(
    view: HandView,
    part: Part,
    rows: Sequence[int],
    columns: Sequence[int],
    *,
    key: str,
    lit: Lit = NOTHING_LIT,
    picked: tuple[int, int] | None = None,
    hidden: Sequence[tuple[int, int]] = (),
    on_pick: Callable[[int, int], None] | None = None,
) -> None:
    """One matrix of a step under its symbol."""
    letter = part.letter
    numbers = part.numbers[list(rows)][:, list(columns)]
    colour = theme().text if part.tone is None else theme().meaning(part.tone)
    with st.container(width="content", gap=None, key=f"part {key}"):
        st.markdown(rf"$\textcolor{{{colour}}}{{{part.symbol}}}$")
        matrix(
            numbers.numpy(),
            key=f"matrix {key}",
            rows=[part.rows[row] for row in rows],
            columns=[part.columns[column] for column in columns],
            labels=MatrixLabels(name=_symbol_in_words(part.symbol)),
            scale="sequential" if part.is_probability else "diverging",
            row_kinds=[view.kinds[row] for row in rows] if part.rows_are_tokens else (),
            column_kinds=[view.kinds[column] for column in columns] if part.columns_are_tokens else (),
            lit=lit,
            picked=picked,
            hidden=hidden,
            changed=_changed(part),
            on_pick=on_pick,
            on_edit=None if letter is None else lambda row, column, value: edit(letter, row, column, value),
        )


def _changed(part: Part) -> list[tuple[int, int]]:
    """The cells that are not as they came; only a toy, which is drawn whole, knows how it came."""
    if part.before is None:
        return []
    return [(row, column) for row, column in ((part.numbers - part.before).abs() > _UNCHANGED).nonzero().tolist()]


def _symbol_in_words(symbol: str) -> str:
    """A symbol for screen readers: `W^Q` as W Q."""
    return symbol.replace("^", " ").replace("\\top", "T")


def _row_tone(step: StepName) -> Tone:
    """The colour of the row that a number was made of: that of whoever looks, or of what is made."""
    tones: dict[StepName, Tone] = {"key": "key", "value": "value", "output": "context"}
    return tones.get(step, "query")


def _column_tone(step: StepName) -> Tone:
    """The colour of the column: that of what is met, mixed or made."""
    tones: dict[StepName, Tone] = {
        "key": "key",
        "scores": "key",
        "value": "value",
        "context": "value",
        "output": "context",
    }
    return tones.get(step, "query")


def _sum(written: WrittenSum) -> str:
    """A sum of products as LaTeX: its terms, or the weightiest of them and what the others come to."""
    products = written.products
    order = sorted(range(len(products)), key=lambda place: -abs(products[place]))[:TERMS]
    shown = sorted(order) if len(products) <= TERMS else order
    terms = [rf"{_factor(written.left[place])} \times {_factor(written.right[place])}" for place in shown]
    if len(products) > TERMS:
        rest = sum(products) - sum(products[place] for place in shown)
        terms.append(rf"\underbrace{{{_factor(rest)}}}_{{{len(products) - TERMS}\ \text{{{_('more')}}}}}")
    if written.divisor != 1.0 and len(terms) <= _OVER_A_LINE:
        total = rf"\frac{{{' + '.join(terms)}}}{{{number(written.divisor)}}}"
    else:
        lines = [" + ".join(terms[first : first + _IN_A_LINE]) for first in range(0, len(terms), _IN_A_LINE)]
        total = r" \\ & {} + ".join(lines)
        if written.divisor != 1.0:
            total = rf"\tfrac{{1}}{{{number(written.divisor)}}} \bigl( {total} \bigr)"
    if written.added != 0.0:
        total += rf" + {_factor(written.added)}"
    return rf"\begin{{aligned}} & {total} \\ &= \mathbf{{{number(written.total)}}} \end{{aligned}}"


def _softmax(scores: Tensor, prob: Tensor, column: int) -> str:
    """A softmax as LaTeX: e to the power of the score, over the sum of all of them."""
    row = scores.double()
    order = row.argsort(descending=True).tolist()[:TERMS]
    shown = sorted(order) if len(row) <= TERMS else order
    terms = [rf"e^{{{number(float(row[place]))}}}" for place in shown]
    exponentials = row.exp()
    if len(row) > TERMS:
        rest = float(exponentials.sum() - exponentials[shown].sum())
        terms.append(rf"\underbrace{{{number(rest)}}}_{{{len(row) - TERMS}\ \text{{{_('more')}}}}}")
    return (
        rf"\begin{{aligned}} & \frac{{e^{{{number(float(row[column]))}}}}}{{{' + '.join(terms)}}} \\[4pt] &= "
        rf"\frac{{{number(math.exp(float(row[column])))}}}{{{number(float(exponentials.sum()))}}} = "
        rf"\mathbf{{{number(float(prob))}}} \end{{aligned}}"
    )


def _factor(value: float) -> str:
    """A number within a sum; a negative one in brackets."""
    return number(value) if value >= 0 else f"({number(value)})"
