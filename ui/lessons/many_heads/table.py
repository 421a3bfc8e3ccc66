"""The view of a table: the probabilities of one head as numbers."""

from __future__ import annotations

import streamlit as st

from figures.table import attention_table
from lm_core.explain.heads.attention import entropy, share_on_previous
from lm_core.transformer.attention import attention_map
from ui.i18n import _
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView, head_name


def show(view: HeadView) -> Functions:
    """The numbers themselves."""
    table = attention_table(view.probs, view.tokens, corner=_("query (looks)"))
    numbers = list(table)[1:]
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(numbers) < 20 else 600,
        column_config={
            next(iter(table)): st.column_config.TextColumn(pinned=True),
            **{name: st.column_config.NumberColumn(format="%.4f") for name in numbers},
        },
        key="attention_table",
        alt=_("Attention of {head}: a row for each query, a column for each key").format(
            head=head_name(view.layer, view.head)
        ),
    )
    return attention_map, entropy, share_on_previous
