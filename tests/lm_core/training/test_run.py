"""A run learns, can be cut anywhere, and does what its configuration says."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core.text.batching import PreTrainingBatch
from lm_core.text.corpus import PackedCorpus
from lm_core.text.stream import PreTrainingStream
from lm_core.text.tokenization import Tokenizer
from lm_core.training.objectives import (
    classification_loss,
    masked_lm_loss,
    next_sentence_loss,
    pretraining_scores,
)
from lm_core.training.run import TrainingConfig, TrainingRun, learning_rate
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel


def make_run(
    corpus: PackedCorpus,
    corpus_tokenizer: Tokenizer,
    *,
    dropout: float = 0.0,
    clock: Callable[[], float] = time.perf_counter,
    **changes: object,
) -> TrainingRun[PreTrainingBatch]:
    torch.manual_seed(0)
    model = PreTrainingModel(
        TransformerConfig(
            vocab_size=corpus_tokenizer.vocab_size,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=48,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
            initializer_range=0.1,
        )
    )
    options = {"budget_tokens": 40_000, "learning_rate": 3e-3} | changes
    return TrainingRun(
        model,
        pretraining_scores,
        lambda start: iter(
            PreTrainingStream(
                corpus,
                corpus_tokenizer,
                max_length=48,
                tokens_per_batch=512,
                masking_rate=0.2,
                short_rate=0.3,
                single_rate=0.1,
                seed=0,
                start=start,
            )
        ),
        TrainingConfig(**options),  # type: ignore[arg-type]
        clock,
    )


def assert_same_weights(one: TrainingRun[PreTrainingBatch], other: TrainingRun[PreTrainingBatch]) -> None:
    for (name, mine), theirs in zip(one.model.named_parameters(), other.model.parameters(), strict=True):
        assert torch.equal(mine, theirs), name


@pytest.mark.parametrize(("optimizer", "dropout"), [("adamw", 0.2), ("muon", 0.0)])
def test_a_run_that_is_saved_killed_and_loaded_ends_with_the_very_same_weights(
    corpus: PackedCorpus, corpus_tokenizer: Tokenizer, tmp_path: Path, optimizer: str, dropout: float
) -> None:
    def fresh_run() -> TrainingRun[PreTrainingBatch]:
        return make_run(corpus, corpus_tokenizer, optimizer=optimizer, dropout=dropout)

    whole = fresh_run()
    metrics = whole.advance(12)
    first = fresh_run()
    first.advance(5)
    first.save(tmp_path / "state.pt")
    first.advance(3)  # what is done after the save is lost, and done again
    second = fresh_run()
    second.load(tmp_path / "state.pt")
    continued = second.advance(7)
    assert_same_weights(whole, second)
    assert [each.losses for each in continued] == [each.losses for each in metrics[5:]]


def test_two_advances_equal_one(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    one, two = make_run(corpus, corpus_tokenizer), make_run(corpus, corpus_tokenizer)
    one.advance(6)
    two.advance(2)
    two.advance(4)
    assert_same_weights(one, two)


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_training_makes_both_losses_smaller_and_stops_at_its_budget(
    corpus: PackedCorpus, corpus_tokenizer: Tokenizer, optimizer: str
) -> None:
    run = make_run(corpus, corpus_tokenizer, optimizer=optimizer)
    metrics = run.advance(10_000)
    assert run.share_done == 1.0
    assert metrics[-1].tokens >= 40_000 > metrics[-2].tokens
    first, last = (
        {name: sum(each.losses[name] for each in part) / len(part) for name in part[0].losses}
        for part in (metrics[:5], metrics[-5:])
    )
    assert last["masked_lm"] < 0.8 * first["masked_lm"]
    assert run.advance(1) == []


def test_a_budget_of_minutes_is_spent_by_the_clock_of_the_run(
    corpus: PackedCorpus, corpus_tokenizer: Tokenizer
) -> None:
    ticks = count(0.0, 15.0)  # each step takes a quarter of a minute by this clock
    run = make_run(corpus, corpus_tokenizer, budget_tokens=None, budget_minutes=1.0, clock=lambda: next(ticks))
    assert [step.seconds for step in run.advance(100)] == [15.0, 30.0, 45.0, 60.0]


def test_the_first_steps_equal_those_of_plain_adamw(corpus: PackedCorpus, corpus_tokenizer: Tokenizer) -> None:
    run = make_run(corpus, corpus_tokenizer, bfloat16=False, weight_decay=0.0, warmup_share=0.0, decay_share=0.0)
    plain = make_run(corpus, corpus_tokenizer)
    model, batches = plain.model, plain._batches(plain.progress.position)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.0)
    for _ in range(3):
        batch, _ = next(batches)
        optimizer.zero_grad()
        answer = model(batch.input_ids, batch.token_type_ids, batch.attention_mask)
        loss = torch.nn.functional.cross_entropy(answer.prediction_logits.flatten(0, 1), batch.labels.flatten())
        pair = torch.nn.functional.cross_entropy(answer.seq_relationship_logits, batch.next_sentence_label)
        (loss + pair).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    run.advance(3)
    for mine, theirs in zip(run.model.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=1e-4)


@given(share=st.floats(0, 1), warmup=st.floats(0, 1), decay=st.floats(0, 1))
def test_the_rate_is_never_negative_and_never_above_the_highest(share: float, warmup: float, decay: float) -> None:
    config = TrainingConfig(learning_rate=0.5, warmup_share=warmup, decay_share=decay, budget_minutes=1)
    assert 0.0 <= learning_rate(config, share) <= 0.5


def test_the_rate_rises_stays_and_falls_to_zero() -> None:
    config = TrainingConfig(learning_rate=1.0, warmup_share=0.1, decay_share=0.5, budget_minutes=1)
    rates = [learning_rate(config, share) for share in (0.05, 0.1, 0.3, 0.5, 0.75, 1.0)]
    assert rates == pytest.approx([0.5, 1.0, 1.0, 1.0, 0.5, 0.0])


@pytest.mark.parametrize("budgets", [{}, {"budget_tokens": 10, "budget_minutes": 1.0}])
def test_a_run_has_exactly_one_budget(budgets: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="either"):
        TrainingConfig(**budgets)  # type: ignore[arg-type]


@pytest.mark.parametrize("loss", [masked_lm_loss, next_sentence_loss, classification_loss])
def test_a_loss_is_log_of_the_number_of_equal_choices_and_zero_where_nothing_is_asked(
    loss: Callable[[Tensor, Tensor], Tensor],
) -> None:
    logits, labels = torch.zeros(3, 5), torch.tensor([0, -100, 4])
    assert loss(logits, labels).item() == pytest.approx(torch.tensor(5.0).log().item())
    assert loss(logits, torch.full((3,), -100)).item() == 0.0
