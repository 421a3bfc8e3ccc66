"""What a reader does at the switchboard: heads off by click and by keyboard, and the answers move."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from figures.theme import THEMES, ThemeName

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

ADDRESS = "/many-heads?sentence=The+children+went+to+school+by+bus.&mask=5&view=switchboard"


def head(page: Page, layer: int, number: int) -> Locator:
    return page.get_by_role("switch", name=f"Layer {layer}, Head {number}")


def told(page: Page) -> Locator:
    """The sentence that says what became of the hidden word."""
    return page.get_by_text("stood here:")


def test_a_click_turns_a_head_off_and_the_answers_move_with_it(visit: Visit) -> None:
    page = visit(ADDRESS)
    expect(told(page)).to_contain_text("All heads are on")
    head(page, 1, 1).click()
    expect(page).to_have_url(re.compile(r"off=1\.1(&|$)"))
    expect(head(page, 1, 1)).to_have_attribute("aria-checked", "false")
    expect(told(page)).to_contain_text("log-probability fell")
    once = told(page).inner_text()
    head(page, 2, 3).click()
    expect(page).to_have_url(re.compile(r"off=1\.1(,|%2C)2\.3"))
    expect(told(page)).not_to_have_text(once)
    page.get_by_role("button", name="All on").click()
    expect(told(page)).to_contain_text("All heads are on")
    expect(page).not_to_have_url(re.compile("off="))


def test_the_board_is_walked_and_switched_by_keyboard_a_head_and_a_layer(visit: Visit) -> None:
    page = visit(ADDRESS)
    head(page, 1, 1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(head(page, 2, 2)).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"off=2\.2"))
    expect(told(page)).to_contain_text("log-probability")
    expect(head(page, 2, 2)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"off=2\.1(,|%2C)2\.2(,|%2C)2\.3(,|%2C)2\.4"))
    expect(page.locator(".board [aria-checked=false]")).to_have_count(4)


@pytest.mark.parametrize("theme", THEMES)
def test_what_each_head_is_worth_is_measured_and_the_board_has_no_serious_barrier(
    visit: Visit, barriers: Barriers, theme: ThemeName
) -> None:
    page = visit(f"{ADDRESS}&off=1.1", theme=theme)
    page.get_by_role("button", name="Measure what each head is worth").click()
    expect(head(page, 4, 4)).to_have_attribute("aria-label", re.compile(r"loses −?\d+\.\d\d bits"))
    expect(page.get_by_role("button", name="Hide what each head is worth")).to_be_visible()
    assert not barriers(page)
