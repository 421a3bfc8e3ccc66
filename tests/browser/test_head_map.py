"""What a reader does with the map of heads: pick one by mouse or by keyboard, and read what each is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from figures.theme import THEMES, ThemeName

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

ADDRESS = "/many-heads?sentence=The+children+went+to+school+by+bus.&mask=5"


def test_a_head_on_the_map_opens_as_lines_and_matrix_by_click_and_by_keyboard(visit: Visit) -> None:
    page = visit(f"{ADDRESS}&view=map")
    page.get_by_role("gridcell", name=re.compile("^Layer 2, Head 3:")).click()
    expect(page.get_by_role("group", name="Attention of layer 2, head 3")).to_be_visible()
    page.get_by_role("radio", name="All heads").click()
    chosen = page.get_by_role("gridcell", name=re.compile("^Layer 2, Head 3:"))
    expect(chosen).to_have_attribute("aria-selected", "true")
    chosen.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("gridcell", name=re.compile("^Layer 3, Head 2:"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("layer=3&head=2"))
    expect(page.get_by_role("group", name="Attention of layer 3, head 2")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_the_map_has_a_sign_on_every_role_and_no_serious_barrier(
    visit: Visit, barriers: Barriers, theme: ThemeName
) -> None:
    page = visit(f"{ADDRESS}&view=map", theme=theme)
    circles = page.locator(".circle")
    expect(circles).to_have_count(16)
    for circle in circles.all():
        is_none = "none" in (circle.get_attribute("class") or "").split()
        assert is_none == (circle.inner_text() == "")
    assert not barriers(page)


def test_the_map_fits_a_phone(visit: Visit) -> None:
    page = visit(f"{ADDRESS}&view=map&lang=zh", width=390)
    expect(page.get_by_role("radio", name="相似度")).to_be_visible()
    expect(page.locator(".circle")).to_have_count(16)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
