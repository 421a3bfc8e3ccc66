"""What a reader does with attention: point at a word, pin it, walk by keyboard, pick a head, change the theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

ADDRESS = "/many-heads?sentence=The+children+went+to+school+by+bus.&mask=5"
PAINTED = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.filter((_, place) => place % 4 === 3).filter(alpha => alpha > 0).length;
}"""


def side(page: Page, name: str) -> Locator:
    """The tokens that look (query) or are looked at (key)."""
    return page.locator(f".side.{name} .token")


def shares(tokens: Locator) -> list[str]:
    return [share for share in tokens.locator(".share").all_inner_texts() if share]


def test_pointing_at_a_word_shows_its_lines_alone_with_shares_that_add_up_to_one(visit: Visit) -> None:
    page = visit(ADDRESS)
    expect(side(page, "query")).to_have_count(10)
    everything = page.locator(".between canvas").evaluate(PAINTED)
    assert everything > 0
    side(page, "query").nth(3).hover()
    percentages = [float(share.replace("<", "").split("\u00a0")[0]) for share in shares(side(page, "key"))]
    assert len(percentages) == 10
    assert abs(sum(percentages) - 100) <= 10 * 0.1
    assert 0 < page.locator(".between canvas").evaluate(PAINTED) < everything
    page.locator("h1").hover()
    assert not shares(side(page, "key"))


def test_a_click_pins_a_word_in_the_address_and_the_sum_follows(visit: Visit) -> None:
    page = visit(ADDRESS)
    side(page, "query").nth(3).click()
    expect(page).to_have_url(re.compile("query=4"))
    expect(side(page, "query").nth(3)).to_have_attribute("aria-pressed", "true")
    side(page, "key").nth(6).click()
    expect(page).to_have_url(re.compile("query=4&key=7"))
    share = side(page, "key").nth(6).locator(".share").inner_text()
    expect(page.locator("strong", has_text=share.split("\u00a0")[0])).to_be_visible()
    side(page, "query").nth(3).click()
    expect(page).not_to_have_url(re.compile("query="))


def test_the_lines_can_be_read_and_pinned_by_keyboard_alone(visit: Visit) -> None:
    page = visit(ADDRESS)
    side(page, "query").nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(side(page, "query").nth(2)).to_be_focused()
    expect(page.locator(".live")).to_contain_text("children looks at")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("query=3"))
    expect(side(page, "query").nth(2)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(side(page, "key").nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("query="))


def test_a_head_is_picked_from_the_grid_by_click_and_by_keyboard(visit: Visit) -> None:
    page = visit(ADDRESS)
    page.get_by_role("gridcell", name="Layer 2, Head 3").click()
    expect(page).to_have_url(re.compile("layer=2&head=3"))
    expect(page.get_by_role("group", name="Attention of layer 2, head 3")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("layer=3&head=2"))
    expect(page.get_by_role("gridcell", name="Layer 3, Head 2")).to_have_attribute("aria-selected", "true")


def test_all_heads_large_lead_to_the_lines_of_the_one_that_is_picked(visit: Visit) -> None:
    page = visit(f"{ADDRESS}&view=heads")
    page.get_by_role("gridcell", name="Layer 4, Head 1").click()
    expect(page.get_by_role("group", name="Attention of layer 4, head 1")).to_be_visible()


def test_hiding_a_word_changes_the_lines_and_the_answers_together(visit: Visit) -> None:
    page = visit(ADDRESS)
    expect(side(page, "query").nth(7)).to_have_text("bus")
    page.locator(".words .word", has_text="bus").click()
    expect(side(page, "query").nth(7)).to_have_text("[MASK]")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)


def test_lines_grid_and_figures_follow_when_the_reader_changes_between_light_and_dark(visit: Visit) -> None:
    page = visit(ADDRESS, width=1300)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)
    paper = page.locator(".js-plotly-plot .main-svg").first
    light = paper.evaluate("svg => getComputedStyle(svg).backgroundColor")
    title = page.locator(".title.query")
    before = title.evaluate("element => getComputedStyle(element).color")
    page.emulate_media(color_scheme="dark")
    expect(title).not_to_have_css("color", before)
    expect(paper).not_to_have_css("background-color", light)


def test_tokens_that_look_like_markup_are_text_in_every_view(visit: Visit) -> None:
    hostile = "%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E %3Cimg src%3Dx onerror%3Dalert(1)%3E %26lt%3B"
    for view in ("lines", "linked", "heatmap", "heads", "table"):
        page = visit(f"/many-heads?sentence={hostile}&mask=2,9&view={view}")
        expect(page.locator(".words .word").first).to_have_text("<<")
        assert page.locator("img[src=x]").count() == 0


def test_what_is_pointed_at_in_the_lines_is_pointed_at_in_the_matrix_and_the_other_way_round(visit: Visit) -> None:
    page = visit(f"{ADDRESS}&view=linked")
    matrix = page.locator(".st-key-attention_matrix")
    expect(matrix.get_by_role("gridcell")).to_have_count(100)
    side(page, "query").nth(3).hover()
    expect(matrix.locator(".pointed")).to_have_count(10)
    matrix.get_by_role("gridcell").nth(27).hover()  # the third query, the eighth key
    expect(side(page, "query").nth(2)).to_have_class(re.compile("looked"))
    expect(matrix.locator(".status")).to_contain_text("bus")
    matrix.get_by_role("gridcell").nth(27).click()
    expect(page).to_have_url(re.compile("query=3&key=8"))
    expect(side(page, "key").nth(7)).to_have_attribute("aria-pressed", "true")
