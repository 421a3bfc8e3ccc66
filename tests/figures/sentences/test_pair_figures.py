"""The figures of the lesson on next sentences draw the numbers that they are given, and text as text."""

from __future__ import annotations

import numpy as np
import pytest

from figures.sentences.captioned_bars import (
    AccuracyBar,
    AccuracyBarsText,
    PairBar,
    PairBarsText,
    accuracy_bars,
    pair_bars,
)
from figures.sentences.histograms import histograms
from figures.sentences.segment_bars import SegmentBarsText, segment_bars
from figures.theme import THEMES, ThemeName

every_theme = pytest.mark.parametrize("name", THEMES)


@every_theme
def test_a_pair_is_a_bar_with_its_name_and_markup_in_it_is_text(name: ThemeName) -> None:
    bars = [PairBar("kind", "<b>x</b>", 0.25), PairBar("kind", "y" * 200, 0.75)]
    figure = pair_bars(bars, theme=THEMES[name], text=PairBarsText("P"), current=1)
    assert list(figure.data[0].x) == [0.25, 0.75]
    strong, other = figure.data[0].marker.opacity[1], figure.data[0].marker.opacity[0]
    assert strong == 1 > other
    first, second = (each.text for each in figure.layout.annotations)
    assert "&lt;b&gt;x&lt;/b&gt;" in first
    assert "y" * 30 not in second
    assert tuple(figure.layout.xaxis.range) == (0, 1)


@every_theme
def test_an_interval_reaches_from_its_lower_to_its_upper_end(name: ThemeName) -> None:
    bars = [AccuracyBar("one", 0.6, 0.5, 0.75)]
    figure = accuracy_bars(bars, theme=THEMES[name], text=AccuracyBarsText("right", "chance"))
    (trace,) = figure.data
    assert trace.x[0] - trace.error_x.arrayminus[0] == pytest.approx(0.5)
    assert trace.x[0] + trace.error_x.array[0] == pytest.approx(0.75)


@every_theme
def test_each_histogram_is_a_share_of_its_own_row_and_an_empty_one_is_flat(name: ThemeName) -> None:
    counts = [[1, 3], [0, 0]]
    figure = histograms(["a", "b"], counts, theme=THEMES[name], title="P", share="share", strong=[True, False])
    assert [list(trace.y) for trace in figure.data] == [[0.25, 0.75], [0, 0]]
    assert [trace.yaxis for trace in figure.data] == ["y", "y2"]
    assert [each.yref for each in figure.layout.annotations] == ["y", "y2"]


@every_theme
def test_the_parts_of_a_bar_fill_it_and_the_picked_one_is_outlined(name: ThemeName) -> None:
    theme = THEMES[name]
    shares = np.asarray([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]], np.float32)
    figure = segment_bars(
        shares,
        shares[:1],
        (["layer 1", "layer 2"], ["head 1"]),
        theme=theme,
        text=SegmentBarsText(("A", "B", "[CLS]", "[SEP]"), "layers", "heads", "share"),
        picked=(2, 1),
    )
    assert sum(np.asarray(trace.x) for trace in figure.data) == pytest.approx(np.ones(3))
    outlined = [
        (row, part)
        for part, trace in enumerate(figure.data)
        for row, colour in enumerate(trace.marker.line.color)
        if colour == theme.text
    ]
    assert outlined == [(2, 1)]
