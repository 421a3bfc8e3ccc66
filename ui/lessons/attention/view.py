"""One head as seven matrix products to look at: of the toy, or of any head of the model in memory."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from ui.components.attention_view import TokenKind
from ui.components.matrix import LARGEST, Tone
from ui.i18n import N_
from ui.lessons.attention.toy_head import PADDING, UNTOUCHED, Letter, Toy, toy_steps
from ui.models.shelf import Reading

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.explain.heads.by_hand import HeadSteps, HeadWeights, WrittenSum

StepName = Literal["query", "key", "value", "scores", "probs", "context", "output"]
STEPS: tuple[StepName, ...] = get_args(StepName)
ALL_DRAWN = 16  # products of a sum; of more, those that weigh most are drawn
WEIGHTIEST = 8  # of them, so that their numbers have room


@dataclass(frozen=True)
class StepText:
    """What a step is called and does; messages, to be translated."""

    short: str  # on its button
    what: str


TEXTS: Mapping[StepName, StepText] = {
    "query": StepText(
        "Q", N_("Each token's row of X is multiplied by the weights $W^Q$: this is its query, what it looks for.")
    ),
    "key": StepText("K", N_("The same rows times $W^K$: each token's key, what it offers to those that look.")),
    "value": StepText("V", N_("The same rows times $W^V$: each token's value, what it hands on when it is looked at.")),
    "scores": StepText(
        "QKᵀ / √d",
        N_(
            "Each query meets each key: the dot product of their numbers, divided by √d, plus what the mask adds. The "
            "better they match, the higher the score."
        ),
    ),
    "probs": StepText(
        "softmax",
        N_("The softmax turns each row of scores into shares: all positive, and together 1. This is the attention."),
    ),
    "context": StepText("AV", N_("Each token mixes the values of all tokens, as much of each as its attention says.")),
    "output": StepText("CWᴼ", N_("The mix times $W^O$: what this head adds to what the token is made of.")),
}


@dataclass(frozen=True, eq=False)
class Part:
    """A matrix of a step."""

    symbol: str  # LaTeX
    numbers: Tensor  # (row, column)
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    rows_are_tokens: bool = False
    columns_are_tokens: bool = False
    tone: Tone | None = None  # its colour of meaning
    letter: Letter | None = None  # by which the reader's changes to it stand in the address
    before: Tensor | None = None  # the same matrix before the reader changed anything
    is_probability: bool = False


@dataclass(frozen=True, eq=False)
class HandView:
    """A head to be followed by hand, and what the reader knows of it."""

    tokens: tuple[str, ...]
    kinds: tuple[TokenKind, ...]
    steps: HeadSteps
    weights: HeadWeights
    divisor: float  # √head_dim, or 1 where the reader has left it out
    mask: Tensor | None  # (query, key) what is added to the scores
    before: tuple[HeadSteps, HeadWeights] | None  # the toy as it came; None for a head of the model

    @property
    def first_asked(self) -> int:
        """The token that is asked about until the reader asks: a masked one, else the last word, of those drawn."""
        kinds, tokens = self.kinds[:LARGEST], self.tokens
        masked = [place for place, kind in enumerate(kinds) if kind == "masked"]
        words = [place for place, kind in enumerate(kinds) if kind == "word" and tokens[place].isalnum()]
        return (masked or words or [0])[-1]


def toy_view(toy: Toy) -> HandView:
    """The toy with the reader's changes."""
    steps, weights, mask = toy_steps(toy)
    before = toy_steps(UNTOUCHED)[:2]
    return HandView(
        tokens=toy.tokens,
        kinds=tuple("special" if place == PADDING else "word" for place in toy.order),
        steps=steps,
        weights=weights,
        divisor=math.sqrt(steps.query.shape[1]) if toy.scaled else 1.0,
        mask=None if toy.masking == "none" else mask,
        before=before,
    )


def model_view(reading: Reading, layer: int, head: int) -> HandView:
    """A head of the reader's model on the reader's sentence."""
    from lm_core.explain.heads.attention import special_positions
    from lm_core.explain.heads.by_hand import steps_of, weights_of

    weights = weights_of(reading.model, layer, head)
    encoding = reading.trace.encoding
    special = special_positions(encoding)
    kinds: list[TokenKind] = ["special" if place in special else "word" for place in range(len(encoding.tokens))]
    for place in encoding.masked_positions:
        kinds[place] = "masked"
    return HandView(
        tokens=encoding.tokens,
        kinds=tuple(kinds),
        steps=steps_of(reading.trace, weights, layer, head),
        weights=weights,
        divisor=math.sqrt(reading.model.config.head_dim),
        mask=None,
        before=None,
    )


def parts(view: HandView, step: StepName) -> tuple[Part, Part | None, Part]:
    """The matrices of a step: left, right (the softmax has none) and result."""
    steps, weights = view.steps, view.weights
    old_steps, old_weights = view.before or (None, None)
    tokens = view.tokens
    width, hidden = _numbered(steps.query.shape[1]), _numbered(steps.inputs.shape[1])

    def of_tokens(symbol: str, name: str, columns: tuple[str, ...], tone: Tone | None = None) -> Part:
        old = None if old_steps is None else getattr(old_steps, name)
        return Part(symbol, getattr(steps, name), tokens, columns, rows_are_tokens=True, tone=tone, before=old)

    def learned(symbol: str, name: str, letter: Letter, tone: Tone) -> Part:
        rows, columns = (width, hidden) if name == "output" else (hidden, width)
        old = None if old_weights is None else getattr(old_weights, name)
        its_letter = None if old is None else letter
        return Part(symbol, getattr(weights, name), rows, columns, tone=tone, letter=its_letter, before=old)

    def pairs(symbol: str, name: str, *, is_probability: bool) -> Part:
        old = None if old_steps is None else getattr(old_steps, name)
        numbers = getattr(steps, name)
        return Part(symbol, numbers, tokens, tokens, True, True, None, None, old, is_probability)

    inputs = Part(
        "X", steps.inputs, tokens, hidden, rows_are_tokens=True,
        letter=None if old_steps is None else "x", before=None if old_steps is None else old_steps.inputs,
    )  # fmt: skip
    query = of_tokens("Q", "query", width, "query")
    value = of_tokens("V", "value", width, "value")
    old_key = None if old_steps is None else old_steps.key.T
    keys = Part("K^\\top", steps.key.T, width, tokens, columns_are_tokens=True, tone="key", before=old_key)
    scores = pairs("S", "scores", is_probability=False)
    probs = pairs("A", "probs", is_probability=True)
    context = of_tokens("C", "context", width, "context")
    of_step: dict[StepName, tuple[Part, Part | None, Part]] = {
        "query": (inputs, learned("W^Q", "query", "q", "query"), query),
        "key": (inputs, learned("W^K", "key", "k", "key"), of_tokens("K", "key", width, "key")),
        "value": (inputs, learned("W^V", "value", "v", "value"), value),
        "scores": (query, keys, scores),
        "probs": (scores, None, probs),
        "context": (probs, value, context),
        "output": (context, learned("W^O", "output", "o", "context"), of_tokens("O", "output", hidden)),
    }
    return of_step[step]


def sum_of(view: HandView, step: StepName, row: int, column: int) -> WrittenSum:
    """The sum behind one number of a step's result; not for the softmax, which is no sum of products.

    Args:
        view: whose.
        step: any but "probs".
        row, column: of the result.
    """
    from lm_core.explain.heads.by_hand import written_sum

    left, right, result = parts(view, step)
    assert right is not None
    biases = {"query": view.weights.query_bias, "key": view.weights.key_bias, "value": view.weights.value_bias}
    added = biases[step][column] if step in biases else None
    if step == "scores" and view.mask is not None:
        added = view.mask[row, column]
    return written_sum(
        left.numbers[row],
        right.numbers[:, column],
        result.numbers[row, column],
        divisor=view.divisor if step == "scores" else 1.0,
        added=added,
    )


def drawn_between(total: int, products: Sequence[float]) -> list[int]:
    """Which columns of the left and rows of the right matrix are drawn: all, or the weightiest where it is too many."""
    if total <= ALL_DRAWN:
        return list(range(total))
    by_weight = sorted(range(total), key=lambda place: -abs(products[place]))
    return sorted(by_weight[:WEIGHTIEST])


def drawn_block(total: int, picked: int) -> list[int]:
    """Which columns of a result are drawn: all, or the block of 64 with the one that is picked."""
    first = picked // LARGEST * LARGEST
    return list(range(first, min(total, first + LARGEST)))


def _numbered(count: int) -> tuple[str, ...]:
    """Names of numbers that have none: 1, 2, 3."""
    return tuple(str(number) for number in range(1, count + 1))
