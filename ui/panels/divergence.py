"""How a divergence of two heads came about: its bits at each position that looks, and the mean written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui.components.matrix import LARGEST, MatrixLabels, matrix
from ui.i18n import _

if TYPE_CHECKING:
    from torch import Tensor


def divergence_written_out(by_query: Tensor, tokens: Sequence[str], *, key: str, name: str) -> None:
    """A row of cells, where there is room for one, and the sum.

    Args:
        by_query: (query,) the divergence of two rows of attention, in bits.
        tokens: one for each query.
        key: names the instance.
        name: of the row, for those who cannot see it.
    """
    count, total = len(by_query), float(by_query.sum())
    if count <= LARGEST:
        matrix(
            by_query.float()[None].numpy(),
            key=key,
            rows=(_("bits"),),
            columns=tokens,
            labels=MatrixLabels(name, column=_("query (looks)"), column_tone="query"),
            scale="sequential",
        )
    st.latex(
        rf"\frac{{1}}{{{count}}} \sum_{{i=1}}^{{{count}}} \mathrm{{JSD}}(p_i, q_i) = "
        rf"\frac{{{total:.4f}}}{{{count}}} = {float(by_query.mean()):.4f}"
    )
