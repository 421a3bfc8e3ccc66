"""A head small enough to compute by hand: our own numbers, what the reader has changed in them, and the switches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from ui.address.session import change, option

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.explain.heads.by_hand import HeadSteps, HeadWeights

Matrix = tuple[tuple[float, ...], ...]
Letter = Literal["x", "q", "k", "v", "o"]  # of X, W^Q, W^K, W^V and W^O in the address
Cell = tuple[Letter, int, int]
Masking = Literal["none", "padding", "causal"]

TOKENS = ("the", "dog", "chased", "it", "[PAD]")
PADDING = TOKENS.index("[PAD]")
MASKINGS: tuple[Masking, ...] = ("none", "padding", "causal")
LARGEST = 1000.0  # of a number that the reader may put in
_MOST_EDITS = 100

# Chosen by hand: thing, living, action; the fourth number is left to where a token stands.
EMBEDDINGS: Matrix = (
    (0.0, 0.0, 0.0, 0.0),
    (1.0, 1.0, 0.0, 0.0),
    (0.0, 0.0, 1.0, 0.0),
    (1.0, 0.5, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0),
)
POSITIONS: Matrix = tuple((0.0, 0.0, 0.0, position / 4) for position in range(len(TOKENS)))
WEIGHTS: Mapping[Letter, Matrix] = {
    # What each token asks for: an action asks for things that live, a thing asks for what lives.
    "q": ((0.0, 2.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (2.0, 2.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
    # What it offers: itself, and less the further back it stands.
    "k": ((1.0, 0.0, 0.0, 0.0), (0.0, 2.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, -1.0)),
    # What it hands on when it is looked at.
    "v": ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 0.5)),
    "o": ((0.5, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, -0.5), (0.0, 0.0, 0.0, 1.0)),
}


@dataclass(frozen=True)
class Toy:
    """What the reader has done to the toy."""

    edits: Mapping[Cell, float]
    swapped: tuple[int, int] | None  # positions of two words
    masking: Masking
    scaled: bool
    with_positions: bool

    @property
    def order(self) -> tuple[int, ...]:
        """Which token stands at each position."""
        places = list(range(len(TOKENS)))
        if self.swapped is not None:
            one, other = self.swapped
            places[one], places[other] = places[other], places[one]
        return tuple(places)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens as they stand."""
        return tuple(TOKENS[token] for token in self.order)


UNTOUCHED = Toy(edits={}, swapped=None, masking="none", scaled=True, with_positions=True)
SWAPS = tuple(combinations(range(PADDING), 2))


def toy_of_address() -> Toy:
    """The toy as the address says it; what cannot be read there is left out."""
    swap = option("swap") or ""
    pairs = {f"{one + 1}-{other + 1}": (one, other) for one, other in SWAPS}
    masking = option("masking")
    return Toy(
        edits=read_edits(option("edits") or ""),
        swapped=pairs.get(swap),
        masking=next((known for known in MASKINGS if known == masking), "none"),
        scaled=option("unscaled") != "on",
        with_positions=option("unplaced") != "on",
    )


def read_edits(text: str) -> dict[Cell, float]:
    """`x2.1:0.5,q1.3:-1` as cells and their numbers: the letter of a matrix, row and column from 1, the number."""
    edits: dict[Cell, float] = {}
    for letter, row, column, number in re.findall(
        r"\b([xqkvo])([1-9])\.([1-9]):(-?\d{1,4}(?:\.\d{1,6})?)(?![^,])", text[:4000]
    )[:_MOST_EDITS]:
        cell: Cell = (letter, int(row) - 1, int(column) - 1)
        rows = len(TOKENS) if letter == "x" else len(WEIGHTS["q"])
        if cell[1] < rows and cell[2] < len(EMBEDDINGS[0]) and abs(float(number)) <= LARGEST:
            edits[cell] = float(number)
    return edits


def write_edits(edits: Mapping[Cell, float]) -> str:
    """The opposite of `read_edits`; numbers keep six digits after the point."""
    return ",".join(
        f"{letter}{row + 1}.{column + 1}:{f'{number:.6f}'.rstrip('0').rstrip('.')}"
        for (letter, row, column), number in edits.items()
    )


def edit(letter: Letter, row: int, column: int, number: float) -> None:
    """Put another number into one cell; for callbacks. A number beyond the limit becomes the limit."""
    bounded = max(-LARGEST, min(LARGEST, number))
    change(edits=write_edits({**toy_of_address().edits, (letter, row, column): bounded}))


def toy_steps(toy: Toy) -> tuple[HeadSteps, HeadWeights, Tensor]:
    """Every matrix of the toy, its weights, and its additive mask, (query, key)."""
    import torch

    from lm_core.explain.heads.by_hand import HeadWeights, head_steps

    def edited(letter: Letter, matrix: Tensor) -> Tensor:
        for (its_letter, row, column), number in toy.edits.items():
            if its_letter == letter:
                matrix[row, column] = number
        return matrix

    inputs = torch.tensor(EMBEDDINGS)[list(toy.order)]
    if toy.with_positions:
        inputs = inputs + torch.tensor(POSITIONS)
    inputs = edited("x", inputs)
    query, key, value, output = (edited(letter, torch.tensor(matrix)) for letter, matrix in WEIGHTS.items())
    nothing = torch.zeros(query.shape[1])
    weights = HeadWeights(query, key, value, output, nothing, nothing, nothing)
    mask = _mask(toy.masking)
    return head_steps(inputs, weights, mask, scaled=toy.scaled), weights, mask


def without_swap(toy: Toy) -> Toy:
    """The same toy with its words where they stood."""
    return replace(toy, swapped=None)


def _mask(masking: Masking) -> Tensor:
    """What is added to the scores, (query, key): 0 to keep, the type's finite minimum to hide."""
    import torch

    from lm_core.transformer.attention import additive_mask

    size = len(TOKENS)
    if masking == "causal":
        later = torch.ones(size, size, dtype=torch.bool).triu(diagonal=1)
        return torch.zeros(size, size).masked_fill(later, torch.finfo(torch.float32).min)
    there = torch.ones(1, size)
    if masking == "padding":
        there[0, PADDING] = 0
    return additive_mask(there, torch.float32)[0, 0].expand(size, size)
