"""What a reader does: mask a word, go back, share a link, switch the language, load a model, work by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.browser.conftest import Visit

SENTENCE = "The+children+went+to+school+by+bus+in+the+morning."


def gaps(page: Page) -> list[str]:
    return page.get_by_test_id("stMain").get_by_role("heading", level=2).all_inner_texts()


def test_a_click_on_a_word_hides_it_and_the_model_answers(visit: Visit) -> None:
    page = visit("/masked-words")
    expect(page.get_by_role("heading", name="Word 5")).to_be_visible()
    page.get_by_role("button", name="bus").click()
    expect(page.get_by_role("heading", name="Word 7")).to_be_visible()
    expect(page).to_have_url(re.compile(r"mask=5%2C7"))
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    page.get_by_role("button", name="bus").click()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)


def test_the_back_button_takes_a_step_back(visit: Visit) -> None:
    page = visit(f"/masked-words?sentence={SENTENCE}&mask=5")
    page.get_by_role("button", name="bus").click()
    expect(page.get_by_role("heading", name="Word 7")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Word 7")).to_have_count(0)
    expect(page.get_by_role("heading", name="Word 5")).to_be_visible()


def test_the_way_from_page_to_page_keeps_what_is_seen(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("button", name="went").click()
    expect(page).to_have_url(re.compile("mask=3%2C5"))
    page.get_by_role("link", name="Masked words").first.click()
    expect(page.get_by_role("heading", name="What belongs in the gap?")).to_be_visible()
    expect(page.get_by_role("heading", name="Word 3")).to_be_visible()
    expect(page).to_have_url(re.compile("masked-words.*mask=3%2C5"))


def test_a_shared_link_shows_the_same_page_elsewhere(visit: Visit) -> None:
    mine = visit("/masked-words")
    mine.get_by_role("button", name="morning").click()
    mine.get_by_text("Numbers as a table").click()
    expect(mine.get_by_test_id("stDataFrame")).to_be_visible()
    expect(mine).to_have_url(re.compile("table=on"))
    link = mine.url.split("/", 3)[3]
    theirs = visit(f"/{link}", locale="zh-CN")
    expect(theirs.get_by_role("heading", name="What belongs in the gap?")).to_be_visible()
    expect(theirs.get_by_test_id("stDataFrame")).to_be_visible()
    expect(theirs.get_by_test_id("stPlotlyChart")).to_have_count(2)
    assert gaps(theirs) == gaps(mine)


def test_a_deep_link_works_on_a_fresh_server(visit: Visit, serve: Callable[[], AbstractContextManager[str]]) -> None:
    with serve() as fresh:
        page = visit(f"/masked-words?sentence={SENTENCE}&mask=7&lang=zh", base=fresh)
        expect(page.get_by_role("heading", name="空白处该填什么？")).to_be_visible()
        expect(page.get_by_role("heading", name="第 7 个词")).to_be_visible()
        expect(page.get_by_test_id("stSidebar").get_by_role("textbox").first).to_be_visible()
        answer = page.request.get(f"{fresh}/masked-words")
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-encoding"] == "gzip"


def test_the_browser_speaks_first_and_the_switch_is_followed(visit: Visit) -> None:
    page = visit("/masked-words", locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", name="空白处该填什么？")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", name="What belongs in the gap?")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("lang=en"))


def test_all_of_it_can_be_done_by_keyboard(visit: Visit) -> None:
    page = visit("/masked-words")
    school = page.get_by_role("button", name="school")
    school.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Word 7")).to_be_visible()
    expect(page.get_by_role("button", name="bus")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Word 7")).to_have_count(0)
    box = page.get_by_role("textbox", name="Sentence (English)")
    box.focus()
    box.fill("A cat sat here.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="cat")).to_be_visible()


def test_what_a_reader_types_is_never_markup(visit: Visit) -> None:
    page = visit("/masked-words?mask=2,3,4,5&sentence=a")
    hostile = "<img src=x onerror=alert(1)> </script><script>alert(2)</script> [x](javascript:alert(3)) $a_b$ :home:"
    box = page.get_by_role("textbox", name="Sentence (English)")
    box.fill(hostile)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="onerror")).to_be_visible()
    page.get_by_role("button", name="onerror").click()
    expect(page.get_by_role("heading", name="onerror").first).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.locator("img[src='x'], a[href^='javascript'], .katex-error").count() == 0
    expect(box).to_have_value(hostile)


def test_a_model_named_in_a_link_waits_for_a_click_and_its_failure_is_a_sentence(visit: Visit) -> None:
    page = visit("/masked-words?model=someone/nothing")
    expect(page.get_by_test_id("stMain").get_by_text("is not in memory here")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)
    page.get_by_role("button", name="Load", exact=True).click()
    failure = page.get_by_test_id("stSidebar").get_by_test_id("stAlert")
    expect(failure).to_contain_text("someone/nothing")
    expect(failure).to_contain_text("hub")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)


def test_a_guess_uncovers_the_answer(visit: Visit) -> None:
    page = visit("/masked-words?guess=on")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    box = page.get_by_role("textbox", name="What will the model put here?")
    box.fill("school")
    box.press("Enter")
    expect(page.get_by_text(re.compile("Your guess school: rank"))).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)


def test_two_readers_do_not_see_each_other(visit: Visit, chromium: Browser, server: str) -> None:
    mine = visit("/masked-words")
    context = chromium.new_context(locale="en-US")
    theirs = context.new_page()
    theirs.goto(f"{server}/masked-words")
    settle(theirs)
    theirs.get_by_role("button", name="morning").click()
    expect(theirs.get_by_role("heading", name="Word 10")).to_be_visible()
    mine.get_by_role("button", name="bus").click()
    expect(mine.get_by_role("heading", name="Word 7")).to_be_visible()
    assert not any("Word 10" in gap for gap in gaps(mine))
    context.close()
