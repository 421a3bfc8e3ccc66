"""A board of layers × heads, each a switch: on, or off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from ui.address.session import component_event
from ui.components.assets import register

_mount = register("head_switches", "elements", "keys", "board")


def head_switches(
    layers: int,
    heads: int,
    off: Collection[tuple[int, int]],
    *,
    key: str,
    labels: Mapping[str, str],
    values: Sequence[Sequence[float]] | None = None,
    on_switch: Callable[[frozenset[tuple[int, int]]], None],
) -> None:
    """Show the board and report which heads are off after a click; the title of a row switches the whole layer.

    Args:
        layers, heads: the size of the board.
        off: (layer, head) of those that are off, from 0; whoever calls remembers them.
        key: names the instance.
        labels: texts in the reader's language: `board`, `on`, `off`, `layer` and `head` with the field {number}, and
            where there are values `value` with the field {value}, for screen readers.
        values: a number for each layer and head, written on the switch with a bar; the longest bar is the number
            farthest from 0. None where there are no numbers.
        on_switch: called before the script runs again, with all heads that are off then.
    """

    def report() -> None:
        answer = component_event(key, "off")
        if isinstance(answer, list):
            found = {(int(layer), int(head)) for layer, head in answer}
            on_switch(frozenset(each for each in found if 0 <= each[0] < layers and 0 <= each[1] < heads))

    _mount(
        key=key,
        data={
            "layers": layers,
            "heads": heads,
            "off": [list(each) for each in sorted(off)],
            "values": None if values is None else [list(row) for row in values],
            "labels": dict(labels),
        },
        on_off_change=report,
    )
