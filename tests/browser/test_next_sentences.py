"""What a reader does with two sentences: try others, swap them, point at a bar, walk along the words by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from ui.lessons.next_sentences.pair_examples import PAIRS

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

EXAMPLE = PAIRS[2]


def bars(page: Page) -> Locator:
    return page.locator(".js-plotly-plot .barlayer .point path")


def test_other_sentences_are_tried_with_one_click_and_add_up_in_one_figure(visit: Visit) -> None:
    page = visit("/next-sentences")
    page.get_by_test_id("stMain").get_by_role("combobox").click()
    page.get_by_role("option", name=EXAMPLE.first).click()
    expect(page.get_by_role("textbox", name="B: does it follow?")).to_have_value(EXAMPLE.follows)
    page.get_by_role("button", name="Forget what was tried").click()
    expect(bars(page)).to_have_count(1)
    page.get_by_role("button", name="Paraphrase of A").click()
    expect(page.get_by_role("textbox", name="B: does it follow?")).to_have_value(EXAMPLE.paraphrase)
    expect(bars(page)).to_have_count(2)
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.get_by_role("textbox", name="A: the first sentence")).to_have_value(EXAMPLE.paraphrase)
    expect(page.get_by_role("textbox", name="Sentence (English)")).to_have_value(EXAMPLE.paraphrase)
    expect(bars(page)).to_have_count(3)
    page.go_back()
    expect(page.get_by_role("textbox", name="B: does it follow?")).to_have_value(EXAMPLE.paraphrase)


def test_a_click_on_a_part_of_a_bar_writes_its_sum_out(visit: Visit) -> None:
    page = visit("/next-sentences?view=cls&layer=2")
    expect(page.get_by_text("In layer 2 its heads give A")).to_be_visible()
    part = page.locator(".js-plotly-plot .barlayer .trace").nth(1).locator(".point path")  # B
    expect(part.first).to_be_attached()
    layers = page.locator(".st-key-layer_picker [role=radio]").count()
    boxes = [each.bounding_box() for each in part.all()]
    heads = [box["width"] if box else 0.0 for box in boxes[layers:]]
    head = heads.index(max(heads))
    part.nth(layers + head).click(force=True)  # what takes the click lies above all bars
    expect(page.get_by_text(re.compile(f"^Layer 2, head {head + 1} gives B"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"head={head + 1}.*bar=head.*part=second"))


def test_the_words_of_both_sentences_are_walked_and_picked_by_keyboard(visit: Visit) -> None:
    page = visit("/next-sentences?view=words&sentence=A+cat+sat.&pair=It+slept.")
    words = page.locator(".words .word")
    expect(words).to_have_count(8)  # with [SEP] between the sentences
    words.first.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Without word 2 of B: slept")).to_be_visible()
    expect(words.nth(6)).to_be_focused()
    expect(page).to_have_url(re.compile("without=B2"))


@pytest.mark.parametrize("view", ["cls", "words", "fooled"])
def test_every_view_fits_a_phone(visit: Visit, view: str) -> None:
    page = visit(f"/next-sentences?view={view}&lang=zh", width=390)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    right = main.evaluate(
        "e => Math.max(...[...e.querySelectorAll('h1, h2, p, button, svg.main-svg')]"
        ".filter(x => x.checkVisibility() && !x.closest('[data-testid=stDataFrame]'))"
        ".map(x => x.getBoundingClientRect().right))"
    )
    assert right <= 391
