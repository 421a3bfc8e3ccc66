"""The view of where [CLS] looks: its attention split into A, B, [CLS] and [SEP], and one share as a sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.sentences.segment_bars import SegmentBarsText, segment_bars
from lm_core.explain.sentences.segments import CLS_POSITION, PARTS, positions_by_part, shares_of_cls
from ui.address.session import change, widget_value
from ui.appearance import theme
from ui.frame.controls import choice, head_picker, layer_picker
from ui.frame.figure import show_figure
from ui.frame.notebook import Cell, reading_cells
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.next_sentences.cards import example_picker, pair_read
from ui.models.shelf import Reading
from ui.panels.attention import head_name
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

_CHART = "segment_bars"
_TERMS = 10  # of a sum that are written out


@dataclass(frozen=True, eq=False)
class Picked:
    """The share that the reader asks about."""

    shares: Tensor  # (layer, head, part)
    layer: int
    head: int | None  # None: the mean of the layer's heads
    part: int  # index into PARTS

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        of_layer = self.shares[self.layer]
        return float((of_layer.mean(dim=0) if self.head is None else of_layer[self.head])[self.part])


def show(words: DeltaGenerator) -> Shown:
    """The cards, a bar for each layer and head, and the sum behind one share.

    Args:
        words: the column of words, where what to notice and the challenge stand.
    """
    example_picker()
    reading = pair_read()
    picked = _pick(reading)
    _chart(picked)
    numbers(
        _rows(picked.shares),
        alt=_("The shares of the attention of [CLS], for every layer and head"),
        file_name="cls-attention",
    )
    _sum_written_out(reading, picked)
    with words:
        st.markdown(listed(_("**Notice.** Measured just now:"), _noticed(reading, picked.shares)))
        st.markdown(_challenge(reading, picked.shares))
    cells = [
        *reading_cells(reading),
        Cell(
            "from lm_core.explain.sentences.segments import PARTS, shares_of_cls\n\n"
            "shares = shares_of_cls(trace.attentions, trace.encoding)\n"
            "print(PARTS)\n"
            "print(shares.mean(dim=1))  # by layer\n"
            f"print(shares[{picked.layer}])  # the heads of layer {picked.layer + 1}"
        ),
    ]
    return Shown((shares_of_cls, positions_by_part), cells)


def _names() -> tuple[str, ...]:
    """What the parts are called, in the order of PARTS."""
    return "A", "B", "[CLS]", "[SEP]"


def _pick(reading: Reading) -> Picked:
    """The row of controls; a click on a bar sets them, too."""
    config = reading.model.config
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = layer_picker(config.num_hidden_layers)
        scopes = {"mean": _("Mean of the heads"), "head": _("One head")}
        scope = choice(
            _("How many heads"), list(scopes), name="bar", shown=lambda name: scopes[name], label_visible=False
        )
        head = head_picker(config.num_attention_heads) if scope == "head" else None
        names = dict(zip(PARTS, _names(), strict=True))
        part = choice(_("Share on"), PARTS, name="part", shown=lambda name: names[name])
    shares = shares_of_cls(reading.trace.attentions, reading.trace.encoding)
    return Picked(shares, layer, head, PARTS.index(part))


def _chart(picked: Picked) -> None:
    """All bars, of which each part can be clicked."""
    layers, heads = picked.shares.shape[:2]
    bar = picked.layer if picked.head is None else layers + picked.head
    show_figure(
        segment_bars(
            picked.shares.mean(dim=1).numpy(),
            picked.shares[picked.layer].numpy(),
            (
                [_("layer {number}").format(number=number + 1) for number in range(layers)],
                [_("head {number}").format(number=number + 1) for number in range(heads)],
            ),
            theme=theme(),
            text=SegmentBarsText(
                parts=_names(),
                layers=_("Mean of the heads"),
                heads=_("Layer {number}").format(number=picked.layer + 1),
                share=_("share of the attention of [CLS]"),
            ),
            picked=(bar, picked.part),
        ),
        key=_CHART,
        file_name="cls-attention",
        on_pick=lambda: _clicked(layers),
        alt=_("Where [CLS] looks, by layer: {layers}").format(
            layers="; ".join(
                f"{number}: "
                + ", ".join(f"{name} {percent(float(share))}" for name, share in zip(_names(), row, strict=True))
                for number, row in enumerate(picked.shares.mean(dim=1), 1)
            )
        ),
    )


def _clicked(layers: int) -> None:
    """Carry a click on a part of a bar over to the address."""
    event: Any = widget_value(_CHART)
    points = event["selection"]["points"] if event else []
    if not points:
        return
    part, bar = PARTS[int(points[0]["curve_number"])], int(points[0]["point_index"])
    if bar < layers:
        change(layer=bar, bar="mean", part=part)
    else:
        change(head=bar - layers, bar="head", part=part)


def _sum_written_out(reading: Reading, picked: Picked) -> None:
    """The picked share, from the probabilities or from the heads that it is made of."""
    st.header(_("Check this number"), anchor=False)
    name = _names()[picked.part]
    if picked.head is None:
        parts = [f"{share:.4f}" for share in picked.shares[picked.layer, :, picked.part].tolist()]
        st.markdown(
            _("In layer {layer} its heads give {part} these shares; their mean is **{share}**.").format(
                layer=picked.layer + 1, part=name, share=percent(picked.share)
            )
        )
        st.markdown(f"({' + '.join(parts)}) / {len(parts)} = **{picked.share:.4f}**")
        return
    encoding = reading.trace.encoding
    row = reading.trace.attentions[picked.layer][0, picked.head, CLS_POSITION]
    positions = positions_by_part(encoding)[PARTS[picked.part]]
    written = len(positions) if len(positions) <= _TERMS + 1 else _TERMS  # the rest is at least two
    largest = sorted(positions, key=lambda position: -float(row[position]))[:written]
    terms = [f"{code_span(encoding.tokens[each])}\u00a0{float(row[each]):.4f}" for each in sorted(largest)]
    rest = float(row[list(positions)].sum()) - float(row[largest].sum())
    if len(positions) > len(largest):
        terms.append(
            _("the {count} others {rest}").format(count=len(positions) - len(largest), rest=f"{max(0.0, rest):.4f}")
        )
    st.markdown(
        _("{head} gives {part} **{share}**: the sum of the probabilities with which [CLS] looks at its tokens.").format(
            head=head_name(picked.layer, picked.head).capitalize(), part=name, share=percent(picked.share)
        )
    )
    st.markdown(" + ".join(terms) + f" = **{picked.share:.4f}**")


def _noticed(reading: Reading, shares: Tensor) -> tuple[str, ...]:
    """What [CLS] does in this pass, measured."""
    encoding = reading.trace.encoding
    of_second = len(positions_by_part(encoding)["second"])
    last = shares[-1].mean(dim=0)
    heads = shares.shape[1]
    most = int(shares[:, :, PARTS.index("second")].argmax())
    separators = shares[:, :, PARTS.index("sep")].mean(dim=1)
    return (
        _(
            "B has {count} of the {all} positions, {share}. In the last layer [CLS] gives it {given}, A gets {other}."
        ).format(
            count=of_second,
            all=len(encoding.tokens),
            share=percent(of_second / len(encoding.tokens)),
            given=percent(float(last[PARTS.index("second")])),
            other=percent(float(last[PARTS.index("first")])),
        ),
        _("No head looks at B more than {head}: {share}.").format(
            head=head_name(most // heads, most % heads),
            share=percent(float(shares[most // heads, most % heads, PARTS.index("second")])),
        ),
        _("[SEP] gets most in layer {layer}, {share}: a place to look at when there is nothing to look for.").format(
            layer=int(separators.argmax()) + 1, share=percent(float(separators.max()))
        ),
    )


def _challenge(reading: Reading, shares: Tensor) -> str:
    """A B that draws the attention of [CLS] in all layers although it is not the longer one."""
    parts = positions_by_part(reading.trace.encoding)
    by_layer = shares.mean(dim=1)
    wins = bool((by_layer[:, PARTS.index("second")] > by_layer[:, PARTS.index("first")]).all())
    if wins and len(parts["second"]) <= len(parts["first"]):
        return _("**Challenge.** ✓ In every layer [CLS] looks more at B than at A, and B is no longer than A.")
    return _(
        "**Challenge.** Find a pair in which [CLS] looks more at B than at A in every layer, although B has no more "
        "tokens than A."
    )


def _rows(shares: Tensor) -> list[Row]:
    """A row for each head."""
    return [
        {
            _("layer"): layer + 1,
            _("head"): head + 1,
            **dict(zip(_names(), shares[layer, head].tolist(), strict=True)),
        }
        for layer in range(shares.shape[0])
        for head in range(shares.shape[1])
    ]
