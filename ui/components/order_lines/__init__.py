"""Orders of the same sentences side by side, linked by lines that cross where two sentences are turned round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.components.assets import register

_mount = register("order_lines")


@dataclass(frozen=True)
class Column:
    """One order and what stands above it, in the reader's language."""

    title: str
    note: str  # under the title
    order: Sequence[int]  # the sentence, as the order in the middle counts them from 0, at each place


def order_lines(
    sentences: Sequence[str], letters: Sequence[str], left: Column, right: Column, *, title: str, note: str, key: str
) -> None:
    """Show the order in the middle with its sentences, and one order on each side as letters.

    Args:
        sentences: in the order of the middle.
        letters: what each of them is called.
        left, right: the two orders beside it.
        title, note: above the middle.
        key: names the instance.
    """
    _mount(
        key=key,
        data={
            "sentences": list(sentences),
            "letters": list(letters),
            "columns": [
                {"title": left.title, "note": left.note, "order": list(left.order)},
                {"title": title, "note": note, "order": list(range(len(sentences)))},
                {"title": right.title, "note": right.note, "order": list(right.order)},
            ],
        },
    )
