"""The input as tiles, as the views of the lesson on tokens show it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from lm_core.explain.heads.attention import special_positions
from ui.components.token_row import Token, TokenKind, token_row
from ui.i18n import _
from ui.models.shelf import Reading


def show_tokens(
    reading: Reading,
    hint: str,
    *,
    open_positions: Collection[int],
    picked: Collection[int],
    on_pick: Callable[[int], None],
) -> None:
    """Every token that the model gets, with position, id and segment.

    Args:
        reading: whose input.
        hint: what stands above the tokens: what a click does.
        open_positions: those that can be picked.
        picked: those that are.
        on_pick: called with the position that was clicked.
    """
    encoding = reading.trace.encoding
    kinds: list[TokenKind] = ["word"] * len(encoding.tokens)
    for position in special_positions(encoding):
        kinds[position] = "special"
    for position in encoding.masked_positions:
        kinds[position] = "masked"
    rows = zip(encoding.tokens, encoding.input_ids, encoding.token_type_ids, kinds, strict=True)
    token_row(
        [Token(*row) for row in rows],
        key="token_row",
        labels={"hint": hint, "token": _("{token}: position {position}, id {id}, segment {segment}")},
        open_positions=open_positions,
        picked=picked,
        on_pick=on_pick,
    )


def word_at(reading: Reading, position: int) -> int | None:
    """The number of the word, from 0, to which a position belongs; None for special tokens and the second sentence."""
    words = reading.trace.encoding.words
    return next((number for number, word in enumerate(words) if position in word.positions), None)
