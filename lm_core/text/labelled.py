"""Labelled texts as a classifier reads them: encoded once, shuffled anew in every epoch, from any point on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray

from lm_core.text.batching import LabelledBatch
from lm_core.text.examples import Examples
from lm_core.text.stream import Position
from lm_core.text.tokenization import Tokenizer

_SORTED_TOGETHER = 16  # batches: among so many the texts are sorted by length, so that little of a batch is padding


@dataclass(frozen=True, eq=False)
class EncodedExamples:
    """Labelled texts as ids."""

    input_ids: tuple[NDArray[np.int32], ...]  # per example (position,)
    token_type_ids: tuple[NDArray[np.int32], ...]
    labels: NDArray[np.int64]  # (example,) indices into the labels' names
    pad_id: int
    max_length: int  # positions of the model

    @classmethod
    def of(cls, examples: Examples, labels: Sequence[str], tokenizer: Tokenizer, *, max_length: int) -> EncodedExamples:
        """Encode the texts; what is too long is cut.

        Args:
            examples: whose labels are among `labels`.
            labels: their names, in the order of the classifier's outputs.
            tokenizer: the model's.
            max_length: positions of the model.

        Raises:
            InputError: a text is blank.
        """
        encodings = [tokenizer.encode(row.text, row.text_pair, max_length=max_length) for row in examples.rows]
        numbers = {label: number for number, label in enumerate(labels)}
        return cls(
            tuple(np.asarray(encoding.input_ids, np.int32) for encoding in encodings),
            tuple(np.asarray(encoding.token_type_ids, np.int32) for encoding in encodings),
            np.asarray([numbers[row.label] for row in examples.rows], np.int64),
            tokenizer.pad_id,
            max_length,
        )

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, rows: NDArray[np.int64]) -> LabelledBatch:
        """Some examples side by side, padded to the longest, rounded up to a multiple of eight.

        Rounded, because memory is then asked for in few sizes, and what one step frees the next one takes.
        """
        longest = max(len(self.input_ids[row]) for row in rows)
        shape = (len(rows), min(-(-longest // 8) * 8, max(longest, self.max_length)))
        input_ids, token_type_ids = np.full(shape, self.pad_id, np.int64), np.zeros(shape, np.int64)
        attention_mask = np.zeros(shape, np.int64)
        for place, row in enumerate(rows):
            length = len(self.input_ids[row])
            input_ids[place, :length] = self.input_ids[row]
            token_type_ids[place, :length] = self.token_type_ids[row]
            attention_mask[place, :length] = 1
        arrays = (input_ids, token_type_ids, attention_mask, self.labels[rows])
        return LabelledBatch(*(torch.from_numpy(array) for array in arrays))

    def epoch(self, batch_size: int, seed: int, epoch: int) -> list[NDArray[np.int64]]:
        """The rows of each batch of one epoch: every example once, texts of like length together."""
        generator = np.random.default_rng((seed, epoch))
        order = generator.permutation(len(self))
        lengths = np.asarray([len(ids) for ids in self.input_ids])
        batches = []
        for first in range(0, len(order), batch_size * _SORTED_TOGETHER):
            part = order[first : first + batch_size * _SORTED_TOGETHER]
            part = part[np.argsort(lengths[part], kind="stable")]
            batches += [part[begin : begin + batch_size] for begin in range(0, len(part), batch_size)]
        return [batches[index] for index in generator.permutation(len(batches))]

    def stream(self, batch_size: int, seed: int, start: Position) -> Iterator[tuple[LabelledBatch, Position]]:
        """Batches without end, each with the position after it; the same seed gives the same batches."""
        for epoch in count(start.epoch):
            batches = self.epoch(batch_size, seed, epoch)
            for step in range(start.step if epoch == start.epoch else 0, len(batches)):
                yield self.batch(batches[step]), Position(epoch, step + 1)
