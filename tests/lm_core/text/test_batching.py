"""Batches hold what was planned, each sequence with its questions."""

from __future__ import annotations

from itertools import islice

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core.text.batching import PreTrainingBatch, group_by_length
from lm_core.text.corpus import PackedCorpus
from lm_core.text.masking import NOT_SCORED
from lm_core.text.stream import Position, PreTrainingStream, held_out_batches
from lm_core.text.tokenization import Tokenizer


def stream(corpus: PackedCorpus, corpus_tokenizer: Tokenizer, **changes: object) -> PreTrainingStream:
    options: dict[str, object] = {
        "max_length": 48,
        "tokens_per_batch": 512,
        "masking_rate": 0.2,
        "short_rate": 0.3,
        "single_rate": 0.1,
        "seed": 0,
    }
    return PreTrainingStream(corpus, corpus_tokenizer, **(options | changes))  # type: ignore[arg-type]


def assert_same(one: PreTrainingBatch, other: PreTrainingBatch) -> None:
    assert all(torch.equal(getattr(one, name), getattr(other, name)) for name in vars(one))


@given(st.lists(st.integers(2, 128), min_size=1, max_size=300), st.integers(0, 100))
@settings(max_examples=50, deadline=None)
def test_grouping_uses_every_sequence_once_and_keeps_to_the_size(lengths: list[int], seed: int) -> None:
    sizes = np.asarray(lengths)
    batches = group_by_length(sizes, 256, np.random.default_rng(seed))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert all(len(batch) * sizes[batch].max() <= 256 for batch in batches)


def test_a_batch_is_cls_a_sep_b_sep_and_padding(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    batch, _ = next(iter(stream(corpus, corpus_tokenizer)))
    original = torch.where(batch.labels == NOT_SCORED, batch.input_ids, batch.labels)
    for ids, segments, mask, label in zip(
        original, batch.token_type_ids, batch.attention_mask, batch.next_sentence_label, strict=True
    ):
        length = int(mask.sum())
        assert ids[0] == corpus_tokenizer.cls_id
        assert ids[length - 1] == corpus_tokenizer.sep_id
        assert (ids[length:] == corpus_tokenizer.pad_id).all()
        separators = (ids == corpus_tokenizer.sep_id).nonzero().flatten()
        assert len(separators) == (1 if label == NOT_SCORED else 2)
        assert segments[: separators[0] + 1].sum() == 0
        assert segments[separators[0] + 1 : length].all()


def test_a_stream_continued_from_any_position_gives_the_same_batches(
    corpus: PackedCorpus, corpus_tokenizer: Tokenizer
) -> None:
    whole = list(islice(stream(corpus, corpus_tokenizer), 80))
    assert whole[-1][1].epoch > 0
    for number in (1, 40, 79):
        batch, _ = next(iter(stream(corpus, corpus_tokenizer, start=whole[number - 1][1])))
        assert_same(batch, whole[number][0])


def test_processes_of_a_group_share_an_epoch_without_overlap(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    alone = [batch for batch, position in islice(stream(corpus, corpus_tokenizer), 10)]
    ranks = [iter(stream(corpus, corpus_tokenizer, rank=rank, group_size=2)) for rank in (0, 1)]
    together = [next(rank)[0] for _ in range(5) for rank in ranks]
    for one, other in zip(alone, together, strict=True):
        assert_same(one, other)


def test_the_next_epoch_asks_other_questions(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    first, _ = next(iter(stream(corpus, corpus_tokenizer)))
    second, _ = next(iter(stream(corpus, corpus_tokenizer, start=Position(epoch=1))))
    assert first.input_ids.shape != second.input_ids.shape or not torch.equal(first.input_ids, second.input_ids)


def test_held_out_questions_are_always_the_same(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    once, again = (
        list(held_out_batches(corpus, corpus_tokenizer, max_length=48, tokens_per_batch=512)) for _ in range(2)
    )
    assert once
    for (source, batch), (same_source, same_batch) in zip(once, again, strict=True):
        assert source == same_source
        assert_same(batch, same_batch)
