"""What a reader does before and with a pre-training: slide, paste, begin, watch, ask; by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from ui.runs.small_text import SMALL_TEXT

if TYPE_CHECKING:
    from figures.theme import ThemeName
    from tests.browser.conftest import Barriers, Visit

TINY = "/pretraining?set=story&vocab=150&width=32&layers=1&heads=2&batch=256&steps=50"


def test_the_slider_of_the_vocabulary_cuts_the_sentence_anew_by_keyboard(visit: Visit) -> None:
    page = visit("/pretraining?set=story&vocab=60&sentence=The+dog+ran+to+the+river.")
    tokens = page.locator(".st-key-small_tokens").get_by_text("##", exact=False)
    tokens.first.wait_for()
    before = tokens.count()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("End")
    expect(page).not_to_have_url(re.compile("vocab=60"))
    settle(page)
    expect(page.locator(".st-key-small_tokens").get_by_text("river", exact=True)).to_be_visible()
    assert tokens.count() < before


def test_a_pasted_text_is_trained_on_and_asked(visit: Visit) -> None:
    page = visit(f"{TINY.replace('story', 'own')}&view=train")
    expect(page.get_by_text("Paste a text, or bring a .txt file")).to_be_visible()
    box = page.get_by_role("textbox", name="Paste a text")
    box.fill(SMALL_TEXT)
    box.press("Control+Enter")
    expect(page).to_have_url(re.compile("data="))
    settle(page)
    page.get_by_role("button", name="How frequent each piece is").click()
    settle(page)
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("run="))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
    expect(page.get_by_text("step 50 of 50", exact=False).first).to_be_visible()
    expect(page.get_by_text("knows frequencies", exact=False).first).to_be_visible()
    page.get_by_text("Ask it, take it home").click()
    page.get_by_role("textbox", name="A sentence with [MASK]").fill("The [MASK] ran.")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"ask=The\+"))
    settle(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Model (zip)").click()
    assert download.value.suggested_filename.endswith(".zip")


def test_a_file_that_is_no_text_leaves_what_was_there(visit: Visit) -> None:
    page = visit("/pretraining?set=own&text=Something+short.")
    page.locator('input[type="file"]').first.wait_for(state="attached")
    page.locator(".st-key-upload input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"PK\x03\x04\x00\x00"}
    )
    expect(page.get_by_text("This file is not plain text", exact=False)).to_be_visible()
    expect(page.get_by_role("textbox", name="Paste a text")).to_have_value("Something short.")


@pytest.mark.parametrize(("view", "theme"), [("train", "dark"), ("recording", "light")])
def test_its_views_have_no_serious_barrier(visit: Visit, barriers: Barriers, view: str, theme: ThemeName) -> None:
    page = visit(f"/pretraining?view={view}", theme=theme)
    settle(page)
    assert not barriers(page)
