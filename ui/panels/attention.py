"""One head's attention as pages show it: lines, heat map, table, and files to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from figures.heads.heatmap import HeatmapText, attention_heatmap
from figures.heads.lines import attention_lines
from figures.table import attention_table, to_csv
from ui.address.entries import index_option
from ui.address.session import change
from ui.appearance import theme
from ui.components.attention_view import TokenKind, attention_view
from ui.components.head_grid import head_grid
from ui.components.matrix import LARGEST, MatrixLabels, matrix
from ui.frame.downloads import downloads
from ui.frame.figure import show_figure
from ui.i18n import _
from ui.models.shelf import Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class HeadView:
    """A head of a reading, and what of it is picked; all numbers are the reading's trace's."""

    reading: Reading
    layer: int
    head: int
    probs: NDArray[np.float32]  # (query, key)
    special: tuple[int, ...]  # positions of [CLS] and [SEP]
    query: int | None  # the position that is pinned, if one is
    key: int | None

    @property
    def tokens(self) -> tuple[str, ...]:
        """What the model read."""
        return self.reading.trace.encoding.tokens

    @property
    def masked(self) -> tuple[int, ...]:
        """Positions of masked words."""
        return self.reading.trace.encoding.masked_positions


def head_view(reading: Reading, layer: int, head: int) -> HeadView:
    """The head that the reader looks at, with the positions that the address pins."""
    from lm_core.explain.heads.attention import special_positions

    size = len(reading.trace.encoding.tokens)
    return HeadView(
        reading=reading,
        layer=layer,
        head=head,
        probs=reading.trace.attentions[layer][0, head].numpy(),
        special=special_positions(reading.trace.encoding),
        query=index_option("query", size),
        key=index_option("key", size),
    )


def head_name(layer: int, head: int) -> str:
    """A head as people count: from 1."""
    return _("layer {layer}, head {head}").format(layer=layer + 1, head=head + 1)


def kinds_of(view: HeadView) -> list[TokenKind]:
    """What kind of token stands at each position."""
    kinds: list[TokenKind] = ["word"] * len(view.tokens)
    for position in view.special:
        kinds[position] = "special"
    for position in view.masked:
        kinds[position] = "masked"
    return kinds


def counted(position: int | None) -> int | None:
    """A position as the address counts it, from 1."""
    return None if position is None else position + 1


def show_lines(view: HeadView) -> None:
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


def show_linked(view: HeadView) -> None:
    """Lines and matrix: what is pointed at in one is pointed at in the other."""
    show_lines(view)
    show_heatmap(view)


def show_heatmap(view: HeadView) -> None:
    """The matrix of the head: cells to pick, or for a long sentence a heat map."""
    picked = None if view.query is None or view.key is None else (view.query, view.key)
    if len(view.tokens) <= LARGEST:
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
            picked=picked,
            group="attention",
            on_pick=lambda query, key: change(query=counted(query), key=counted(key)),
        )
        return
    show_figure(
        attention_heatmap(
            view.probs,
            view.tokens,
            theme=theme(),
            text=HeatmapText(_("query (looks)"), _("key (is looked at)"), _("probability")),
            special=view.special,
            masked=view.masked,
            picked=picked,
        ),
        key="attention_heatmap",
        file_name=_file_name(view),
        alt=_("Heat map of {head}: {count} × {count} probabilities; the table has the numbers.").format(
            head=head_name(view.layer, view.head), count=len(view.tokens)
        ),
    )


def show_table(view: HeadView) -> None:
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


def show_grid(reading: Reading, layer: int, head: int, *, key: str, opens: str | None = None) -> None:
    """All heads small.

    Args:
        reading: whose heads.
        layer, head: the selected one.
        key: names the instance.
        opens: the view that a click changes to; None stays in the one of now.
    """
    head_grid(
        [layer_probs[0].numpy() for layer_probs in reading.trace.attentions],
        key=key,
        layer=layer,
        head=head,
        labels={
            "grid": _("All layers and heads"),
            "note": _("Each square is a head: rows look, columns are looked at. Stronger colour, more attention."),
            "layer": _("Layer {number}"),
            "head": _("Head {number}"),
        },
        on_head=lambda layer, head: (
            change(layer=layer, head=head) if opens is None else change(layer=layer, head=head, view=opens)
        ),
    )


def take_away(view: HeadView) -> None:
    """The head as numbers and as a picture, made when they are asked for."""
    colours, query, key = theme(), _("query (looks)"), _("key (is looked at)")

    def numbers() -> bytes:
        return to_csv(attention_table(view.probs, view.tokens, corner=query))

    def picture() -> str:
        return attention_lines(
            view.probs,
            view.tokens,
            theme=colours,
            query_title=query,
            key_title=key,
            special=view.special,
            masked=view.masked,
        )

    downloads(_file_name(view), numbers=numbers, picture=picture)


def _file_name(view: HeadView) -> str:
    """What a download of this head is called."""
    return f"attention-layer-{view.layer + 1}-head-{view.head + 1}"
