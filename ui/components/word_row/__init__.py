"""A row of words, each with a colour on a scale around 0 and lines above and below; words can be picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ui.address.session import component_event
from ui.components.assets import register

_LONGEST = 40  # characters shown of one word; a longer one would fill the row

RowKind = Literal["word", "masked", "random", "kept"]

_mount = register("word_row", "elements", "scales", "keys")


@dataclass(frozen=True)
class RowWord:
    """One word of the row, and what is known of it; texts in the reader's language, as text."""

    text: str
    value: float | None = None  # its place on the scale around 0; None: no colour
    kind: RowKind = "word"  # hidden by [MASK], replaced by chance, or asked for although it is seen
    above: str = ""  # a small line above the word
    below: str = ""  # a small line below it
    told: str = ""  # one line that appears when it is pointed at, and which a screen reader reads
    is_open: bool = True  # whether it can be picked


@dataclass(frozen=True)
class RowLabels:
    """What stands around the row, in the reader's language."""

    hint: str  # a sentence above: what the colours are and what a click does
    low: str = ""  # the end of the scale below 0
    high: str = ""  # the end above 0


def word_row(
    words: Sequence[RowWord],
    *,
    key: str,
    labels: RowLabels,
    bound: float | None = None,
    picked: int | None = None,
    on_pick: Callable[[int], None],
) -> None:
    """Show the words and report which one is picked; the scale stands below where a word has a value.

    Args:
        words: in the order of the text.
        key: names the instance.
        labels: the hint and the ends of the scale.
        bound: the magnitude with the strongest colour; None means the largest there is.
        picked: the number of the word that is asked about; whoever calls remembers it.
        on_pick: called before the script runs again, with the number of the word that was picked.
    """

    def report() -> None:
        number = component_event(key, "pick")
        if isinstance(number, int) and 0 <= number < len(words) and words[number].is_open:
            on_pick(number)

    largest = max((abs(word.value) for word in words if word.value is not None), default=0.0)
    _mount(
        key=key,
        data={
            "words": [
                {
                    "text": _short(word.text),
                    "value": word.value,
                    "kind": word.kind,
                    "above": _short(word.above),
                    "below": word.below,
                    "told": word.told,
                    "open": word.is_open,
                }
                for word in words
            ],
            "labels": {"hint": labels.hint, "low": labels.low, "high": labels.high},
            "bound": bound or largest or 1.0,
            "picked": picked,
        },
        on_pick_change=report,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
