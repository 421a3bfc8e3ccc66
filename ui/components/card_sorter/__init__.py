"""Cards to put in order: dragged by mouse or finger, moved by arrow keys, or by two buttons on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from string import ascii_uppercase

from ui.address.session import component_event
from ui.components.assets import register

_mount = register("card_sorter")


@dataclass(frozen=True)
class SorterLabels:
    """What the cards say besides their text, in the reader's language."""

    hint: str  # how cards are moved
    card: str  # name of a card, with the fields {card}, {place}, {count} and {text}
    moved: str  # announced after a move, with the fields {card}, {place} and {count}
    up: str  # of a button, with the field {card}
    down: str  # the same


def card_sorter(
    texts: Sequence[str],
    order: Sequence[int],
    *,
    key: str,
    labels: SorterLabels,
    fixed: bool = False,
    on_order: Callable[[tuple[int, ...]], None],
) -> None:
    """Show cards and report their order after each move; a card is called by its letter, the first is A.

    Args:
        texts: what the cards say.
        order: the card, from 0, at each place; whoever calls remembers it.
        key: names the instance.
        labels: what else is said.
        fixed: whether the cards are only to be read.
        on_order: called before the script runs again, with the order after the move.
    """

    def report() -> None:
        moved = component_event(key, "order")
        if isinstance(moved, list) and sorted(moved) == list(range(len(texts))):
            on_order(tuple(int(card) for card in moved))

    _mount(
        key=key,
        data={
            "cards": [list(card) for card in zip(ascii_uppercase, texts, strict=False)],
            "order": list(order),
            "labels": asdict(labels),
            "fixed": fixed,
        },
        on_order_change=report,
    )
