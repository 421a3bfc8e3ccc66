"""Which heads look alike: the divergence of each two, in an order that puts like ones together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.heads.heatmap import LikenessText, likeness_heatmap
from figures.table import to_csv
from ui.address.session import change, option
from ui.appearance import theme
from ui.components.matrix import LARGEST, MatrixLabels, matrix
from ui.frame.downloads import download_button
from ui.frame.figure import show_figure
from ui.i18n import _
from ui.lessons.many_heads.roles import SIGNS, findings
from ui.lessons.many_heads.views import Functions
from ui.models.shelf import Reading
from ui.panels.attention import HeadView, head_name
from ui.panels.divergence import divergence_written_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_HEAD = re.compile(r"[1-9]\d{0,3}\.[1-9]\d{0,3}", re.ASCII)


def show(view: HeadView) -> Functions:
    """The divergence of every pair of heads as a matrix, and the nearest pair in words."""
    reading = view.reading
    from lm_core.explain.heads.likeness import clustered_order, divergences, nearest_pair

    apart = divergences(reading.trace.attentions)
    order = clustered_order(apart)
    in_order = apart[order][:, order].float().numpy()
    found = findings(reading)
    heads = [found[number].statistics for number in order]
    names = [f"{head.layer + 1}.{head.head + 1}" for head in heads]
    signs = [SIGNS[found[number].main] for number in order]
    titles = [f"{sign} {name}".strip() for sign, name in zip(signs, names, strict=True)]
    pair = nearest_pair(apart)
    picked = _asked(names) or (None if pair is None else (order.index(pair[0]), order.index(pair[1])))
    if len(names) <= LARGEST:
        matrix(
            in_order,
            key="likeness_matrix",
            rows=titles,
            columns=titles,
            labels=MatrixLabels(_("Divergence of each two heads, in bits"), row=_("head (layer.head)")),
            scale="sequential",
            picked=picked,
            on_pick=lambda one, other: change(heads=f"{names[one]},{names[other]}"),
        )
    else:
        _heat_map(in_order, titles)
    if pair is not None:
        one, other = (found[number].statistics for number in pair)
        st.caption(
            _(
                "How differently two heads look: the Jensen-Shannon divergence of their rows, mean over the positions "
                "that look (Clark et al. 2019, §6); 0 is the same, 1 nothing in common. Average linkage puts like "
                "heads side by side. Most alike are {one} and {other}: {bits} bits."
            ).format(
                one=head_name(one.layer, one.head),
                other=head_name(other.layer, other.head),
                bits=f"{float(apart[pair]):.3f}",
            )
        )
    if picked is not None:
        _how_it_came_about(reading, [(heads[place].layer, heads[place].head) for place in picked])
    download_button(
        _("Divergences (CSV)"),
        lambda: to_csv(
            {
                _("head (layer.head)"): names,
                **{name: in_order[:, column].tolist() for column, name in enumerate(names)},
            }
        ),
        "heads-likeness.csv",
        key="likeness_csv",
    )
    return divergences, clustered_order


def _asked(names: Sequence[str]) -> tuple[int, int] | None:
    """The two heads that the address asks about, by their places in the matrix; None where it names no two."""
    asked = [name for name in _HEAD.findall(option("heads") or "") if name in names]
    return (names.index(asked[0]), names.index(asked[1])) if len(asked) == 2 else None


def _how_it_came_about(reading: Reading, pair: Sequence[tuple[int, int]]) -> None:
    """The divergence of two heads as the mean of what it is at each position that looks."""
    from lm_core.explain.heads.likeness import divergence_by_query

    one, other = (reading.trace.attentions[layer][0, head] for layer, head in pair)
    bits = divergence_by_query(one, other)
    tokens = reading.trace.encoding.tokens
    st.header(_("How this number came about"), anchor=False)
    st.markdown(
        _("{one} and {other}, at each position that looks:").format(
            one=head_name(*pair[0]).capitalize(), other=head_name(*pair[1])
        )
    )
    divergence_written_out(bits, tokens, key="likeness_by_query", name=_("Divergence at each position"))


def _heat_map(in_order: NDArray[np.float32], titles: Sequence[str]) -> None:
    """The matrix of a model with more heads than cells can be picked from."""
    show_figure(
        likeness_heatmap(
            in_order, titles, theme=theme(), text=LikenessText(_("head (layer.head)"), _("divergence (bits)"))
        ),
        key="likeness",
        file_name="heads-likeness",
        alt=_("The divergence of each two of {count} heads; the file has the numbers.").format(count=len(titles)),
    )
