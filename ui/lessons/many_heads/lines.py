"""The view of lines: from each word that looks to the words it looks at."""

from __future__ import annotations

from lm_core.explain.heads.attention import entropy, share_on_previous
from lm_core.transformer.attention import attention_map
from ui.address.session import change
from ui.components.attention_view import attention_view
from ui.i18n import _
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView, counted, head_name, kinds_of


def show(view: HeadView) -> Functions:
    """The interactive view: hover a word to see its lines alone, click to pin it."""
    attention_view(
        view.tokens,
        view.probs,
        key="attention_view",
        kinds=kinds_of(view),
        labels={
            "view": _("Attention of {head}").format(head=head_name(view.layer, view.head)),
            "query": _("query (looks)"),
            "key": _("key (is looked at)"),
            "announce_query": _("{token} looks at {others}"),
            "announce_key": _("{token} is looked at by {others}"),
        },
        picked=(view.query, view.key),
        group="attention",
        on_pick=lambda query, key: change(query=counted(query), key=counted(key)),
    )
    return attention_map, entropy, share_on_previous
