"""The statistics of a head are what closed forms and a count by hand say."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.explain.heads.attention import summarise
from lm_core.explain.heads.statistics import head_statistics, mean_distance, share_on_same

sizes = st.integers(2, 24)


@given(sizes)
def test_uniform_attention_looks_a_third_of_the_length_away(size: int) -> None:
    uniform = torch.full((1, 1, size, size), 1 / size, dtype=torch.float64)
    assert float(mean_distance(uniform)) == pytest.approx((size * size - 1) / (3 * size))


@given(sizes, st.integers(0, 23))
def test_attention_on_one_place_is_as_far_as_this_place(size: int, key: int) -> None:
    key %= size
    probs = torch.zeros(1, 1, size, size)
    probs[..., key] = 1.0
    assert float(mean_distance(probs)) == pytest.approx(sum(abs(query - key) for query in range(size)) / size)
    assert float(mean_distance(torch.eye(size)[None, None])) == 0


@given(st.lists(st.integers(0, 3), min_size=1, max_size=24))
def test_uniform_attention_has_the_share_of_equal_tokens(ids: list[int]) -> None:
    uniform = torch.full((1, 2, len(ids), len(ids)), 1 / len(ids), dtype=torch.float64)
    pairs = sum(one == other for one in ids for other in ids)
    assert share_on_same(uniform, ids)[0].tolist() == pytest.approx([pairs / len(ids) ** 2] * 2)
    assert float(share_on_same(torch.eye(len(ids))[None, None], ids)) == 1


def test_every_head_has_its_statistics_and_they_are_those_of_its_attention(language_model: LanguageModel) -> None:
    trace = language_model.trace("The cat sat on the mat and the dog looked at the cat.")
    size, tokens = len(trace.encoding.tokens), trace.encoding.tokens
    rows = head_statistics(trace.attentions, trace.encoding)
    config = language_model.config
    assert [(row.layer, row.head) for row in rows] == [
        (layer, head) for layer in range(config.num_hidden_layers) for head in range(config.num_attention_heads)
    ]
    for row in rows:
        probs = trace.attentions[row.layer][0, row.head]
        seen = summarise(trace.attentions[row.layer], row.head, trace.encoding)
        assert (row.entropy, row.special, row.previous, row.next) == pytest.approx(
            (seen.entropy, seen.special_share, seen.previous_share, seen.next_share), abs=1e-6
        )
        pairs = [(query, key) for query in range(size) for key in range(size)]
        same = sum(float(probs[pair]) for pair in pairs if tokens[pair[0]] == tokens[pair[1]]) / size
        distance = sum(float(probs[pair]) * abs(pair[0] - pair[1]) for pair in pairs) / size
        assert (row.same, row.distance) == pytest.approx((same, distance), abs=1e-5)
        assert row.breadth == pytest.approx(seen.entropy / math.log2(size), abs=1e-6)
