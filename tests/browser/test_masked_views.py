"""What a reader does in the views of masked words: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from figures.theme import THEMES, ThemeName

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

ADDRESS = "/masked-words?sentence=The+children+went+to+school+by+bus.&mask=5&view="


def row(page: Page) -> list[str]:
    return page.locator(".st-key-word_row .word .below").all_inner_texts()


def test_a_word_of_the_row_is_pointed_at_picked_and_walked_by_keyboard(visit: Visit) -> None:
    page = visit(ADDRESS + "context")
    words = page.locator(".st-key-word_row .word")
    expect(words).to_have_count(8)
    words.nth(6).hover()
    expect(page.locator(".st-key-word_row .status")).to_contain_text("Without bus: school")
    words.nth(6).click()
    expect(page.get_by_role("heading", name="Without word 7")).to_be_visible()
    expect(page).to_have_url(re.compile("without=7"))
    expect(words.nth(6)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # over the gap, which cannot be picked
    expect(words.nth(3)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Without word 4")).to_be_visible()
    expect(words.nth(3)).to_be_focused()
    page.get_by_role("radio", name="left out").click()
    expect(page).to_have_url(re.compile("how=delete"))


def test_a_cell_of_the_lens_is_picked_and_its_sum_stands_below(visit: Visit) -> None:
    page = visit(ADDRESS + "layers")
    cells = page.locator(".st-key-lens .cell")
    expect(cells).to_have_count(25)
    last = page.locator(".katex-mathml").first.text_content()
    cells.nth(2).click()
    expect(page).to_have_url(re.compile(r"cell=0\.3"))
    expect(page.locator(".katex-mathml").first).not_to_have_text(str(last))
    expect(page.get_by_text("The vector at this gap (input)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"cell=1\.3"))


def test_the_game_is_drawn_again_and_its_rate_is_moved_by_keyboard(visit: Visit) -> None:
    page = visit(ADDRESS + "training")
    paid = page.locator(".st-key-word_row .word:enabled")
    expect(paid).to_have_count(1)
    page.get_by_role("slider").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("rate=30"))
    expect(paid).to_have_count(2)
    before = row(page)
    page.get_by_role("button", name="Draw again").click()
    expect(page).to_have_url(re.compile("seed=2"))
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    assert row(page) != before
    paid.last.click()
    expect(paid.last).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("piece="))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", ["layers", "context", "training"])
def test_a_view_has_no_serious_barrier_and_fits_a_phone(
    visit: Visit, barriers: Barriers, view: str, theme: ThemeName
) -> None:
    page = visit(f"{ADDRESS}{view}&rate=60&table=on", theme=theme, width=1280 if theme == "light" else 390)
    assert not barriers(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
