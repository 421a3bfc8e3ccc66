"""Which heads look alike: the divergence of each two, in an order that puts like ones together."""

from __future__ import annotations

import streamlit as st

from figures.export import browser_config
from figures.likeness import LikenessText, likeness_heatmap
from figures.table import to_csv
from ui.appearance import theme
from ui.attention import head_name
from ui.head_roles import SIGNS, findings
from ui.i18n import _
from ui.resources import Reading


def show_likeness(reading: Reading) -> None:
    """The divergence of every pair of heads as a matrix, and the nearest pair in words."""
    from lm_core.explain.likeness import clustered_order, divergences, nearest_pair

    matrix = divergences(reading.trace.attentions)
    order = clustered_order(matrix)
    sorted_matrix = matrix[order][:, order].float().numpy()
    found = findings(reading)
    heads = [found[number].statistics for number in order]
    names = [f"{head.layer + 1}.{head.head + 1}" for head in heads]
    signs = [SIGNS[found[number].main] for number in order]
    st.plotly_chart(
        likeness_heatmap(
            sorted_matrix,
            [f"{sign} {name}".strip() for sign, name in zip(signs, names, strict=True)],
            theme=theme(),
            text=LikenessText(_("head (layer.head)"), _("divergence (bits)")),
        ),
        key="likeness",
        theme=None,
        config=browser_config("heads-likeness"),
        alt=_("The divergence of each two of {count} heads; the file has the numbers.").format(count=len(names)),
    )
    pair = nearest_pair(matrix)
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
                bits=f"{float(matrix[pair]):.3f}",
            )
        )
    st.download_button(
        _("Divergences (CSV)"),
        lambda: to_csv(
            {
                _("head (layer.head)"): names,
                **{name: sorted_matrix[:, column].tolist() for column, name in enumerate(names)},
            }
        ),
        file_name="heads-likeness.csv",
        mime="text/csv",
        on_click="ignore",
        key="likeness_csv",
    )
