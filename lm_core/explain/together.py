"""Many inputs in one forward pass: what a text becomes when its words are hidden or left out, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.text.tokenization import Encoding

POSITIONS_IN_A_PASS = 2048  # padding included: enough for a sentence with each word hidden in turn, and little memory


@dataclass(frozen=True)
class Variant:
    """One input for the model, and where its answer is wanted."""

    input_ids: tuple[int, ...]
    token_type_ids: tuple[int, ...]  # 0 in the first text, 1 in the second
    scored_positions: tuple[int, ...]  # of this input, at which a piece is asked for; none where only the pair counts


@dataclass(frozen=True, eq=False)
class Answer:
    """What the model answers to one variant, in float32 on the processor."""

    prediction_logits: Tensor  # (scored position, vocab)
    seq_relationship_logits: Tensor  # (2,) index 0: the second text follows the first


def hide(encoding: Encoding, positions: Collection[int], mask_id: int, scored_positions: Sequence[int] = ()) -> Variant:
    """A text with [MASK] at some more positions; nothing moves.

    Args:
        encoding: of the text, or of the two.
        positions: to be hidden; none leaves the input as it is.
        mask_id: the id of [MASK].
        scored_positions: where a piece is asked for.
    """
    ids = tuple(mask_id if position in positions else id_ for position, id_ in enumerate(encoding.input_ids))
    return Variant(ids, encoding.token_type_ids, tuple(scored_positions))


def leave_out(encoding: Encoding, positions: Collection[int], scored_positions: Sequence[int] = ()) -> Variant:
    """A text without some of its tokens: those that stood behind them move up.

    Args:
        encoding: of the text, or of the two.
        positions: to be left out.
        scored_positions: where a piece is asked for, as `encoding` counts them.

    Raises:
        ValueError: a scored position is left out.
    """
    kept = [position for position in range(len(encoding.input_ids)) if position not in positions]
    place = {position: index for index, position in enumerate(kept)}
    gone = [position for position in scored_positions if position not in place]
    if gone:
        raise ValueError(f"scored_positions: {gone} are left out by positions {sorted(positions)}")
    return Variant(
        tuple(encoding.input_ids[position] for position in kept),
        tuple(encoding.token_type_ids[position] for position in kept),
        tuple(place[position] for position in scored_positions),
    )


@torch.inference_mode()
def answer_together(
    lm: LanguageModel, variants: Sequence[Variant], on_progress: Callable[[int, int], None] | None = None
) -> list[Answer]:
    """Ask the model about many inputs, as many at once as fit into one forward pass.

    The answers are those of one pass each, up to the rounding of float32 (1e-5): padding is masked out.

    Args:
        lm: who answers.
        variants: what is asked; none longer than the model's positions.
        on_progress: called after each pass with how many are answered, and of how many.

    Returns:
        An answer to each, in their order.
    """
    answers: dict[int, Answer] = {}
    for numbers in _passes([len(variant.input_ids) for variant in variants]):
        answers.update(zip(numbers, _one_pass(lm, [variants[number] for number in numbers]), strict=True))
        if on_progress is not None:
            on_progress(len(answers), len(variants))
    return [answers[number] for number in range(len(variants))]


def _passes(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of the inputs that go through the model together: like lengths, so that little is padded."""
    together: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        if together and lengths[together[0]] * (len(together) + 1) > POSITIONS_IN_A_PASS:
            yield together
            together = []
        together.append(number)
    if together:
        yield together


def _one_pass(lm: LanguageModel, variants: Sequence[Variant]) -> list[Answer]:
    """Answer all of them in one forward pass."""
    longest = max(len(variant.input_ids) for variant in variants)

    def padded(rows: Sequence[tuple[int, ...]], filler: int) -> Tensor:
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows], device=lm.device)

    scored = [row * longest + position for row, variant in enumerate(variants) for position in variant.scored_positions]
    answer = lm.model(
        padded([variant.input_ids for variant in variants], lm.tokenizer.pad_id),
        padded([variant.token_type_ids for variant in variants], 0),
        padded([(1,) * len(variant.input_ids) for variant in variants], 0),
        scored_positions=torch.tensor(scored, dtype=torch.long, device=lm.device),
    )
    logits = answer.prediction_logits.float().cpu().split([len(variant.scored_positions) for variant in variants])
    return [Answer(*each) for each in zip(logits, answer.seq_relationship_logits.float().cpu(), strict=True)]
