"""Attention as lines between the words: on the left who looks, on the right who is looked at."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ui.address.session import component_event
from ui.components.assets import register

TokenKind = Literal["word", "special", "masked"]

_mount = register("attention_view", "elements", "keys", "pointed", "attention_lines")


def attention_view(
    tokens: Sequence[str],
    probs: NDArray[np.float32],
    *,
    key: str,
    kinds: Sequence[TokenKind],
    labels: Mapping[str, str],
    picked: tuple[int | None, int | None] = (None, None),
    group: str | None = None,
    on_pick: Callable[[int | None, int | None], None],
) -> None:
    """Show one head's attention; hovering a token shows its lines alone, a click pins it.

    Args:
        tokens: what the model reads, one per position.
        probs: (query, key) attention probabilities; each row sums to 1. Sent as they are, in float32.
        key: names the instance.
        kinds: of each token, for its colour.
        labels: texts in the reader's language: `view`, `query`, `key` (titles), and `announce_query`,
            `announce_key` with the fields {token} and {others} for screen readers.
        picked: the query and the key that are pinned; whoever calls remembers them.
        group: views of one name show what is pointed at in any of them.
        on_pick: called before the script runs again, with the query and the key pinned after the click.

    Raises:
        ValueError: tokens, kinds and probs are not of the same length.
    """
    size = len(tokens)
    if probs.shape != (size, size) or len(kinds) != size:
        raise ValueError(f"{size} tokens, {len(kinds)} kinds and probs of shape {probs.shape} do not fit together")

    def report() -> None:
        pick = component_event(key, "pick")
        if pick is not None:
            on_pick(_position(pick["query"], size), _position(pick["key"], size))

    _mount(
        key=key,
        data={
            "tokens": list(tokens),
            "kinds": list(kinds),
            "probs": base64.b64encode(probs.astype("<f4", order="C").tobytes()).decode("ascii"),
            "query": _position(picked[0], size),
            "key": _position(picked[1], size),
            "group": group,
            "labels": dict(labels),
        },
        on_pick_change=report,
    )


def _position(value: int | None, size: int) -> int | None:
    """The position if there is one and the sentence is that long."""
    return value if value is not None and 0 <= value < size else None
