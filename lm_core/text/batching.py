"""Token sequences side by side: padding, and sequences of like length together."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lm_core.text.corpus import PackedCorpus
from lm_core.text.masking import corrupt
from lm_core.text.pairing import PairPlan
from lm_core.text.tokenization import Tokenizer


@dataclass(frozen=True)
class Batch:
    """Token sequences side by side, the shorter ones padded."""

    input_ids: Tensor  # (batch, position)
    token_type_ids: Tensor  # (batch, position) 0 in segment A, 1 in B
    attention_mask: Tensor  # (batch, position) 1 for a token, 0 for padding

    def to(self, device: torch.device) -> Self:
        """The same batch on another device."""
        moved = {field.name: getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)}
        return replace(self, **moved)

    @property
    def num_tokens(self) -> int:
        """Tokens read, padding not counted."""
        return int(self.attention_mask.sum())

    @property
    def num_examples(self) -> int:
        """Sequences side by side."""
        return len(self.input_ids)


@dataclass(frozen=True)
class LabelledBatch(Batch):
    """A batch with the label of each sequence."""

    labels: Tensor  # (batch,)


@dataclass(frozen=True)
class PreTrainingBatch(Batch):
    """A batch with its two questions."""

    labels: Tensor  # (batch, position) the id that stood there, -100 where it is not asked for
    next_sentence_label: Tensor  # (batch,) 0: B follows A; 1: B is random; -100: there is no B


def group_by_length(
    lengths: NDArray[np.int64], tokens_per_batch: int, generator: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Shuffle sequences into batches of like length, so that little of a batch is padding.

    Args:
        lengths: (sequence,) positions of each.
        tokens_per_batch: the most positions in a batch, padding included.
        generator: the source of chance.

    Returns:
        Indices into lengths, one array a batch, in random order.
    """
    order = generator.permutation(len(lengths))
    window = 64 * max(1, tokens_per_batch // int(lengths.max()))
    batches = []
    for first in range(0, len(order), window):
        part = order[first : first + window]
        part = part[np.argsort(lengths[part], kind="stable")]
        begin = 0
        for end in range(1, len(part) + 1):
            if end == len(part) or lengths[part[end]] * (end + 1 - begin) > tokens_per_batch:
                batches.append(part[begin:end])
                begin = end
    return [batches[index] for index in generator.permutation(len(batches))]


def make_batch(
    corpus: PackedCorpus,
    plan: PairPlan,
    rows: NDArray[np.int64],
    tokenizer: Tokenizer,
    *,
    masking_rate: float,
    generator: torch.Generator,
) -> PreTrainingBatch:
    """Copy the planned pairs out of the corpus: [CLS] A [SEP] B [SEP], padded, then corrupted."""
    width = int(plan.lengths[rows].max())
    input_ids = np.full((len(rows), width), tokenizer.pad_id, np.int64)
    token_type_ids = np.zeros_like(input_ids)
    ordinary = np.zeros(input_ids.shape, bool)
    for row, (first, end, pair_first, pair_end) in enumerate(plan.spans[rows]):
        sep = 1 + end - first
        input_ids[row, 0] = tokenizer.cls_id
        input_ids[row, 1:sep] = corpus.tokens[first:end]
        input_ids[row, sep] = tokenizer.sep_id
        ordinary[row, 1:sep] = True
        if pair_end > pair_first:
            pair_sep = sep + 1 + pair_end - pair_first
            input_ids[row, sep + 1 : pair_sep] = corpus.tokens[pair_first:pair_end]
            input_ids[row, pair_sep] = tokenizer.sep_id
            ordinary[row, sep + 1 : pair_sep] = True
            token_type_ids[row, sep + 1 : pair_sep + 1] = 1
    original = torch.from_numpy(input_ids)
    corrupted, labels = corrupt(
        original,
        torch.from_numpy(ordinary),
        rate=masking_rate,
        mask_id=tokenizer.mask_id,
        vocab_size=tokenizer.vocab_size,
        generator=generator,
    )
    return PreTrainingBatch(
        input_ids=corrupted,
        token_type_ids=torch.from_numpy(token_type_ids),
        attention_mask=(original != tokenizer.pad_id).long(),
        labels=labels,
        next_sentence_label=torch.from_numpy(plan.labels[rows]),
    )
