"""Every head in numbers, as a table and as a file."""

from __future__ import annotations

import streamlit as st

from figures.table import Table, to_csv
from lm_core.explain.heads.attention import entropy
from lm_core.explain.heads.statistics import head_statistics, share_on_same
from ui.frame.downloads import download_button
from ui.i18n import _
from ui.lessons.many_heads.roles import findings, in_short
from ui.lessons.many_heads.views import Functions
from ui.lessons.many_heads.worth import losses
from ui.models.shelf import Reading
from ui.panels.attention import HeadView


def show(view: HeadView) -> Functions:
    """A row for each head; a click on a column's title sorts by it."""
    reading = view.reading
    lost = losses(reading)
    table = statistics_table(reading, lost)
    layer, head, *numbers, role = table
    with st.container(key="statistics_table"):
        st.dataframe(
            table,
            hide_index=True,
            height="content" if len(table[layer]) < 20 else 600,
            column_config={
                layer: st.column_config.NumberColumn(pinned=True, width=50),
                head: st.column_config.NumberColumn(pinned=True, width=50),
                **{name: st.column_config.NumberColumn(format="%.3f", width=62) for name in numbers},
                role: st.column_config.TextColumn(width="medium"),
            },
            alt=_("A row for each head, a column for each statistic"),
        )
    encoding = reading.trace.encoding
    st.caption(
        _(
            "Means over the {count} positions that look. Entropy in bits, at most {most}; distance in positions, "
            "weighted by attention; all else as shares of the attention, 0 to 1. “same” counts the position itself."
        ).format(count=len(encoding.tokens), most=f"{findings(reading)[0].statistics.most_entropy:.2f}")
    )
    if lost is not None:
        st.caption(
            _("“loss” is what the answer at the hidden words loses without the head, in bits; below 0 it gains.")
        )
    download_button(_("Statistics (CSV)"), lambda: to_csv(table), "heads.csv", key="statistics_csv")
    return head_statistics, entropy, share_on_same


def statistics_table(reading: Reading, lost: list[float] | None) -> Table:
    """The statistics of every head, a list for each column; the loss is there where it was measured."""
    found = findings(reading)
    each = [head.statistics for head in found]
    table: Table = {
        _("layer"): [float(head.layer + 1) for head in each],
        _("head"): [float(head.head + 1) for head in each],
        _("entropy"): [head.entropy for head in each],
        _("distance"): [head.distance for head in each],
        _("special"): [head.special for head in each],
        _("previous"): [head.previous for head in each],
        _("next"): [head.next for head in each],
        _("same"): [head.same for head in each],
    }
    if lost is not None:
        table[_("loss")] = list(lost)
    return {**table, _("role"): [in_short(head) for head in found]}
