"""BertViz in the app: it draws offline in both themes, and no token becomes a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from playwright.sync_api import expect

from figures.heads.bertviz_html import LONGEST, BertVizInput, BertVizText, BertVizView, bertviz_html
from figures.theme import ThemeName

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

ADDRESS = "/many-heads?sentence=The+children+went+to+school+by+bus.&mask=5&view=bertviz"
HOSTILE = [
    "[CLS]",
    "</script><script>top.ran = 1</script>",
    "<!--<script>",
    "<img src=x onerror='top.ran = 1'>",
    "[SEP]",
]


@pytest.mark.parametrize(
    ("view", "theme"), [("head", "light"), ("model", "light"), ("neuron", "light"), ("head", "dark"), ("model", "dark")]
)
def test_a_view_draws_without_the_network_and_on_white_in_both_themes(
    visit: Visit, view: BertVizView, theme: ThemeName
) -> None:
    page = visit(f"{ADDRESS}&bertviz={view}", theme=theme)
    frame = page.frame_locator("iframe[title^=BertViz]")
    expect(frame.locator("svg")).to_have_count(1)
    expect(frame.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    assert frame.locator("svg line").count() >= 10 * 10
    if view == "model":
        frame.locator("svg rect").last.click()
    expect(frame.locator("svg text", has_text="children").first).to_be_attached()


def test_the_neuron_view_opens_at_a_token_and_shows_the_sum_of_its_products(visit: Visit) -> None:
    frame = visit(f"{ADDRESS}&bertviz=neuron").frame_locator("iframe[title^=BertViz]")
    expect(frame.locator("#expanded")).to_have_attribute("visibility", "hidden")
    frame.locator("#collapsed #leftText .token").nth(2).hover()
    frame.locator("#collapsed .plus-sign").nth(2).click(force=True)
    expect(frame.locator("#expanded")).to_have_attribute("visibility", "visible")
    assert frame.locator("#product .element").count() >= 10 * 64


def test_a_token_that_looks_like_markup_is_text_in_every_view_and_nothing_runs(visit: Visit) -> None:
    page = visit("/")
    probs, vectors = torch.full((1, 2, 5, 5), 0.2), torch.ones(1, 2, 5, 4)
    drawn = BertVizInput(HOSTILE, [probs], [vectors], [vectors])
    for view in LONGEST:
        html = bertviz_html(view, drawn, layer=0, head=0, text=BertVizText("en", view, "Layer", "Head"))
        page.evaluate(
            "html => { const frame = document.createElement('iframe'); frame.name = 'hostile'; frame.srcdoc = html;"
            " document.querySelector('iframe[name=hostile]')?.remove(); document.body.append(frame); }",
            html,
        )
        frame = page.frame_locator("iframe[name=hostile]")
        if view == "model":
            frame.locator("svg rect").last.dispatch_event("click")
        for token in HOSTILE:
            expect(frame.locator("svg text", has_text=token).first).to_be_attached()
        assert page.evaluate("window.ran") is None
        assert frame.locator("img").count() == 0
