"""The corruption that makes a masked-word question: 80 % [MASK], 10 % a random piece, 10 % as it was."""

from __future__ import annotations

import torch
from torch import Tensor

NOT_SCORED = -100  # the label of a position, or of a pair, that no loss counts


def corrupt(
    input_ids: Tensor,
    can_be_masked: Tensor,
    *,
    rate: float,
    mask_id: int,
    vocab_size: int,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Hide some tokens and ask for them (Devlin et al. 2019, §3.1, task 1, and A.1).

    Of the chosen positions 80 % become [MASK], 10 % a random piece, 10 % stay as they are: the model has to
    judge every word, not only the masked ones.

    Args:
        input_ids: (batch, position).
        can_be_masked: (batch, position) True for ordinary tokens, False for special tokens and padding.
        rate: share of a sequence's ordinary tokens that is chosen; at least one each.
        mask_id: id of [MASK].
        vocab_size: random pieces are drawn from all ids below it.
        generator: the source of chance, on the same device.

    Returns:
        The corrupted ids, and the labels: the original id where chosen, -100 elsewhere; both (batch, position).
    """
    chance = torch.rand(input_ids.shape, generator=generator)
    order = chance.masked_fill(~can_be_masked, 2.0).argsort(dim=1).argsort(dim=1)
    wanted = (can_be_masked.sum(dim=1, keepdim=True) * rate).round().clamp(min=1)
    chosen = (order < wanted) & can_be_masked
    kind = torch.rand(input_ids.shape, generator=generator)
    random_ids = torch.randint(vocab_size, input_ids.shape, generator=generator)
    corrupted = torch.where(chosen & (kind < 0.8), mask_id, input_ids)
    corrupted = torch.where(chosen & (kind >= 0.9), random_ids, corrupted)
    return corrupted, torch.where(chosen, input_ids, NOT_SCORED)
