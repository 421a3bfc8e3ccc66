"""Where several words look together: their rows of one head's attention, averaged."""

from __future__ import annotations

import streamlit as st

from figures.bars import percent
from figures.table import to_csv
from figures.words.along import KeyBarsText, key_bars
from lm_core.transformer.attention import attention_map
from ui.appearance import theme
from ui.frame.controls import several
from ui.frame.downloads import download_button
from ui.frame.figure import show_figure
from ui.i18n import _
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView, head_name
from ui.plain import code_span

_NAMED = 4  # tokens in the line below the figure


def show(view: HeadView) -> Functions:
    """Tokens to choose, and as bars how much each position gets of their attention; without a choice, of all."""
    from lm_core.explain.heads.attention import attention_of

    chosen = several(
        _("Who looks? Choose one or more; without a choice all do."),
        [f"{position + 1} {code_span(token)}" for position, token in enumerate(view.tokens)],
        name="queries",
    )
    queries = chosen or tuple(range(len(view.tokens)))
    probs = view.reading.trace.attentions[view.layer]
    shares = attention_of(probs, queries)[0, view.head].tolist()
    show_figure(
        key_bars(
            view.tokens,
            shares,
            theme=theme(),
            text=KeyBarsText(_("key (is looked at)"), _("mean share of attention")),
            queries=chosen,
            special=view.special,
            masked=view.masked,
        ),
        key="together",
        file_name="attention-together",
        alt=_("How much each of {count} positions is looked at in {head}; the file has the numbers.").format(
            count=len(view.tokens), head=head_name(view.layer, view.head)
        ),
    )
    most = shares.index(max(shares))
    looking = ", ".join(code_span(view.tokens[query]) for query in queries[:_NAMED])
    if len(queries) > _NAMED:
        looking = _("{count} tokens").format(count=len(queries))
    st.markdown(
        _("Together, {looking} look most at {key}: {share} of their attention.").format(
            looking=looking, key=code_span(view.tokens[most]), share=percent(shares[most])
        )
    )
    download_button(
        _("Shares (CSV)"),
        lambda: to_csv(
            {
                _("position"): [float(position + 1) for position in range(len(shares))],
                _("key (is looked at)"): [f"{position + 1} {token}" for position, token in enumerate(view.tokens)],
                _("mean share of attention"): shares,
            }
        ),
        "attention-together.csv",
        key="together_csv",
    )
    return attention_map, attention_of
