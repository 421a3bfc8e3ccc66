"""What a reader does with tokens: take a word apart, pick by keyboard, swap two words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

SENTENCE = "The+glassblower+went+home."


def tiles(page: Page) -> Locator:
    return page.locator(".tokens .token")


def test_a_click_takes_a_word_apart_and_another_can_be_typed(visit: Visit) -> None:
    page = visit(f"/tokens?sentence={SENTENCE}&mask=")
    page.get_by_role("button", name=re.compile("^##")).first.click()
    expect(page.get_by_role("heading", name="How glassblower falls")).to_be_visible()
    expect(page).to_have_url(re.compile("token="))
    box = page.get_by_label("A word to take apart")
    box.fill("photosynthesis")
    box.press("Enter")
    expect(page.get_by_role("heading", name="How photosynthesis falls")).to_be_visible()
    expect(page).not_to_have_url(re.compile("token="))
    expect(page.get_by_text("✓").first).to_be_visible()


def test_a_token_is_reached_and_picked_by_keyboard_alone(visit: Visit) -> None:
    page = visit(f"/tokens?sentence={SENTENCE}&mask=&view=embeddings")
    expect(tiles(page).nth(1)).to_have_attribute("aria-pressed", "true")
    tiles(page).nth(1).focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    last = tiles(page).count() - 2
    expect(tiles(page).nth(last)).to_have_attribute("aria-pressed", "true")
    expect(tiles(page).nth(last)).to_be_focused()
    expect(page).to_have_url(re.compile(f"token={last + 1}"))


def test_two_clicks_swap_two_words(visit: Visit) -> None:
    page = visit("/tokens?sentence=A+dog+bites+man&mask=&view=swap")
    for word in ("dog", "man"):
        page.get_by_role("button", name=re.compile(f"^{word}:")).click()
        expect(page.get_by_role("button", name=re.compile(f"^{word}:"))).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("A man bites dog")).to_be_visible()


def test_tokens_that_look_like_markup_are_text_in_every_view(visit: Visit) -> None:
    hostile = "%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E %3Cimg src%3Dx onerror%3Dalert(1)%3E %26lt%3B cat"
    for view in ("pieces", "embeddings", "swap", "map"):
        page = visit(f"/tokens?sentence={hostile}&mask=&pair={hostile}&word={hostile}&view={view}&table=on")
        expect(tiles(page).nth(1).locator(".text")).to_have_text("<")
        expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)
        assert page.locator("img[src=x]").count() == 0
