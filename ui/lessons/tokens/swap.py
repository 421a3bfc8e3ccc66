"""The view of a swap: two words change places, and which of the model's numbers change with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.pieces.changes import ChangesText, change_grid
from lm_core.explain.pieces.positions import (
    SwapEffect,
    effect_of_order,
    hidden_states_without_positions,
    swapped_order,
)
from ui.address.session import change, option
from ui.appearance import theme
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.tokens.entrance import switches
from ui.lessons.tokens.guess import guess_the_nearer
from ui.models.shelf import Reading
from ui.panels.tokens import show_tokens, word_at
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

_NOTHING = 1e-4  # a change below this is the rounding of the arithmetic


@dataclass(frozen=True, eq=False)
class Swap:
    """Two words of the sentence in each other's place, and what that changes."""

    first: int  # numbers of the words, from 0; the one picked last comes last
    second: int
    with_positions: SwapEffect
    without_positions: SwapEffect


def show(words: DeltaGenerator) -> Shown:
    """The words to pick, the sentence as it is read then, and the changes."""
    controls = switches()
    reading = read_sentence()
    read = reading.trace.encoding.words
    if len(read) < 2:
        st.info(_("A swap needs two words."))
        with words:
            guess_the_nearer(reading, is_on_page=False)
        return Shown(cells=computed(reading))
    modes = {"on": _("With positions"), "off": _("Without positions")}
    with controls:
        mode = choice(_("Positions"), list(modes), name="with", shown=lambda name: modes[name], label_visible=False)
    swap = _swap(reading)
    show_tokens(
        reading,
        _("Click two words to swap them; a third takes the place of the first."),
        open_positions=[position for word in read for position in word.positions],
        picked=[*read[swap.first].positions, *read[swap.second].positions],
        on_pick=lambda position: _pick(reading, swap, position),
    )
    st.markdown(_("Read instead: {sentence}").format(sentence=_swapped_text(reading, swap)))
    effect = swap.with_positions if mode == "on" else swap.without_positions
    _figure(reading, effect, modes[mode])
    st.caption(
        _(
            "Each number: how far the token's vector moved, as a share of the vector's length. The tokens stand in "
            "their old order; those that moved are coloured."
        )
    )
    numbers(
        _rows(reading, effect),
        alt=_("The change of every token at every stage, 1 = the vector's own length"),
        file_name="swap",
        number_format="%.6f",
    )
    functions = (swapped_order, hidden_states_without_positions, effect_of_order)
    computation = (
        f"{imports(effect_of_order, swapped_order)}"
        f"order = swapped_order(trace.encoding, {swap.first}, {swap.second})  # words counted from 0\n"
        "effects = [\n"
        "    effect_of_order(lm.model.body, trace.encoding, order, with_positions=with_positions)\n"
        "    for with_positions in (True, False)\n"
        "]\n"
        "[effect.change for effect in effects]"
    )
    with words:
        guess_the_nearer(reading, is_on_page=False)
    return Shown(functions, computed(reading, computation), _notice(swap), _challenge(swap))


def _notice(swap: Swap) -> tuple[str, ...]:
    """What changed, counted."""
    there, gone = swap.with_positions.change, swap.without_positions.change
    tokens, layers = there.shape[1], there.shape[0] - 1
    return (
        _("With positions {count} of {tokens} tokens have another embedding.").format(
            count=_changed(there[0]), tokens=tokens
        ),
        _("After layer {layers}, {count} of {tokens} have another vector, on average {mean} away.").format(
            layers=layers, count=_changed(there[-1]), tokens=tokens, mean=percent(float(there[-1].mean()))
        ),
        _(
            "Without positions the largest change anywhere is {most}, the rounding of the arithmetic: the same vectors "
            "in another order. Attention alone reads a bag of words."
        ).format(most=_tiny(float(gone.max()))),
    )


def _challenge(swap: Swap) -> str:
    """Two words of the same pieces: what stands around them does not notice."""
    stayed = [place for place, token in enumerate(swap.with_positions.order) if place == token]
    if float(swap.with_positions.change[:, stayed].max()) < _NOTHING:
        return _("**Challenge.** ✓ Nothing around the two words changed, in any layer. Why?")
    return _("**Challenge.** Find a swap that changes no vector but those of the two words, in any layer.")


def _swap(reading: Reading) -> Swap:
    """The words that the address names, else two to begin with, and the passes over both orders."""
    encoding, body = reading.trace.encoding, reading.model.model.body
    first, second = _asked(reading)
    order = swapped_order(encoding, first, second)
    return Swap(
        first,
        second,
        effect_of_order(body, encoding, order, with_positions=True),
        effect_of_order(body, encoding, order, with_positions=False),
    )


def _asked(reading: Reading) -> tuple[int, int]:
    """Two different words; to begin with the second of the sentence and the last that has letters."""
    words = reading.trace.encoding.words
    named = [
        int(number) - 1
        for number in (option("swap") or "").split(",")
        if number.isascii() and number.isdigit() and len(number) <= 6 and 1 <= int(number) <= len(words)
    ]
    if len(named) == 2 and named[0] != named[1]:
        return named[0], named[1]
    lettered = [number for number, word in enumerate(words) if number != 1 and word.text.isalpha()]
    return 1, lettered[-1] if lettered else 0


def _pick(reading: Reading, swap: Swap, position: int) -> None:
    """The word that was clicked comes in, and the one picked longer ago goes."""
    number = word_at(reading, position)
    if number is not None and number not in (swap.first, swap.second):
        change(swap=f"{swap.second + 1},{number + 1}")


def _swapped_text(reading: Reading, swap: Swap) -> str:
    """The sentence with the two words in each other's place, as Markdown."""
    encoding = reading.trace.encoding
    before, after = sorted((encoding.words[swap.first], encoding.words[swap.second]), key=lambda word: word.start)
    text = encoding.text
    end = encoding.words[-1].end
    swapped = text[: before.start] + after.text + text[before.end : after.start] + before.text + text[after.end : end]
    return code_span(swapped)


def _changed(change: Tensor) -> int:
    """How many tokens moved by more than the rounding."""
    return int((change > _NOTHING).sum())


def _tiny(value: float) -> str:
    """A share that may be very small, in percent."""
    return f"{100 * value:.1g}\u00a0%"


def _stages(effect: SwapEffect) -> list[str]:
    """The names of the columns."""
    return [_("embedding"), *(_("layer {number}").format(number=number) for number in range(1, len(effect.change)))]


def _figure(reading: Reading, effect: SwapEffect, mode: str) -> None:
    """A cell for each token and stage."""
    show_figure(
        change_grid(
            effect.change.T.numpy(),
            reading.trace.encoding.tokens,
            theme=theme(),
            text=ChangesText(change=_("change"), start=_("input"), layer=_("after layer")),
            moved=[token for place, token in enumerate(effect.order) if place != token],
        ),
        key="changes",
        file_name="swap",
        alt=_("{mode}: how far the swap moves every token at every stage, at most {most}").format(
            mode=mode, most=percent(float(effect.change.max()))
        ),
    )


def _rows(reading: Reading, effect: SwapEffect) -> list[Row]:
    """A row for each token."""
    return [
        {
            _("position"): position + 1,
            _("token"): token,
            **dict(zip(_stages(effect), effect.change[:, position].tolist(), strict=True)),
        }
        for position, token in enumerate(reading.trace.encoding.tokens)
    ]
