"""Which heads a training has changed: the attention of the same sentences before and after."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lm_core.explain.heads import entropy
from lm_core.pretrained import LanguageModel


def divergence_between(before: Sequence[Tensor], after: Sequence[Tensor]) -> Tensor:
    """How differently each head looks in two passes over the same tokens: the Jensen-Shannon divergence of its rows.

    It is H((p + q) / 2) - (H(p) + H(q)) / 2 in bits (Lin 1991, eq. 4.1), the mean over the queries of one sentence.

    Args:
        before, after: per layer (1, head, query, key) probabilities, as `Trace.attentions`.

    Returns:
        (layer, head) between 0 (every row the same) and 1 (no position in common).
    """
    one, other = (torch.cat(list(each)).double() for each in (before, after))
    between = entropy((one + other) / 2) - (entropy(one) + entropy(other)) / 2
    bits: Tensor = between.clamp(min=0).mean(dim=-1) / math.log(2)
    return bits


def head_changes(
    before: LanguageModel,
    after: LanguageModel,
    texts: Sequence[tuple[str, str | None]],
    on_progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """How much each head has changed, as the mean of `divergence_between` over some texts.

    Args:
        before, after: the same shape and the same tokenizer.
        texts: or pairs; those with nothing to read are an error.
        on_progress: called after each text with how many are read, and of how many.

    Returns:
        (layer, head) bits, 0 to 1.

    Raises:
        InputError: a text is blank.
        ValueError: there are no texts.
    """
    if not texts:
        raise ValueError("texts: there are none")
    total = torch.zeros(before.config.num_hidden_layers, before.config.num_attention_heads, dtype=torch.float64)
    for number, (text, text_pair) in enumerate(texts, 1):
        encoding = before.encode(text, text_pair)
        total += divergence_between(
            before.trace_encoding(encoding).attentions, after.trace_encoding(encoding).attentions
        )
        if on_progress is not None:
            on_progress(number, len(texts))
    return total / len(texts)


def most_changed(changes: Tensor, count: int) -> list[tuple[int, int]]:
    """The heads that changed most, as (layer, head), the first the most.

    Args:
        changes: (layer, head).
        count: how many to name.
    """
    heads = changes.shape[1]
    places = changes.flatten().argsort(descending=True, stable=True)[:count].tolist()
    return [divmod(place, heads) for place in places]
