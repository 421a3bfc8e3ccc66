"""The shipped sets are worth learning from, and naive Bayes is the line that it says."""

from __future__ import annotations

import math

import pytest

from lm_core.errors import InputError
from lm_core.text.example_sets import FOLDER, SEED, SETS, load_set
from lm_core.text.examples import Example, Examples, find_duplicates, split, tidy
from lm_core.text.naive_bayes import learn
from lm_core.text.near_duplicates import families


@pytest.mark.parametrize("name", SETS)
def test_a_shipped_set_is_large_balanced_and_without_twins(name: str) -> None:
    examples = load_set(name)
    assert len(examples.rows) >= 600
    assert len(set(examples.balance.values())) == 1
    found = find_duplicates(examples)
    assert (found.copies, found.conflicts) == (0, ())
    assert len(set(families([row.text for row in examples.rows]))) >= 0.99 * len(examples.rows)
    assert tidy(examples.rows).examples == examples
    assert all(row.kind and row.level for row in examples.rows)


@pytest.mark.parametrize("name", SETS)
def test_its_split_holds_out_a_fifth_of_every_label(name: str) -> None:
    examples = load_set(name)
    parts = split(examples, seed=SEED)
    assert parts.likeness == "run"
    for label, count in examples.balance.items():
        assert parts.held_out.balance[label] == round(count / 5)


@pytest.mark.parametrize("name", SETS)
def test_counting_words_beats_guessing_and_leaves_room_above(name: str) -> None:
    parts = split(load_set(name), seed=SEED)
    accuracy = learn(parts.train).accuracy(parts.held_out)
    assert 1 / len(parts.train.labels) < accuracy < 0.9


def test_a_set_that_does_not_exist_is_told() -> None:
    with pytest.raises(InputError, match="no set called"):
        load_set("../secret")


def test_naive_bayes_multiplies_what_each_word_says() -> None:
    """Against the sum written out, with NLTK's half a count added to every cell (Lidstone 1920)."""
    rows = (Example("good fun", "a"), Example("good film", "a"), Example("bad film", "b"))
    bayes = learn(Examples(rows))

    def score(prior: float, count: int, seen: tuple[int, ...]) -> float:
        return math.log(prior) + sum(math.log((times + 0.5) / (count + 1)) for times in seen)

    odds = [score(2.5 / 4, 2, (2, 1)), score(1.5 / 4, 1, (0, 1))]  # "good" and "film" with either label
    expected = math.exp(odds[0]) / sum(map(math.exp, odds))
    assert bayes.probabilities(Example("good film never", "?"))[0] == pytest.approx(expected)
    assert bayes.label_of(Example("good film never", "?")) == "a"
    assert sum(bayes.probabilities(Example("", "?"))) == pytest.approx(1)


def test_the_two_texts_of_a_pair_are_different_words_to_it() -> None:
    rows = (Example("cat", "a", "dog"), Example("dog", "b", "cat")) * 4
    bayes = learn(Examples(rows))
    assert bayes.label_of(Example("cat", "?", "dog")) == "a"
    assert bayes.label_of(Example("dog", "?", "cat")) == "b"


@pytest.mark.parametrize("name", SETS)
def test_the_accuracy_in_its_card_is_the_one_that_is_measured(name: str) -> None:
    parts = split(load_set(name), seed=SEED)
    bayes = learn(parts.train)
    right = sum(bayes.label_of(row) == row.label for row in parts.held_out.rows)
    card = FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    assert (
        f"| {name} | {right} of {len(parts.held_out.rows)} ({right / len(parts.held_out.rows):.1%}".replace("%", " %")
        in card
    )
