"""The sequence that the model gets, token by token with ids and segments; some or all can be picked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ui.address.session import component_event
from ui.components.assets import register

TokenKind = Literal["word", "special", "masked"]

_mount = register("token_row", "elements", "keys")


@dataclass(frozen=True)
class Token:
    """One position of the input."""

    text: str  # the piece
    token_id: int
    segment: int  # 0 in the first sentence, 1 in the second
    kind: TokenKind  # for its colour


def token_row(
    tokens: Sequence[Token],
    *,
    key: str,
    labels: Mapping[str, str],
    open_positions: Collection[int],
    picked: Collection[int] = (),
    on_pick: Callable[[int], None],
    with_segments: bool = True,
) -> None:
    """Show every token with its position (from 1), its id and its segment, and report which one is picked.

    Args:
        tokens: one per position.
        key: names the instance.
        labels: texts in the reader's language: `hint`, a sentence above the tokens that says what a click does, and
            `token` with the fields {token}, {position}, {id} and {segment} for screen readers.
        open_positions: those that can be picked.
        picked: those that are picked; whoever calls remembers them.
        on_pick: called before the script runs again, with the position picked.
        with_segments: whether each says its segment; where there is one sentence only, it need not.
    """

    def report() -> None:
        position = component_event(key, "pick")
        if isinstance(position, int) and position in open_positions:
            on_pick(position)

    _mount(
        key=key,
        data={
            "tokens": [token.text for token in tokens],
            "ids": [token.token_id for token in tokens],
            "segments": [token.segment for token in tokens],
            "withSegments": with_segments,
            "kinds": [token.kind for token in tokens],
            "open": sorted(open_positions),
            "picked": sorted(picked),
            "labels": dict(labels),
        },
        on_pick_change=report,
    )
