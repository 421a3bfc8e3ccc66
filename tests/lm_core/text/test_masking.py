"""The corruption is Devlin et al.'s 80/10/10."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lm_core.text.masking import NOT_SCORED, corrupt


@given(
    rows=st.integers(1, 5),
    width=st.integers(1, 40),
    rate=st.floats(0.01, 0.9),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=50, deadline=None)
def test_corruption_asks_for_the_given_share_and_touches_nothing_else(
    rows: int, width: int, rate: float, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    input_ids = torch.randint(5, 100, (rows, width), generator=generator)
    ordinary = torch.rand(rows, width, generator=generator) < 0.8
    corrupted, labels = corrupt(input_ids, ordinary, rate=rate, mask_id=4, vocab_size=100, generator=generator)
    asked = labels != NOT_SCORED
    assert not (asked & ~ordinary).any()
    assert torch.equal(corrupted[~asked], input_ids[~asked])
    assert torch.equal(labels[asked], input_ids[asked])
    available = ordinary.sum(1)
    expected = (available * rate).round().clamp(min=1).minimum(available)
    assert torch.equal(asked.sum(1).float(), expected.float())


def test_of_the_chosen_four_fifths_are_masked_a_tenth_random_a_tenth_kept() -> None:
    input_ids = torch.full((200, 100), 7)
    corrupted, labels = corrupt(
        input_ids,
        torch.ones_like(input_ids, dtype=torch.bool),
        rate=0.5,
        mask_id=4,
        vocab_size=1000,
        generator=torch.Generator().manual_seed(0),
    )
    chosen = corrupted[labels != NOT_SCORED]
    shares = [(chosen == 4).float().mean(), (chosen == 7).float().mean()]
    assert shares == pytest.approx([0.8, 0.1], abs=0.02)
