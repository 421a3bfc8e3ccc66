"""The map of heads: what each is for, and what the answer loses without it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from figures.theme import ROLES
from lm_core.explain.heads import ablation, roles, statistics
from ui.address.session import change
from ui.components.head_map import Circle, LegendEntry, head_map
from ui.i18n import _
from ui.lessons.many_heads.roles import SIGNS, Findings, findings, in_short, role_name, role_rule
from ui.lessons.many_heads.views import Functions
from ui.lessons.many_heads.worth import losses
from ui.panels.attention import HeadView, head_name

_SMALLEST, _ALIKE = 0.3, 0.62  # diameters as shares of the largest: of a head without worth, and where none is known


def show(view: HeadView) -> Functions:
    """All heads as circles; a click opens one as lines."""
    reading, layer, head = view.reading, view.layer, view.head
    config = reading.model.config
    found, lost = findings(reading), losses(reading)
    head_map(
        _circles(found, lost),
        [
            LegendEntry(role, SIGNS[role], f"{role_name(role)} · {_count(found, role)}", role_rule(role, reading))
            for role in (*ROLES, "none")
        ],
        key="head_map",
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        layer=layer,
        head=head,
        labels={
            "grid": _("Map of all heads"),
            "layer": _("Layer {number}"),
            "head": _("Head {number}"),
        },
        on_head=lambda layer, head: change(layer=layer, head=head, view="linked"),
    )
    st.caption(_sizes(found, lost, hidden=bool(reading.trace.encoding.masked_positions)))
    return statistics.head_statistics, roles.roles, ablation.head_importance


def _circles(found: Sequence[Findings], lost: Sequence[float] | None) -> list[Circle]:
    """A circle for each head; its area goes with what is lost, the largest loss filling its cell."""
    largest = 0.0 if lost is None else max(lost)
    circles = []
    for number, each in enumerate(found):
        loss = None if lost is None else lost[number]
        about = in_short(each)
        if loss is not None:
            about += " · " + loss_told(loss)
        circles.append(Circle(each.main, SIGNS[each.main], _share(loss, largest), loss is not None and loss < 0, about))
    return circles


def _share(loss: float | None, largest: float) -> float:
    """The diameter of a circle as a share of the largest."""
    if loss is None:
        return _ALIKE
    return max(_SMALLEST, math.sqrt(max(0.0, loss) / largest)) if largest > 0 else _SMALLEST


def loss_told(loss: float) -> str:
    """What is lost or won without a head, in words."""
    if loss < 0:
        return _("without it the answer gains {bits} bits").format(bits=f"{-loss:.2f}")
    return _("without it the answer loses {bits} bits").format(bits=f"{loss:.2f}")


def _count(found: Sequence[Findings], role: str) -> str:
    """How many heads have the colour of a role."""
    return str(sum(each.main == role for each in found))


def _sizes(found: Sequence[Findings], lost: Sequence[float] | None, *, hidden: bool) -> str:
    """What the sizes mean."""
    if not hidden:
        return _(
            "All circles are alike, since no word is hidden: hide one to see what its answer loses without a head."
        )
    if lost is None:
        return _("All circles are alike until it is measured what the answer loses without each head.")
    most = found[max(range(len(lost)), key=lost.__getitem__)].statistics
    return _(
        "The larger a circle, the more the answer at the hidden words loses without this head: 1 bit halves its "
        "probability. The largest is {head} with {bits} bits. A dashed circle: without it the answer is more probable."
    ).format(head=head_name(most.layer, most.head), bits=f"{max(lost):.2f}")
