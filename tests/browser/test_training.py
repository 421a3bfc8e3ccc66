"""What a reader does with a training: begin, watch, pause, come back, go on; by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from figures.theme import THEMES, ThemeName
from lm_core.text.places import runs_folder
from lm_core.training.experiment import History
from tests.browser.conftest import settle
from tests.patience import wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

# How often the script begins in two and a half seconds in which nobody touches the page.
RUNS = """() => new Promise(done => {
    let runs = 0;
    const app = document.querySelector("[data-testid=stApp]");
    const watch = new MutationObserver(() => { runs += app.dataset.testScriptState === "running"; });
    watch.observe(app, {attributes: true, attributeFilter: ["data-test-script-state"]});
    setTimeout(() => { watch.disconnect(); done(runs); }, 2500);
})"""
ADDRESS = "/fine-tuning?view=train&few=32&batch=4"


def status(page: Page) -> str:
    return str(page.locator("p", has_text=re.compile(r"step [\d,]+ of")).first.text_content())


def step(page: Page) -> int:
    found = re.search(r"step ([\d,]+) of", status(page))
    assert found
    return int(found[1].replace(",", ""))


def wait_for_step(page: Page, least: int) -> None:
    page.wait_for_function(
        """least => [...document.querySelectorAll("p")].some(each => {
            const found = /step ([\\d,]+) of/.exec(each.textContent);
            return found && Number(found[1].replace(",", "")) >= least;
        })""",
        arg=least,
    )


def is_saved(page: Page) -> bool:
    """Whether the page, loaded anew, shows the step of the last save: a pause saves after the step under way."""
    page.reload()
    settle(page)
    found = re.search(r"run=([^&]+)", page.url)
    assert found
    kept = list((runs_folder() / found[1]).rglob("history.json"))
    return bool(kept) and History.load(kept[-1]).steps[-1].step == step(page)


def test_a_training_is_begun_watched_paused_and_found_again_by_its_address(visit: Visit) -> None:
    page = visit(ADDRESS + "&steps=4000")
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("run="))
    wait_for_step(page, 2)  # nobody touches the page: it looks for itself
    assert any(page.evaluate(RUNS) for _ in range(10))
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    page.get_by_role("button", name="Pause", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    wait_until(lambda: is_saved(page))
    expect(page.get_by_text("Paused", exact=False).first).to_be_visible()
    stood = step(page)
    page.get_by_role("button", name="+1", exact=True).click()
    wait_for_step(page, stood + 1)
    expect(page.get_by_role("button", name="+1", exact=True)).to_be_enabled()
    assert step(page) == stood + 1
    page.get_by_role("button", name="Play", exact=True).click()
    wait_for_step(page, stood + 2)
    page.get_by_role("button", name="Remove").click()
    expect(page).not_to_have_url(re.compile("run="))
    expect(page.get_by_role("button", name="Start training")).to_be_visible()


def test_a_training_that_ends_says_so_and_is_asked_about_no_more(visit: Visit) -> None:
    page = visit(ADDRESS + "&steps=3")
    page.get_by_role("button", name="It does not get below guessing").click()
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
    expect(page.get_by_text(re.compile("Right: it|It came otherwise"))).to_be_visible()
    page.get_by_role("button", name="Gradient norm").click()
    expect(page).to_have_url(re.compile("charts=loss(%2C|,)accuracy(%2C|,)norm"))
    page.reload()
    settle(page)
    expect(page.locator(".js-plotly-plot")).to_be_attached()
    assert not all(page.evaluate(RUNS) for _ in range(10)), "it goes on asking"
    assert page.evaluate(RUNS) == 0, "it begins to ask again"


@pytest.mark.parametrize("theme", THEMES)
def test_the_view_has_no_serious_barrier_and_fits_a_phone(visit: Visit, barriers: Barriers, theme: ThemeName) -> None:
    page = visit(ADDRESS + "&steps=3&preset=scratch", theme=theme, width=390)
    page.get_by_role("button", name="Start both trainings").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
    address = page.url.split("/fine-tuning")[1]
    for switches in ("", "&setup=on&more=on&check=on&table=on&step_code=on&charts=loss,rate,norm"):
        page = visit("/fine-tuning" + address + switches, theme=theme, width=390)
        expect(page.locator(".js-plotly-plot")).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not barriers(page)
