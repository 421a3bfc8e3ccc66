"""The stories and the pairs of our own: enough of them, each once, balanced, and short enough to be read."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm_core import load_pretrained
from ui.lessons.next_sentences.pair_pool import DRAWN, KINDS, POOL, draw
from ui.lessons.next_sentences.stories import LEVELS, STORIES, shuffled
from ui.lessons.next_sentences.story_choice import FEWEST, LONGEST, MOST


def test_there_are_stories_of_each_level_and_of_each_length() -> None:
    assert len(STORIES) >= 8
    assert {story.level for story in STORIES} == LEVELS.keys()
    assert {len(story.sentences) for story in STORIES} == set(range(FEWEST, MOST + 1))
    assert len({story.name for story in STORIES}) == len({story.title for story in STORIES}) == len(STORIES)


def test_no_sentence_is_there_twice() -> None:
    told = list(chain.from_iterable(story.sentences for story in STORIES))
    judged = list(chain.from_iterable((pair.first, pair.then) for pair in POOL))
    assert not [sentence for sentence, count in Counter(told + judged).items() if count > 1]


def test_the_pool_has_forty_pairs_and_more_and_as_many_of_each_kind() -> None:
    assert len(POOL) >= 40
    assert len(set(Counter(pair.kind for pair in POOL).values())) == 1
    assert {pair.kind for pair in POOL} == KINDS.keys() == DRAWN.keys()


def test_no_two_sentences_are_longer_than_a_model_of_128_positions_reads() -> None:
    lm = load_pretrained(device="cpu")
    pairs = [(first, then) for story in STORIES for first in story.sentences for then in story.sentences]
    for first, then in [*pairs, *((pair.first, pair.then) for pair in POOL)]:
        assert len(first) <= LONGEST
        encoding = lm.encode(first, then)
        assert encoding.truncated_at is encoding.pair_truncated_at is None
        assert lm.tokenizer.unk_id not in encoding.input_ids


@given(st.integers(0, 9_999))
def test_ten_are_drawn_half_of_which_follow_and_a_seed_draws_the_same(seed: int) -> None:
    ten = draw(seed)
    assert len(set(ten)) == len(ten) == 10
    assert sum(pair.follows for pair in ten) == 5
    assert Counter(pair.kind for pair in ten) == dict(DRAWN)
    assert draw(seed) == ten


def test_other_seeds_draw_others() -> None:
    drawn = [draw(seed) for seed in range(20)]
    assert len(set(drawn)) == len(drawn)
    assert {pair for ten in drawn for pair in ten} == set(POOL)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_is_dealt_with_no_sentence_in_its_own_place(story: object) -> None:
    assert story in STORIES
    for name, count in ((str(story), 4), (str(story), 6)):
        dealt = shuffled(name, count)
        assert sorted(dealt) == list(range(count))
        assert not any(card == place for place, card in enumerate(dealt))
        assert shuffled(name, count) == dealt
