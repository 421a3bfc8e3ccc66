"""Pre-training batches without end, from any point on, and the batches of held-out text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import IterableDataset

from lm_core.text.batching import PreTrainingBatch, group_by_length, make_batch
from lm_core.text.corpus import PackedCorpus
from lm_core.text.pairing import plan_pairs
from lm_core.text.tokenization import Tokenizer


@dataclass(frozen=True)
class Position:
    """How far a stream has been read: enough to go on from there."""

    epoch: int = 0
    step: int = 0  # within the epoch


@dataclass(frozen=True)
class PreTrainingStream(IterableDataset[tuple[PreTrainingBatch, Position]]):
    """Endless pre-training batches, each with the position after it; the same seed gives the same batches.

    Every process of a group makes the same plan and takes every group_size-th batch of it.
    """

    corpus: PackedCorpus
    tokenizer: Tokenizer
    max_length: int
    tokens_per_batch: int  # for one process, padding included
    masking_rate: float
    short_rate: float
    single_rate: float
    seed: int
    start: Position = Position()
    rank: int = 0
    group_size: int = 1

    def __iter__(self) -> Iterator[tuple[PreTrainingBatch, Position]]:
        for epoch in count(self.start.epoch):
            generator = np.random.default_rng((self.seed, epoch))
            plan = plan_pairs(
                self.corpus,
                self._documents(generator),
                max_length=self.max_length,
                short_rate=self.short_rate,
                single_rate=self.single_rate,
                generator=generator,
            )
            batches = group_by_length(plan.lengths, self.tokens_per_batch, generator)
            first = self.start.step if epoch == self.start.epoch else 0
            for step in range(first, len(batches) // self.group_size):
                number = step * self.group_size + self.rank
                chance = torch.Generator().manual_seed(seed_of(self.seed, epoch, number))
                batch = make_batch(
                    self.corpus,
                    plan,
                    batches[number],
                    self.tokenizer,
                    masking_rate=self.masking_rate,
                    generator=chance,
                )
                yield batch, Position(epoch, step + 1)

    def _documents(self, generator: np.random.Generator) -> NDArray[np.int64]:
        """The training documents, each as often as its source's weight, in random order."""
        documents = self.corpus.training_documents()
        weights = np.asarray([source.weight for source in self.corpus.sources])
        return generator.permutation(np.repeat(documents, weights[self.corpus.document_sources[documents]]))


def seed_of(*numbers: int) -> int:
    """One seed for several numbers: other numbers, or another order, give another seed."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


def held_out_batches(
    corpus: PackedCorpus, tokenizer: Tokenizer, *, max_length: int, tokens_per_batch: int, seed: int = 0
) -> Iterator[tuple[int, PreTrainingBatch]]:
    """Every held-out document once, with 15 % masked, as in the published figures; each batch of one source.

    Returns:
        The number of the source, and a batch. The same seed gives the same questions.
    """
    documents = corpus.held_out_documents()
    for source in range(len(corpus.sources)):
        of_source = documents[corpus.document_sources[documents] == source]
        if not len(of_source):
            continue
        generator = np.random.default_rng((seed, source))
        plan = plan_pairs(
            corpus, of_source, max_length=max_length, short_rate=0.0, single_rate=0.0, generator=generator
        )
        chance = torch.Generator().manual_seed(seed)
        for rows in group_by_length(plan.lengths, tokens_per_batch, generator):
            yield source, make_batch(corpus, plan, rows, tokenizer, masking_rate=0.15, generator=chance)
