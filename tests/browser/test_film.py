"""What a person does with a film: drag along the loss, by mouse and by keyboard, play it, open heads and numbers."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from figures.theme import THEMES, ThemeName
from lm_core import load_pretrained
from lm_core.runs.local_pool import LocalPool
from lm_core.runs.pool import Limits
from lm_core.text.examples import Example, Examples
from lm_core.text.places import runs_folder
from lm_core.training.film import Film
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

PROBES = ("The food was [MASK].", '<script>alert("x")</script> <b>[MASK]</b> ' + "long" * 30)


@pytest.fixture(scope="module")
def run() -> tuple[str, Film]:
    """The name of a run that is done, where the server finds it, and its film."""
    model = load_pretrained(device="cpu")
    rows = Examples(tuple(Example(f"It was {word}.", word) for word in ("good", "bad") * 4))
    options = FineTuningOptions(steps=8, batch_size=4, learning_rate=3e-3, warmup_share=0.0)
    pool = LocalPool(runs_folder(), lambda _: model, Limits(workers=1))
    try:
        run_id = pool.submit(FineTuningPlan("compact-bert", rows, rows, options, PROBES))
        deadline = time.monotonic() + PATIENCE
        while (snapshot := pool.snapshot(run_id)).status != "done":
            assert snapshot.error is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        pool.close()
    assert snapshot.film is not None
    return run_id, snapshot.film


def address(run: tuple[str, Film], more: str = "") -> str:
    return f"/fine-tuning?view=film&run={run[0]}{more}"


def handle(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the training")


def is_at(page: Page, film: Film, place: int) -> None:
    """The handle, and what stands beside it in the browser, are at a frame."""
    frame = film.frames[place]
    expect(handle(page)).to_have_attribute("aria-valuenow", str(place))
    expect(handle(page)).to_have_attribute("aria-valuetext", re.compile(rf"^Step {frame.step} of 8,"))
    best = frame.looks[0].answers[0][0]
    first = page.get_by_role("list", name="Answers at [MASK]").get_by_role("listitem").first
    expect(first).to_contain_text(best.token)
    expect(first).to_contain_text(f"{100 * best.probability:.1f}")
    share = frame.looks[0].label_probs[1]
    last = page.get_by_role("list", name="Label of the sentence").get_by_role("listitem").last
    expect(last).to_contain_text(f"{100 * share:.1f}")


def test_dragging_shows_each_moment_at_once_and_letting_go_writes_it_into_the_address(
    visit: Visit, run: tuple[str, Film]
) -> None:
    page, film = visit(address(run)), run[1]
    is_at(page, film, 0)
    box = page.locator(".curve").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    heard: list[object] = []
    page.mouse.move(box["x"] + 47, middle)
    page.mouse.down()
    for place in range(len(film.frames)):
        marks = page.locator(".curve line.frame")
        page.mouse.move(float(marks.nth(place).get_attribute("x1") or 0) + box["x"], middle, steps=3)
        is_at(page, film, place)
        heard.append("step=" in page.url)
    assert not any(heard)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"step=8(&|$)"))
    expect(page.get_by_text("At step 8, in layer 1, head 1")).to_be_visible()
    is_at(page, film, len(film.frames) - 1)


def test_the_arrow_keys_home_and_end_walk_the_film(visit: Visit, run: tuple[str, Film]) -> None:
    page, film = visit(address(run, "&step=2")), run[1]
    place = film.frames.index(film.nearest(2))
    is_at(page, film, place)
    handle(page).focus()
    for key, there in (("ArrowRight", place + 1), ("ArrowLeft", place), ("Home", 0), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        is_at(page, film, there)
    page.keyboard.press("End")
    is_at(page, film, len(film.frames) - 1)
    expect(page).to_have_url(re.compile(r"step=8(&|$)"))
    expect(handle(page)).to_be_focused()


def test_the_film_plays_to_its_end_and_can_be_paused(visit: Visit, run: tuple[str, Film]) -> None:
    page, film = visit(address(run)), run[1]
    page.emulate_media(reduced_motion="no-preference")
    try:
        page.get_by_role("button", name="Play").click()
        expect(handle(page)).not_to_have_attribute("aria-valuenow", "0")
        page.get_by_role("button", name="Pause").click()
        expect(page).to_have_url(re.compile(r"step=[1-8](&|$)"))
        page.get_by_role("button", name="Play").click()
        is_at(page, film, len(film.frames) - 1)
        expect(page.get_by_role("button", name="Play")).to_be_visible()
        expect(page).to_have_url(re.compile(r"step=8(&|$)"))
    finally:
        page.emulate_media(reduced_motion="reduce")


def test_who_wants_no_motion_goes_on_frame_by_frame(visit: Visit, run: tuple[str, Film]) -> None:
    page, film = visit(address(run)), run[1]
    for place in (1, 2):
        page.get_by_role("button", name="Next").click()
        is_at(page, film, place)
    expect(page).to_have_url(re.compile(rf"step={film.frames[2].step}(&|$)"))


def test_a_head_opens_by_click_and_by_keyboard_and_a_word_is_checked(visit: Visit, run: tuple[str, Film]) -> None:
    page, film = visit(address(run, "&step=8&as=words")), run[1]
    page.get_by_role("gridcell", name="Layer 2, Head 3").click()
    expect(page).to_have_url(re.compile(r"layer=2&head=3"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"layer=3&head=3"))
    page.get_by_role("gridcell", name="food → was").click()
    exact = float(film.frames[-1].looks[0].attentions[2, 2, 2, 3])
    expect(page.get_by_text(f"{exact:.6f}")).to_be_visible()
    expect(page).to_have_url(re.compile(r"query=3&key=4"))
    expect(handle(page)).to_have_attribute("aria-valuenow", str(len(film.frames) - 1))


def test_text_of_any_kind_stands_as_it_is_and_nothing_scrolls_sideways(visit: Visit, run: tuple[str, Film]) -> None:
    for view in ("lines", "words"):
        page = visit(address(run, f"&probe=2&as={view}&step=4"), width=390)
        expect(handle(page)).to_be_visible()
        expect(page.get_by_text("script", exact=True).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", ["lines", "words"])
def test_the_film_has_no_serious_barrier(
    visit: Visit, barriers: Barriers, run: tuple[str, Film], theme: ThemeName, view: str
) -> None:
    page = visit(address(run, f"&step=4&as={view}&entropies=on&table=on"), theme=theme)
    expect(handle(page)).to_be_visible()
    assert not barriers(page)
