"""What a reader does with one head: ask for a number, change another by keyboard, practise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit


def cell(page: Page, part: str, name: str) -> Locator:
    """A cell of a matrix of the step that is shown, by its row and column."""
    return page.locator(f"[class*='st-key-part-{part}']").get_by_role("gridcell", name=re.compile(f"^{name}:"))


def test_a_click_on_a_number_lights_up_what_made_it_and_writes_the_sum_out(visit: Visit) -> None:
    page = visit("/attention?step=scores")
    cell(page, "result", "chased, dog").click()
    expect(page).to_have_url(re.compile(r"cell=3\.2"))
    expect(page.locator("[class*='st-key-part-left'] .lit-row")).to_have_count(4)
    expect(page.locator("[class*='st-key-part-right'] .lit-column")).to_have_count(4)
    expect(cell(page, "left", "chased, 1")).to_have_class(re.compile("lit-row"))
    shown = cell(page, "result", "chased, dog").inner_text()
    expect(page.locator(".katex-display").first).to_contain_text(shown[:3])


def test_a_number_is_changed_by_keyboard_and_all_that_follows_from_it(visit: Visit) -> None:
    page = visit("/attention?step=value")
    before = cell(page, "result", "dog, 1").inner_text()
    cell(page, "left", "the, 1").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("edits=x2.1"))
    expect(cell(page, "left", "dog, 1")).to_be_focused()
    expect(cell(page, "left", "dog, 1")).to_have_class(re.compile("changed"))
    expect(cell(page, "result", "dog, 1")).not_to_have_text(before)
    page.keyboard.press("Enter")
    page.keyboard.type("nothing")
    page.keyboard.press("Enter")
    expect(cell(page, "left", "dog, 1")).to_have_text("0.25")
    page.get_by_role("button", name="Undo all changes").click()
    expect(cell(page, "result", "dog, 1")).to_have_text(before)


def test_a_large_matrix_is_walked_by_keyboard_and_tells_its_numbers(visit: Visit) -> None:
    page = visit("/attention?source=model&step=query&layer=2&sentence=The+children+went+to+school.&mask=")
    first = cell(page, "result", r"\[CLS\], 1")
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    status = page.locator("[class*='st-key-part-result'] .status")
    expect(status).to_contain_text(re.compile(r"^the · 64: "))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"cell=2\.64"))
