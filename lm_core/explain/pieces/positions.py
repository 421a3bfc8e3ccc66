"""Where a word stands, in numbers: learned and sinusoidal position embeddings, and what they are good for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from lm_core.text.tokenization import Encoding
from lm_core.transformer.model import TransformerModel


@dataclass(frozen=True, eq=False)
class SwapEffect:
    """What a new order of the tokens changes in each token's vectors, wherever the token stands by then."""

    change: Tensor  # (stage, token) distance of the two vectors over the length of the first; 0 = the same
    order: tuple[int, ...]  # for each place of the new order, the token that stands there


def sinusoidal_positions(length: int, hidden_size: int) -> Tensor:
    """Position embeddings that need no training: waves of falling frequency (Vaswani et al. 2017, §3.5).

    Args:
        length: how many positions.
        hidden_size: width.

    Returns:
        (position, hidden) between -1 and 1: in dimension 2i sin(position / 10000^(2i / hidden)), in 2i + 1 its cosine.
    """
    exponents = torch.arange(0, hidden_size, 2, dtype=torch.float64) / hidden_size
    angles = torch.arange(length, dtype=torch.float64)[:, None] / 10_000.0**exponents
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :hidden_size].float()


def products_by_distance(embeddings: Tensor) -> Tensor:
    """How alike two positions are, by how far they stand apart: their mean dot product.

    Args:
        embeddings: (position, hidden).

    Returns:
        (distance,) from 0 to the last position: the mean over all pairs of positions at that distance.
    """
    products = embeddings @ embeddings.T
    return torch.stack([products.diagonal(distance).mean() for distance in range(len(embeddings))])


def cosines_by_distance(embeddings: Tensor) -> Tensor:
    """The same for the cosine, between -1 and 1: the dot product of vectors scaled to length 1."""
    return products_by_distance(F.normalize(embeddings, dim=-1))


def swapped_order(encoding: Encoding, first: int, second: int) -> tuple[int, ...]:
    """The order of the tokens after two words, with all their pieces, have changed places.

    Args:
        encoding: of the sentence.
        first, second: numbers of two of its words, from 0.

    Returns:
        For each place, the position at which its token stood before.
    """
    before, after = sorted((encoding.words[first].positions, encoding.words[second].positions))
    if before == after:
        return tuple(range(len(encoding.tokens)))
    between = range(before[-1] + 1, after[0])
    return (*range(before[0]), *after, *between, *before, *range(after[-1] + 1, len(encoding.tokens)))


def hidden_states_without_positions(body: TransformerModel, input_ids: Tensor, token_type_ids: Tensor) -> list[Tensor]:
    """Run the same model on a bag of words: everything as it is, but no position embedding is added.

    Args:
        body: in eval mode.
        input_ids, token_type_ids: (batch, position).

    Returns:
        The embeddings' output, then each layer's, (batch, position, hidden) each.
    """
    embeddings = body.embeddings
    start = embeddings.norm(embeddings.word(input_ids) + embeddings.token_type(token_type_ids))
    return [start, *(layer.output for layer in body.encoder(start, trace=True).layers)]


def hidden_states_with_positions(body: TransformerModel, input_ids: Tensor, token_type_ids: Tensor) -> list[Tensor]:
    """Run the model as it is; arguments and result as of `hidden_states_without_positions`."""
    read = body(input_ids, token_type_ids, trace=True)
    return [read.embeddings.output, *(layer.output for layer in read.layers)]


@torch.inference_mode()
def effect_of_order(
    body: TransformerModel, encoding: Encoding, order: Sequence[int], *, with_positions: bool
) -> SwapEffect:
    """How far each token's vectors move when the tokens stand in another order.

    Args:
        body: in eval mode.
        encoding: of the sentence as it stands.
        order: for each place, the position at which its token stood before.
        with_positions: False leaves the position embedding out. Attention then has no way to know who stands where.
    """
    device = body.embeddings.word.weight.device
    ids = torch.tensor(encoding.input_ids, device=device)
    segments = torch.tensor(encoding.token_type_ids, device=device)
    moved = torch.tensor(order, device=device)
    run = hidden_states_with_positions if with_positions else hidden_states_without_positions
    stages = torch.stack(run(body, torch.stack([ids, ids[moved]]), torch.stack([segments, segments[moved]])))
    before = stages[:, 0].float().cpu()
    after = torch.empty_like(before)
    after[:, moved.cpu()] = stages[:, 1].float().cpu()
    return SwapEffect((after - before).norm(dim=-1) / before.norm(dim=-1), tuple(order))
