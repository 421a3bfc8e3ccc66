"""A matrix to take away holds the numbers it was given, readable on every shade."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from figures.matrix import ink, matrix_svg, shade
from figures.theme import THEMES, Theme
from tests.figures.test_theme import contrast

both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())


@both_themes
@pytest.mark.parametrize("is_probability", [True, False])
def test_every_number_has_a_contrast_of_four_and_a_half_on_its_shade(theme: Theme, is_probability: bool) -> None:
    for value in np.linspace(-1, 1, 201):
        colour = shade(float(value), 1.0, theme, is_probability=is_probability)
        assert contrast(ink(colour), colour) >= 4.5


@both_themes
def test_the_ends_and_the_middle_of_a_scale_are_the_palettes(theme: Theme) -> None:
    assert shade(0.0, 1.0, theme, is_probability=True) == theme.sequential[0]
    assert shade(1.0, 1.0, theme, is_probability=True) == theme.sequential[-1]
    assert shade(-2.0, 2.0, theme, is_probability=False) == theme.diverging[0]
    assert shade(9.0, 2.0, theme, is_probability=False) == theme.diverging[-1]


def test_the_picture_is_whole_xml_and_has_every_number_and_hostile_names_as_text() -> None:
    values = np.asarray([[0.25, -1.5], [np.finfo(np.float32).min, 3.0]], dtype=np.float32)
    svg = matrix_svg(
        values, ["<script>", "b"], ["&", "\u202e"], theme=next(iter(THEMES.values())), is_probability=False
    )
    texts = [element.text for element in ET.fromstring(svg).iter() if element.tag.endswith("text")]
    assert {"0.25", "-1.50", "3.00", "<script>", "&"} <= set(texts)
    large = matrix_svg(
        np.ones((64, 64), dtype=np.float32), ["r"] * 64, ["c"] * 64, theme=THEMES["dark"], is_probability=True
    )
    assert len(re.findall("<rect", large)) == 1 + 64 * 64


def test_numbers_without_names_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        matrix_svg(np.zeros((2, 2), dtype=np.float32), ["a"], ["b", "c"], theme=THEMES["light"], is_probability=True)


def test_a_cell_with_a_text_has_it_above_its_number() -> None:
    svg = matrix_svg(
        np.asarray([[0.75, 0.25]], dtype=np.float32),
        ["layer 1"],
        ["1", "2"],
        theme=THEMES["light"],
        is_probability=True,
        texts=[["<b>", "school"]],
    )
    found = [(element.text, float(element.get("y", "0"))) for element in ET.fromstring(svg).iter() if element.text]
    heights = dict(found)
    assert heights["<b>"] < heights["0.75"]
    assert heights["school"] < heights["0.25"]
