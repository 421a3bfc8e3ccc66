"""A head made for a role has it, alone, and a head on the line does not."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lm_core import LanguageModel
from lm_core.explain.heads.roles import THRESHOLDS, RoleName, roles, score
from lm_core.explain.heads.statistics import HeadStatistics, head_statistics
from lm_core.text.tokenization import Encoding

SHARES: list[RoleName] = ["special", "previous", "next", "same"]  # in the order of the fields of HeadStatistics


@pytest.fixture(scope="module")
def encoding(language_model: LanguageModel) -> Encoding:
    """Of a sentence in which one word stands twice."""
    return language_model.encode("the cat sat on the mat")


def looking_at(encoding: Encoding, place: str) -> Tensor:
    """Attention of one layer with one head, all of it on one kind of place."""
    size = len(encoding.tokens)
    if place == "broad":
        return torch.full((1, 1, size, size), 1 / size)
    targets = {
        "previous": [0, *range(size - 1)],
        "next": [*range(1, size), size - 1],
        "same": [encoding.tokens.index(token) for token in encoding.tokens],
        "special": [size - 1] * size,
    }[place]
    return torch.eye(size)[targets][None, None]


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_head_made_for_a_role_has_this_role_and_no_other(encoding: Encoding, name: RoleName) -> None:
    (statistics,) = head_statistics([looking_at(encoding, name)], encoding)
    (role,) = roles(statistics)
    assert role.name == name
    assert role.score == pytest.approx(1.0)
    assert role.threshold == THRESHOLDS[name]


@pytest.mark.parametrize("name", SHARES)
def test_a_role_begins_above_its_threshold_and_not_on_it(name: RoleName) -> None:
    def head(score: float) -> HeadStatistics:
        return HeadStatistics(0, 0, 0.0, 3.0, 1.0, *(score if share == name else 0.0 for share in SHARES))

    assert not roles(head(THRESHOLDS[name]))
    assert [role.name for role in roles(head(THRESHOLDS[name] + 1e-6))] == [name]


shares = st.floats(0, 1)


@given(shares, shares, shares, shares, st.floats(0, 3))
def test_the_roles_found_are_those_above_their_thresholds_with_the_clearest_first(
    special: float, previous: float, after: float, same: float, bits: float
) -> None:
    head = HeadStatistics(0, 0, bits, 3.0, 1.0, special, previous, after, same)
    found = roles(head)
    assert {role.name for role in found} == {name for name in THRESHOLDS if score(head, name) > THRESHOLDS[name]}
    margins = [role.score - role.threshold for role in found]
    assert margins == sorted(margins, reverse=True)
