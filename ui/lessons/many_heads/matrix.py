"""The view of one matrix: a row for each position that looks, a column for each looked at."""

from __future__ import annotations

from figures.heads.heatmap import HeatmapText, attention_heatmap
from lm_core.explain.heads.attention import entropy, share_on_previous
from lm_core.transformer.attention import attention_map
from ui.address.session import change
from ui.appearance import theme
from ui.components.matrix import LARGEST, MatrixLabels, matrix
from ui.frame.figure import show_figure
from ui.i18n import _
from ui.lessons.many_heads.views import Functions
from ui.panels.attention import HeadView, counted, file_name, head_name, kinds_of


def show(view: HeadView) -> Functions:
    """Cells to pick, or for a long sentence a heat map."""
    if len(view.tokens) <= LARGEST:
        _cells(view)
    else:
        _heatmap(view)
    return attention_map, entropy, share_on_previous


def _cells(view: HeadView) -> None:
    matrix(
        view.probs,
        key="attention_matrix",
        rows=view.tokens,
        columns=view.tokens,
        labels=MatrixLabels(
            name=_("Attention of {head}").format(head=head_name(view.layer, view.head)),
            row=_("query (looks)"),
            column=_("key (is looked at)"),
            row_tone="query",
            column_tone="key",
        ),
        scale="sequential",
        row_kinds=kinds_of(view),
        column_kinds=kinds_of(view),
        picked=_picked(view),
        group="attention",
        on_pick=lambda query, key: change(query=counted(query), key=counted(key)),
    )


def _heatmap(view: HeadView) -> None:
    show_figure(
        attention_heatmap(
            view.probs,
            view.tokens,
            theme=theme(),
            text=HeatmapText(_("query (looks)"), _("key (is looked at)"), _("probability")),
            special=view.special,
            masked=view.masked,
            picked=_picked(view),
        ),
        key="attention_heatmap",
        file_name=file_name(view),
        alt=_("Heat map of {head}: {count} × {count} probabilities; the table has the numbers.").format(
            head=head_name(view.layer, view.head), count=len(view.tokens)
        ),
    )


def _picked(view: HeadView) -> tuple[int, int] | None:
    """The cell that the address pins."""
    return None if view.query is None or view.key is None else (view.query, view.key)
