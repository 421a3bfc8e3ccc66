"""Where [CLS] looks: its attention split into shares on the two texts, on itself and on the separators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from lm_core.text.tokenization import SEP, Encoding

PARTS = ("first", "second", "cls", "sep")
"""What a pair is made of: the words of A, the words of B, [CLS], and the two [SEP]."""

CLS_POSITION = 0  # [CLS] begins every input


def positions_by_part(encoding: Encoding) -> Mapping[str, tuple[int, ...]]:
    """For each of `PARTS` its positions; together they are all positions of the input, each once."""
    first_sep = encoding.tokens.index(SEP)
    last = len(encoding.tokens) - 1
    return {
        "first": tuple(range(1, first_sep)),
        "second": tuple(range(first_sep + 1, last)),
        "cls": (CLS_POSITION,),
        "sep": tuple(sorted({first_sep, last})),
    }


def shares_of_cls(attentions: Sequence[Tensor], encoding: Encoding) -> Tensor:
    """How [CLS] shares out its attention among the parts of a pair, in every layer and head.

    Args:
        attentions: per layer, (1, head, query, key) probabilities.
        encoding: of the pair.

    Returns:
        (layer, head, part) the sum of the probabilities on each part's positions, in the order of `PARTS`; the four
        shares of a head add up to 1.
    """
    row = torch.cat(list(attentions))[:, :, CLS_POSITION]
    parts = positions_by_part(encoding)
    return torch.stack([row[:, :, list(parts[part])].sum(dim=-1) for part in PARTS], dim=-1)
