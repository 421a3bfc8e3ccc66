"""What a reader does with two sentences and with occupations: click a point, pick by keyboard, read the labels."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from figures.theme import THEMES, ThemeName

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

AGAINST = "/masked-words?view=against&first=The+dog+[MASK]+very+hungry.&second=The+dogs+[MASK]+very+hungry."
BIAS = "/masked-words?view=bias&open=on"


Box = tuple[float, float, float, float]


def boxes(within: Locator) -> list[Box]:
    """Left, top, right and bottom of each element, in pixels."""
    found = [each.bounding_box() for each in within.all()]
    return [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in found if box is not None]


def overlap(one: Box, other: Box) -> float:
    """Pixels by which two boxes overlap in the direction in which they overlap least."""
    return min(min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1]))


def test_a_click_on_a_point_writes_its_ratio_out_and_the_keyboard_picks_another(visit: Visit) -> None:
    page = visit(AGAINST)
    scatter = page.get_by_test_id("stPlotlyChart").first
    scatter.locator(".scatterlayer .point").last.wait_for()
    points = scatter.locator(".scatterlayer .point")
    for number in (0, points.count() - 1):
        box = points.nth(number).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        word = scatter.locator(".hoverlayer tspan").first.text_content() or ""
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page).to_have_url(re.compile(f"piece={re.escape(word)}(&|$)"))
        expect(page.get_by_text(re.compile(f"^{re.escape(word)} has ")).first).to_be_visible()
    picker = page.get_by_role("combobox", name="A word of the figure")
    picker.focus()
    page.keyboard.type("were")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^were has ")).first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_words_on_the_figure_do_not_cover_each_other(visit: Visit, width: int) -> None:
    page = visit(f"{AGAINST}&k=40", width=width)
    scatter = page.get_by_test_id("stPlotlyChart").first
    scatter.locator(".annotation-text").first.wait_for()
    labels = boxes(scatter.locator(".annotation-text"))
    assert len(labels) > 5
    for one, other in itertools.combinations(labels, 2):
        assert overlap(one, other) <= 1, (one, other)
    (frame,) = boxes(scatter)
    assert all(frame[0] <= left and right <= frame[2] for left, _top, right, _bottom in labels)


def test_an_occupation_is_picked_by_click_and_by_keyboard(visit: Visit) -> None:
    page = visit(BIAS)
    points = page.get_by_test_id("stPlotlyChart").first.locator(".scatterlayer .point")
    points.nth(20).wait_for()
    points.nth(20).click(force=True)
    expect(page).to_have_url(re.compile("job="))
    picker = page.get_by_role("combobox", name="Occupation")
    picker.focus()
    page.keyboard.type("judge")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("job=judge"))
    expect(page.get_by_text("[MASK] works as a judge.")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("address", [AGAINST, BIAS], ids=["against", "bias"])
def test_the_views_have_no_serious_barrier_and_fit_a_phone(
    visit: Visit, barriers: Barriers, theme: ThemeName, address: str
) -> None:
    page = visit(f"{address}&table=on", theme=theme, width=390)
    page.get_by_test_id("stPlotlyChart").first.locator(".scatterlayer .point").first.wait_for()
    assert not barriers(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
