"""What a reader does with a language model: count, click, guess; by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ui.lessons.language_model.game_text import ROUNDS

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

VIEWS = ("sentence", "pairs", "game")  # the first view is among all pages


def test_a_count_is_asked_about_by_keyboard_and_stands_in_the_address(visit: Visit) -> None:
    page = visit("/language-model?order=2&prompt=The+dog")
    cells = page.locator(".st-key-count_table .cell")
    expect(cells.first).to_be_attached()
    picked = page.locator('.st-key-count_table .cell[aria-selected="true"]')
    picked.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("context="))
    expect(picked).to_be_focused()
    total = picked.get_attribute("aria-label") or ""
    count, context = total.split(",")[0].split(" · ")
    expect(page.get_by_text(f"The text has {context} {count} times")).to_be_visible()


def test_a_token_is_picked_and_its_bits_are_written_out(visit: Visit) -> None:
    page = visit("/language-model?view=sentence&sentence=The+dog+sat.&mask=")
    page.get_by_role("button", name=re.compile("^dog: piece 2")).click()
    expect(page.get_by_role("heading", name=re.compile("How dog came to"))).to_be_visible()
    expect(page).to_have_url(re.compile("token=2"))


def test_a_round_is_played_and_the_next_one_begins_unseen(visit: Visit) -> None:
    page = visit("/language-model?view=game&mode=gap")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    box = page.get_by_role("textbox", name="Which word belongs there?")
    box.fill(ROUNDS[0].word)
    box.press("Enter")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("1 / 1")
    page.get_by_role("button", name="Next round").click()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    expect(page.get_by_role("heading", name=re.compile(ROUNDS[1].before))).to_be_visible()


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits_a_phone_and_has_no_serious_barrier(visit: Visit, barriers: Barriers, view: str) -> None:
    page = visit(f"/language-model?view={view}&table=on&phenomena=on", width=390, theme="dark")
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert not barriers(page)
