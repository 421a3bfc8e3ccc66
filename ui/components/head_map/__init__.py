"""All layers × heads as circles: colour and sign tell what a head is for, the area what is lost without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from ui.address.session import component_event
from ui.components.assets import register

_mount = register("head_map", "elements", "keys", "board")


@dataclass(frozen=True)
class Circle:
    """One head on the map."""

    role: str  # one of figures.theme.ROLES, or "none"
    sign: str  # a letter or two for those who do not see the colour
    share: float  # the diameter as a share of the largest, 0 to 1
    gains: bool  # whether the answer is better without the head
    about: str  # what the circle says, in words


@dataclass(frozen=True)
class LegendEntry:
    """A role in the legend."""

    role: str  # as of Circle
    sign: str
    name: str
    rule: str  # when a head has it


def head_map(
    circles: Sequence[Circle],
    legend: Sequence[LegendEntry],
    *,
    key: str,
    layers: int,
    heads: int,
    layer: int,
    head: int,
    labels: Mapping[str, str],
    on_head: Callable[[int, int], None],
) -> None:
    """Show every head as a circle and report which one is picked.

    Args:
        circles: one for each head, layer by layer.
        legend: what the colours and signs mean.
        key: names the instance.
        layers, heads: of the model.
        layer: index of the selected layer; whoever calls remembers it.
        head: index of the selected head.
        labels: texts in the reader's language: `grid`, and `layer`, `head` with the field {number}.
        on_head: called before the script runs again, with the layer and the head picked.

    Raises:
        ValueError: there are not as many circles as heads.
    """
    if len(circles) != layers * heads:
        raise ValueError(f"{len(circles)} circles do not fit {layers} layers of {heads} heads")

    def report() -> None:
        picked = component_event(key, "head")
        if picked is not None and 0 <= picked["layer"] < layers and 0 <= picked["head"] < heads:
            on_head(picked["layer"], picked["head"])

    _mount(
        key=key,
        data={
            "layers": layers,
            "heads": heads,
            "circles": [asdict(circle) for circle in circles],
            "legend": [asdict(entry) for entry in legend],
            "layer": layer,
            "head": head,
            "labels": dict(labels),
        },
        on_head_change=report,
    )
