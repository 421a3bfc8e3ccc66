"""What a reader takes along: a link with controls hidden, a notebook; and a guess before the answer is told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

ADDRESS = "/many-heads?sentence=The+children+went+to+school+by+bus.&mask=5&layer=2&head=3&view=heatmap"


def test_a_copied_link_opens_the_same_page_elsewhere_without_the_controls_it_hides(visit: Visit) -> None:
    mine = visit(ADDRESS)
    mine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mine.get_by_text("Share this page").click()
    mine.get_by_role("button", name="Sentence (English)").click()
    mine.get_by_role("button", name="Words to click").click()
    mine.get_by_role("button", name="Layer", exact=True).click()
    field = mine.get_by_role("textbox", name="This page, as it stands")
    expect(field).to_have_value(re.compile("hide=sentence,mask,layer"))
    mine.get_by_role("button", name="Copy link").click()
    expect(mine.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    link = mine.evaluate("navigator.clipboard.readText()")
    assert link == field.input_value()
    expect(mine.get_by_role("img", name="QR code of the link")).to_be_visible()

    theirs = visit("/" + link.split("/", 3)[3], locale="zh-CN")
    side = theirs.get_by_test_id("stSidebar")
    expect(theirs.get_by_role("heading", name="Who looks at whom?")).to_be_visible()
    expect(theirs.get_by_role("gridcell", name="Layer 2, Head 3")).to_have_attribute("aria-selected", "true")
    expect(theirs.locator(".words .word[aria-pressed=true]")).to_have_text(re.compile("school"))
    expect(theirs.locator(".words .word").first).to_be_disabled()
    expect(theirs.get_by_role("radiogroup", name="Head", exact=True)).to_be_visible()
    expect(theirs.get_by_role("radiogroup", name="Layer", exact=True)).to_have_count(0)
    expect(side.get_by_role("textbox", name="Sentence (English)")).to_have_count(0)
    side.get_by_role("button", name="Show all controls").click()
    expect(side.get_by_role("textbox", name="Sentence (English)")).to_have_value("The children went to school by bus.")
    expect(theirs).not_to_have_url(re.compile("hide="))
    expect(theirs.locator(".words .word").first).to_be_enabled()


def test_where_the_clipboard_is_closed_the_link_is_copied_by_selection(visit: Visit) -> None:
    page = visit(f"{ADDRESS}&share=on")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    field = page.get_by_role("textbox", name="This page, as it stands")
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == field.input_value()


def test_a_guess_is_made_by_keyboard_and_the_notebook_is_a_notebook(visit: Visit) -> None:
    page = visit("/masked-words?mask=5")
    page.locator("[class*=st-key-option_] button").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("[01] of 1 right"))).to_be_visible()
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("button", name="Next question")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("button", name="Notebook (.ipynb)").click()
    assert download.value.suggested_filename == "masked-words.ipynb"
    book = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert book["nbformat"] == 4
    assert "load_pretrained('compact-bert')" in "".join(book["cells"][1]["source"])
