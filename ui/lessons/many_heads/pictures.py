"""The view of all heads as small pictures; a click opens one."""

from __future__ import annotations

from lm_core.explain.heads.attention import entropy, share_on_previous
from lm_core.transformer.attention import attention_map
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView, show_grid


def show(view: HeadView) -> Functions:
    """Layer by layer; the one that is clicked is shown as lines and matrix."""
    show_grid(view.reading, view.layer, view.head, key="large_grid", opens="linked")
    return attention_map, entropy, share_on_previous
