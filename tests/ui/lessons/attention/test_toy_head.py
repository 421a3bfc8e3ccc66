"""The toy of the lesson on one head: what the address says of it, and what comes of it."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ui.lessons.attention.toy_head import (
    EMBEDDINGS,
    LARGEST,
    PADDING,
    UNTOUCHED,
    Cell,
    Toy,
    read_edits,
    toy_steps,
    write_edits,
)

cells = st.tuples(st.sampled_from("xqkvo"), st.integers(0, 3), st.integers(0, 3))
numbers = st.floats(-LARGEST, LARGEST, allow_nan=False).map(lambda number: round(number, 6))


@given(st.dictionaries(cells, numbers, max_size=20))
def test_the_readers_changes_survive_the_way_through_the_address(edits: dict[Cell, float]) -> None:
    assert read_edits(write_edits(edits)) == pytest.approx(edits)


@given(st.text(max_size=200))
def test_any_text_in_the_address_is_read_without_an_error(text: str) -> None:
    for (_letter, row, column), number in read_edits(text).items():
        assert row < len(EMBEDDINGS)
        assert column < len(EMBEDDINGS[0])
        assert abs(number) <= LARGEST


@pytest.mark.parametrize("text", ["x9.1:1", "z1.1:1", "x1.1:1e9", "x1.1:", "q5.1:1", "x1.1:99999", "x1.1:nan"])
def test_a_change_that_cannot_be_made_is_left_out(text: str) -> None:
    assert read_edits(text) == {}


def test_without_positions_swapped_words_only_change_places() -> None:
    placed, unplaced = (
        [
            toy_steps(Toy({}, swapped, "none", scaled=True, with_positions=with_positions))[0]
            for swapped in (None, (1, 3))
        ]
        for with_positions in (True, False)
    )
    order = [0, 3, 2, 1, 4]
    torch.testing.assert_close(unplaced[1].output, unplaced[0].output[order])
    assert not torch.allclose(placed[1].output, placed[0].output[order], atol=0.01)


def test_masks_hide_what_they_say() -> None:
    padding = toy_steps(Toy({}, None, "padding", scaled=True, with_positions=True))[0].probs
    causal = toy_steps(Toy({}, None, "causal", scaled=True, with_positions=True))[0].probs
    assert (padding[:, PADDING] == 0).all()
    assert (causal.triu(diagonal=1) == 0).all()
    assert (toy_steps(UNTOUCHED)[0].probs > 0).all()
