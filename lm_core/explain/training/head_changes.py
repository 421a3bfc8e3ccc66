"""Which heads a training has changed: the attention of the same sentences before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.explain.training.over_time import heads_moved


def head_changes(
    before: LanguageModel,
    after: LanguageModel,
    texts: Sequence[tuple[str, str | None]],
    on_progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """How much each head has changed, as the mean of `heads_moved` over some texts.

    Args:
        before, after: the same shape and the same tokenizer.
        texts: or pairs.
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
        one, other = (torch.cat(lm.trace_encoding(encoding).attentions) for lm in (before, after))
        total += heads_moved(one, other)
        if on_progress is not None:
            on_progress(number, len(texts))
    return total / len(texts)
