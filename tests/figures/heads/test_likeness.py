"""The figure of likeness draws the divergences it is given on one scale, dark for alike."""

from __future__ import annotations

import numpy as np
import pytest

from figures.heads.heatmap import LikenessText, likeness_heatmap
from figures.labels import plain
from figures.theme import DARK, LIGHT, THEMES, Theme

TEXT = LikenessText(head="head", divergence="divergence (bits)")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_the_figure_holds_the_numbers_given_on_a_scale_of_one_bit(theme: Theme) -> None:
    table = np.random.default_rng(0).random((3, 3)).astype(np.float32)
    figure = likeness_heatmap(table, ["1.1", "<b>", "2.1"], theme=theme, text=TEXT)
    heatmap = figure.data[0]
    assert np.array_equal(heatmap.z, table)
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)
    assert tuple(colour for _, colour in heatmap.colorscale) == theme.sequential[::-1]
    assert list(heatmap.x) == list(heatmap.y) == ["1.1", plain("<b>"), "2.1"]
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "category"
    assert figure.layout.yaxis.autorange == "reversed"


def test_many_heads_are_drawn_lower_and_with_fewer_labels() -> None:
    names = [f"{layer}.{head}" for layer in range(12) for head in range(12)]
    figure = likeness_heatmap(np.zeros((144, 144), dtype=np.float32), names, theme=LIGHT, text=TEXT)
    assert figure.layout.height < 1000
    assert len(figure.layout.xaxis.tickvals) <= 36


def test_names_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 names"):
        likeness_heatmap(np.zeros((3, 3), dtype=np.float32), ["a", "b"], theme=DARK, text=TEXT)
