"""A few examples are some of them, fairly taken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lm_core.text.examples import Example, Examples
from lm_core.text.fewer import fewer

labelled = st.lists(st.sampled_from("abc"), min_size=1, max_size=40).map(
    lambda labels: Examples(tuple(Example(f"text {place}", label) for place, label in enumerate(labels)))
)


@given(labelled, st.integers(1, 50), st.integers(0, 3))
def test_a_few_are_different_ones_of_them_with_every_label_and_the_same_for_a_seed(
    examples: Examples, count: int, seed: int
) -> None:
    few = fewer(examples, count, seed)
    assert set(few.rows) <= set(examples.rows)
    assert len(set(few.rows)) == len(few.rows) == min(max(count, len(examples.labels)), len(examples.rows))
    assert few.labels == examples.labels
    assert few == fewer(examples, count, seed)


@given(labelled, st.integers(1, 50))
def test_no_label_is_behind_another_while_it_has_examples_left(examples: Examples, count: int) -> None:
    balance, taken = examples.balance, fewer(examples, count).balance
    most = max(taken.values())
    assert all(taken[label] >= min(most - 1, balance[label]) for label in examples.labels)
