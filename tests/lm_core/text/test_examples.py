from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lm_core.errors import InputError
from lm_core.text.examples import (
    FEWEST_OF_A_LABEL,
    HELD_OUT,
    LONGEST_LABEL,
    LONGEST_TEXT,
    MOST_LABELS,
    MOST_ROWS,
    Example,
    Examples,
    Split,
    find_duplicates,
    split,
    tidy,
)
from lm_core.text.near_duplicates import RUN, SHARED_WORDS, families, words_of

WORDS = [f"w{number}" for number in range(400)]


@st.composite
def labelled(draw: st.DrawFn) -> Examples:
    """Random texts, of which some are made from others, each label with enough to be split."""
    count = draw(st.integers(12, 60))
    random = draw(st.randoms(use_true_random=False))
    labels = ["a", "b", "c"][: draw(st.integers(2, 3))]
    rows: list[Example] = []
    for number in range(count):
        words = random.sample(WORDS, random.randint(1, 14))
        if rows and random.random() < 0.2:  # a twin of an earlier one
            words = [*words_of(random.choice(rows).text), *words[: random.randint(0, 2)]]
        rows.append(Example(" ".join(words), labels[number % len(labels)]))
    return Examples(tuple(rows))


@settings(max_examples=40)
@given(labelled(), st.floats(0.05, 0.6), st.integers(0, 3))
def test_a_split_shares_out_all_rows_and_keeps_every_label_on_both_sides(
    examples: Examples, share: float, seed: int
) -> None:
    parts = _split(examples, share, seed)
    assert Counter(parts.train.rows) + Counter(parts.held_out.rows) == Counter(examples.rows)
    assert parts.train.labels == parts.held_out.labels == examples.labels
    for label, count in examples.balance.items():
        assert parts.held_out.balance[label] <= max(1, round(share * count))
    assert parts == split(examples, share, seed)


def _split(examples: Examples, share: float = HELD_OUT, seed: int = 0) -> Split:
    """The split; examples that are all alike have none."""
    try:
        return split(examples, share, seed)
    except InputError:
        assume(False)
        raise


@settings(max_examples=40)
@given(labelled())
def test_nothing_held_out_is_like_anything_learned_from(examples: Examples) -> None:
    parts = _split(examples)
    runs = _runs(parts.train) & _runs(parts.held_out)
    assert not runs or parts.likeness != "run"
    if parts.likeness != "copy":
        for held in parts.held_out.rows:
            own = set(words_of(held.text))
            for learned in parts.train.rows:
                theirs = set(words_of(learned.text))
                assert len(own & theirs) < SHARED_WORDS * len(own | theirs)
    copies = {words_of(row.text) for row in parts.train.rows} & {words_of(row.text) for row in parts.held_out.rows}
    assert not copies


def _runs(examples: Examples) -> set[tuple[str, ...]]:
    texts = [words_of(row.text) for row in examples.rows]
    return {text[start : start + RUN] for text in texts for start in range(len(text) - RUN + 1)}


@given(st.lists(st.lists(st.sampled_from(WORDS[:12]), max_size=9).map(" ".join), max_size=40))
def test_families_are_the_components_of_what_is_alike(texts: list[str]) -> None:
    """Held against every pair of texts compared with each other."""

    def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        runs = [{text[start : start + RUN] for start in range(len(text) - RUN + 1)} for text in (one, other)]
        shared = len(set(one) & set(other)) >= SHARED_WORDS * len(set(one) | set(other)) - 1e-9
        return bool(runs[0] & runs[1]) or (shared and bool(one)) or one == other

    words = [words_of(text) for text in texts]
    names = list(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            if alike(words[one], words[other]):
                low, high = sorted((names[one], names[other]))
                names = [low if name == high else name for name in names]
    assert families(texts) == names


def test_stock_phrases_that_join_everything_give_way_to_a_stricter_likeness() -> None:
    rows = [
        Example(f"it goes without saying that {' '.join(WORDS[8 * number : 8 * number + 8])}", "ab"[number % 2])
        for number in range(40)
    ]
    parts = split(Examples(tuple(rows)))
    assert parts.likeness == "words"
    assert parts.held_out.balance == {"a": 4, "b": 4}


def test_a_label_that_says_one_thing_only_cannot_be_held_out() -> None:
    rows = [Example(f"{WORDS[number]} is here", "a") for number in range(9)] + [Example("yes!", "b")] * 9
    with pytest.raises(InputError, match=r"The examples of b say nearly all the same"):
        split(Examples(tuple(rows)))


def test_a_rare_label_that_shares_its_texts_with_a_frequent_one_is_held_out() -> None:
    shared = [Example(WORDS[number], label) for number in range(5) for label in "ab"]
    rows = [Example(WORDS[100 + number], "a") for number in range(60)] + shared
    for seed in range(5):
        assert split(Examples(tuple(rows)), seed=seed).held_out.balance == {"a": 13, "b": 1}


def test_pairs_are_held_apart_by_both_of_their_texts() -> None:
    shared = "this very sentence stands in many of the pairs"
    rows = [
        Example(shared if number < 10 else WORDS[number], "ab"[number % 2], text_pair=WORDS[100 + number])
        for number in range(40)
    ]
    parts = split(Examples(tuple(rows)))
    assert parts.train.are_pairs
    assert len({shared in {row.text for row in part.rows} for part in (parts.train, parts.held_out)}) == 2


def test_blank_rows_are_left_out_and_counted_and_long_texts_cut() -> None:
    good = [Example(f"  text {WORDS[number]} ", f" the   label {number % 2}") for number in range(20)]
    blank = [Example(" \n", "a"), Example("a", "  "), Example("a", "b", text_pair=" "), Example("\u200b\u0301", "a")]
    tidied = tidy([*good, *blank, Example("x" * (LONGEST_TEXT + 1), "the label 1")])
    assert (tidied.blank, tidied.cut, tidied.passed_over) == (len(blank), 1, 0)
    assert tidied.examples.rows[0] == Example(f"text {WORDS[0]}", "the label 0")
    assert max(len(row.text) for row in tidied.examples.rows) == LONGEST_TEXT


@pytest.mark.parametrize("is_sorted", [True, False])
def test_of_too_many_rows_some_are_drawn_whatever_their_order(is_sorted: bool) -> None:
    count = 2 * MOST_ROWS
    labels = ["ab"[number * 2 // count] if is_sorted else "ab"[number % 2] for number in range(count)]
    rows = [Example(f"t{number}", label) for number, label in enumerate(labels)]
    tidied = tidy(rows)
    assert len(tidied.examples.rows) == tidied.passed_over == MOST_ROWS
    assert list(tidied.examples.rows) == sorted(tidied.examples.rows, key=lambda row: int(row.text[1:]))
    assert min(tidied.examples.balance.values()) > 0.45 * MOST_ROWS
    assert tidy(rows) == tidied


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "There is no row with a text and a label."),
        ([("x", "a")] * 9, "All 9 rows have the same label, a"),
        ([(f"x{n}", f"a{n}") for n in range(MOST_LABELS + 1)], "21 different labels in 21 rows, and 20 are the most"),
        ([("x", "a" * (LONGEST_LABEL + 1)), ("y", "b")], "A label has 61 characters"),
        (
            [("x", "a")] * 9 + [("y", "b")] * (FEWEST_OF_A_LABEL - 1),
            "The label b has too few examples: 3, and 4 are the least",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_told(rows: list[tuple[str, str]], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        tidy(Example(text, label) for text, label in rows)
    assert sentence in str(caught.value)


def test_copies_and_conflicts_are_told_apart() -> None:
    rows = [("The cat.", "a"), ("the  CAT", "a"), ("the cat!", "b"), ("!", "a"), ("?", "b"), ("The cats", "b")]
    found = find_duplicates(Examples(tuple(Example(text, label) for text, label in rows)))
    assert found.copies == 1
    assert [(conflict.text, conflict.labels) for conflict in found.conflicts] == [("The cat.", ("a", "b"))]
