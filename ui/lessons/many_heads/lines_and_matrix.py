"""The view of lines and matrix: what is pointed at in one is pointed at in the other."""

from __future__ import annotations

from ui.lessons.many_heads import lines, matrix
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView


def show(view: HeadView) -> Functions:
    """The one above the other."""
    lines.show(view)
    return matrix.show(view)
