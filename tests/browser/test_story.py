"""What a reader does with a shuffled story: cards dragged by mouse and by finger, moved by keys; then the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from figures.theme import THEMES, ThemeName

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

ADDRESS = "/next-sentences?view=story&story=key"
DRAG_STEPS = 6  # pointer events on the way, as a hand makes them


def handle(page: Page, letter: str) -> Locator:
    """The letter of a card, where the keyboard moves it and a finger drags it."""
    return page.get_by_role("button", name=f"Card {letter}, place")


def expect_order(page: Page, letters: str) -> None:
    expect(page.locator(".card .handle")).to_have_text(list(letters))


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_card_is_dragged_and_the_order_stands_in_the_address(visit: Visit) -> None:
    page = visit(ADDRESS)
    expect_order(page, "ABCD")
    cards = page.locator(".card .text")
    page.mouse.move(*middle(cards.nth(0)))
    page.mouse.down()
    page.mouse.move(*middle(cards.nth(2)), steps=DRAG_STEPS)
    page.mouse.move(*middle(cards.nth(3)), steps=DRAG_STEPS)
    page.mouse.up()
    expect_order(page, "BCDA")
    expect(page).to_have_url(re.compile("order=BCDA"))
    expect(page.locator(".dragged")).to_have_count(0)
    page.reload()
    expect_order(page, "BCDA")


def test_a_finger_drags_a_card_by_its_letter(visit: Visit) -> None:
    page = visit(ADDRESS, width=390)
    expect_order(page, "ABCD")
    finger = page.context.new_cdp_session(page)
    handle(page, "D").scroll_into_view_if_needed()

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    (x, start), (_x, end) = middle(handle(page, "D")), middle(handle(page, "B"))
    touch("touchStart", (x, start))
    for step in range(1, DRAG_STEPS + 1):
        touch("touchMove", (x, start + (end - start) * step / DRAG_STEPS))
    touch("touchEnd")
    expect_order(page, "ADBC")
    expect(page).to_have_url(re.compile("order=ADBC"))


def test_keys_and_buttons_move_a_card_that_keeps_the_focus_and_says_where_it_is(visit: Visit) -> None:
    page = visit(ADDRESS)
    handle(page, "C").focus()
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    expect_order(page, "CABD")
    expect(page.locator(".status").filter(has_text="Card C")).to_have_text("Card C is now at place 1 of 4.")
    expect(page).to_have_url(re.compile("order=CABD"))
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("order=ABDC"))
    page.keyboard.press("ArrowUp")
    expect_order(page, "ABCD")
    expect(page).to_have_url(re.compile("order=ABCD"))
    expect(handle(page, "C")).to_be_focused()
    page.get_by_role("button", name="Move card A down").click()
    expect_order(page, "BACD")
    expect(page).to_have_url(re.compile("order=BACD"))


@pytest.mark.parametrize("theme", THEMES)
def test_who_commits_sees_three_orders_and_asks_about_a_pair(
    visit: Visit, barriers: Barriers, theme: ThemeName
) -> None:
    page = visit(ADDRESS, theme=theme)
    page.get_by_role("button", name="This is my order").click()
    expect(page).to_have_url(re.compile("done=on"))
    expect(page.get_by_role("list", name="You τ")).to_have_text("ABCD")
    expect(page.get_by_role("list", name="Model τ").get_by_role("listitem")).to_have_count(4)
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    cell = page.get_by_role("grid").get_by_role("gridcell").nth(1)
    cell.click()
    expect(page).to_have_url(re.compile("cell=[A-D]{2}"))
    expect(cell).to_have_attribute("aria-selected", "true")
    assert not barriers(page)


@pytest.mark.parametrize("answered", ["", "&done=on&table=on&all=on"], ids=["cards", "answer"])
def test_a_story_of_long_words_fits_a_phone_without_scrolling_sideways(visit: Visit, answered: str) -> None:
    story = "%0A".join(f"{letter * 60} and {letter}" for letter in "abcd")
    page = visit(f"/next-sentences?view=story&story=own&own={story}&lang=zh{answered}", width=390)
    page.locator(".card, .told li").first.wait_for()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    for component in page.locator(".sorter, .orders").all():
        assert component.evaluate("e => e.getBoundingClientRect().right <= innerWidth")


def test_ten_pairs_are_judged_without_leaving_the_keyboard(visit: Visit) -> None:
    page = visit("/next-sentences?view=ten")
    page.get_by_role("button", name="It does not follow").focus()
    for number in range(1, 11):
        expect(page.get_by_text(f"Pair {number} of 10")).to_be_visible()
        page.keyboard.press("Enter")
        if number < 10:
            expect(page.get_by_role("button", name="It does not follow")).to_be_focused()
    expect(page.get_by_text("You: 5 of 10 right.")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(11)
