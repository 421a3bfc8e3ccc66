"""How one attention probability came about, written out from the numbers of the pass that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from ui.address.hiding import offered
from ui.address.session import change, seed_widget, widget_value
from ui.appearance import theme
from ui.components.matrix import LARGEST, MatrixLabels, matrix
from ui.frame.latex import digits
from ui.i18n import _
from ui.panels.attention import HeadView, counted
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.explain.heads.attention import ProbabilityInFull

_TERMS = 2  # of the sum below a probability that are written out


def check_number(view: HeadView) -> None:
    """One probability, picked or the strongest, written out down to the dot product."""
    from lm_core.explain.heads.attention import explain_probability

    st.header(_("Check this number"), anchor=False)
    query, key = asked(view)
    with st.container(horizontal=True):
        _position_picker(_("query (looks)"), view.tokens, query, name="query")
        _position_picker(_("key (is looked at)"), view.tokens, key, name="key")
    attention = view.reading.trace.layers[view.layer].attention
    number = explain_probability(attention, view.head, query, key)
    _score(number, view, query)
    _products(attention.query[0, view.head, query], attention.key[0, view.head, key], number)
    _share(number, view, query)


def asked(view: HeadView) -> tuple[int, int]:
    """The query and the key that are pinned; what is not pinned is where the attention is strongest."""
    from lm_core.explain.heads.attention import strongest_link

    if view.key is not None:
        return int(view.probs[:, view.key].argmax()) if view.query is None else view.query, view.key
    if view.query is not None:
        return view.query, int(view.probs[view.query].argmax())
    link = strongest_link(view.reading.trace.attentions[view.layer], view.head, view.special)
    return link.query, link.key


def _score(number: ProbabilityInFull, view: HeadView, query: int) -> None:
    """The way from a dot product to a score, as a sentence and as a formula."""
    colours = theme()
    looks, looked_at = code_span(view.tokens[query]), code_span(view.tokens[number.key])
    st.markdown(
        _("How well {query} and {key} match: the dot product of their {width} numbers, divided by √{width}.").format(
            query=looks, key=looked_at, width=number.head_dim
        )
    )
    st.latex(
        rf"\text{{{_('score')}}} = \frac{{\textcolor{{{colours.query}}}{{q}} \cdot \textcolor{{{colours.key}}}{{k}}}}"
        rf"{{\sqrt{{{number.head_dim}}}}} = \frac{{{digits(number.dot_product)}}}"
        rf"{{{digits(number.head_dim**0.5)}}} = {digits(number.score)}"
    )


def _products(query: Tensor, key: Tensor, number: ProbabilityInFull) -> None:
    """The two vectors and their products, number by number; a head wider than a matrix can be is not drawn."""
    import torch

    if number.head_dim > LARGEST:
        return
    matrix(
        torch.stack([query, key, query * key]).numpy(),
        key="products",
        rows=("q", "k", "q × k"),
        columns=[str(place) for place in range(1, number.head_dim + 1)],
        labels=MatrixLabels(name=_("Query, key and their products, number by number")),
    )
    st.caption(
        _("The {width} products in the last row add up to {dot_product}.").format(
            width=number.head_dim, dot_product=f"{number.dot_product:.4f}"
        )
    )


def _share(number: ProbabilityInFull, view: HeadView, query: int) -> None:
    """The way from the scores of a row to a probability, as a sentence and as a formula."""
    looks, looked_at = code_span(view.tokens[query]), code_span(view.tokens[number.key])
    st.markdown(
        _("What share that is of all {count} keys: the softmax. {query} looks at {key} with **{probability}**.").format(
            count=len(number.scores), query=looks, key=looked_at, probability=percent(number.probability)
        )
    )
    largest = sorted(number.scores, reverse=True)[:_TERMS]
    terms = " + ".join(rf"e^{{{digits(score)}}}" for score in largest)
    more = r" + \dots" if len(number.scores) > _TERMS else ""
    st.latex(
        rf"\begin{{aligned}} p &= \frac{{e^{{{digits(number.score)}}}}}{{{terms}{more}}} \\[6pt] &= "
        rf"\frac{{{digits(number.exponential)}}}{{{digits(number.row_sum)}}} = {number.probability:.4f}"
        r"\end{aligned}"
    )


def _position_picker(label: str, tokens: Sequence[str], position: int, *, name: str) -> None:
    """One of the positions, which the address then pins under a name."""
    if not offered(name, label):
        return
    widget = f"{name}_picker"
    seed_widget(widget, position)
    st.selectbox(
        label,
        range(len(tokens)),
        format_func=lambda each: f"{each + 1} · {tokens[each]}",
        key=widget,
        on_change=lambda: change(**{name: counted(widget_value(widget))}),
    )
