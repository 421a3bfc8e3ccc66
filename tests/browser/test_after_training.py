"""What a reader does after a training: looks at mistakes, predicts, takes the model home, and brings it back."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
import torch
from playwright.sync_api import Page, expect
from transformers import AutoTokenizer, BertForSequenceClassification

from figures.theme import THEMES, ThemeName
from lm_core import load_pretrained
from lm_core.runs.local_pool import LocalPool
from lm_core.text.example_sets import load_set
from lm_core.text.examples import Examples
from lm_core.text.places import runs_folder
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

_LEARNED, _HELD_OUT = slice(0, 300, 20), slice(1, 300, 8)  # of the examples of each label


@pytest.fixture(scope="module")
def run_id() -> str:
    """A run that an earlier process has left on the server's disk."""
    rows = load_set("sentiment").rows
    by_label = [[row for row in rows if row.label == label] for label in ("negative", "positive")]
    train, held_out = (Examples(tuple(row for part in by_label for row in part[few])) for few in (_LEARNED, _HELD_OUT))
    plan = FineTuningPlan(
        "compact-bert",
        train,
        held_out,
        FineTuningOptions(steps=10, batch_size=8),
        ("A [MASK] film.",),
        "sentiment",
    )
    lm = load_pretrained(device="cpu")
    pool = LocalPool(runs_folder(), lambda _: lm)
    made = pool.submit(plan)
    deadline = time.monotonic() + PATIENCE
    while (snapshot := pool.snapshot(made)).status != "done":
        assert snapshot.error is None, snapshot.error
        assert time.monotonic() < deadline
        time.sleep(0.05)
    pool.close()
    return made


def address(run_id: str, view: str, more: str = "") -> str:
    return f"/fine-tuning?run={run_id}&view={view}{more}"


def settled(page: Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def test_a_cell_leads_to_its_examples_and_an_example_to_its_words(visit: Visit, run_id: str) -> None:
    page = visit(address(run_id, "compare"))
    cells = page.locator(".st-key-confusion_before .cell")
    expect(cells).to_have_count(4)
    full = next(place for place in range(4) if not cells.nth(place).inner_text().startswith("0"))
    cells.nth(full).click()
    expect(page).to_have_url(re.compile(r"cell=before\.\d\.\d"))
    expect(page.get_by_role("radio", name="The picked cell")).to_be_checked()
    examples = page.locator(".st-key-example_picker").get_by_role("radio")
    examples.first.focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"example=\d+"))
    settled(page)
    words = page.locator(".st-key-label_words .word")
    words.nth(1).click()
    expect(page).to_have_url(re.compile("without=2"))
    expect(words.nth(1)).to_have_attribute("aria-pressed", "true")


def test_a_head_is_picked_by_keyboard_and_both_maps_light_up_together(visit: Visit, run_id: str) -> None:
    page = visit(address(run_id, "compare", "&part=heads"))
    picked = page.locator(".st-key-heads_changed .cell[aria-selected=true]")
    expect(picked).to_have_count(1)
    page.locator(".st-key-heads_changed .cell").first.click()
    expect(page.get_by_role("heading", name="Layer 1, head 1")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Layer 1, head 2")).to_be_visible()
    page.locator(".st-key-map_before .cell").nth(1).hover()
    expect(page.locator(".st-key-map_after .cell.pointed")).to_have_count(1)


@torch.inference_mode()
def test_the_model_that_arrives_says_what_the_page_says_and_comes_back_into_every_lesson(
    visit: Visit, run_id: str, tmp_path: Path
) -> None:
    text = "What a lovely evening."
    page = visit(address(run_id, "predict", f"&texts={text.replace(' ', '+')}&weights=float32&table=on"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Model (zip)").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    with ZipFile(file) as bundle:
        bundle.extractall(tmp_path / "unzipped")
    model = BertForSequenceClassification.from_pretrained(tmp_path / "unzipped").eval()
    tokens = AutoTokenizer.from_pretrained(tmp_path / "unzipped")(text, return_tensors="pt")
    probability = float(model(**tokens).logits.softmax(-1).max())
    expect(page.get_by_text(f"with {100 * probability:.1f}\u00a0%. Entropy")).to_be_visible()

    page = visit("/masked-words?sentence=The+children+went+to+school.&mask=5")
    side = page.get_by_test_id("stSidebar")
    side.get_by_text("Load another").click()
    side.locator('input[type="file"]').set_input_files(file)
    expect(page).to_have_url(re.compile("model=saved%3A[0-9a-f]{32}|model=saved:[0-9a-f]{32}"))
    settled(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(side.get_by_role("combobox", name="Model")).to_have_value(re.compile("Brought back: "))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "view",
    ["compare", "compare&part=heads", "compare&part=sentence&mask=2", "predict&texts=Good.%0ABad.&beside_code=on"],
)
def test_a_view_has_no_serious_barrier_and_fits_a_phone(
    visit: Visit, barriers: Barriers, run_id: str, view: str, theme: ThemeName
) -> None:
    page = visit(address(run_id, view), theme=theme, width=1280 if theme == "light" else 390)
    assert not barriers(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
