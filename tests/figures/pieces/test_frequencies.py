"""Pieces stand at their ranks and counts, and what a reader typed is no markup."""

from __future__ import annotations

import pytest

from figures.pieces.frequencies import frequencies
from figures.theme import LIGHT


def test_every_piece_has_its_rank_and_its_count_and_those_asked_for_stand_out() -> None:
    figure = frequencies(
        ["the", "<b>x", "##s"], [9, 4, 1], theme=LIGHT, x_title="rank", y_title="times", marked={"##s"}
    )
    (points,) = figure.data
    assert list(points.x) == [1, 2, 3]
    assert list(points.y) == [9, 4, 1]
    assert list(points.customdata) == ["the", "&lt;b&gt;x", "##s"]
    assert list(points.marker.color) == [LIGHT.accent, LIGHT.accent, LIGHT.masked]
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"


def test_counts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        frequencies(["the"], [1, 2], theme=LIGHT, x_title="rank", y_title="times")
