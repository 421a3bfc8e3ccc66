"""A server that is killed in mid-training: started again, it goes on with the training at the same address."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from lm_core.training.experiment import History
from tests.browser.conftest import free_port, settle, started
from tests.browser.test_training import ADDRESS, step, wait_for_step
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.browser.conftest import Visit


def rest(page: Page) -> None:
    """Pause, and take one more step, after which everything is saved."""
    page.get_by_role("button", name="Pause", exact=True).click()
    one_more = page.get_by_role("button", name="+1", exact=True)
    expect(one_more).to_be_enabled()
    stood = step(page)
    one_more.click()
    wait_for_step(page, stood + 1)
    expect(one_more).to_be_enabled()


def test_a_killed_server_goes_on_from_the_last_save_at_the_same_address(visit: Visit, tmp_path: Path) -> None:
    port = free_port()
    server = started(port, tmp_path / "log.txt", LM_GLASSBOX_HOME=str(tmp_path))
    try:
        page = visit(ADDRESS + "&steps=4000", base=f"http://127.0.0.1:{port}")
        page.get_by_role("button", name="Start training").click()
        expect(page).to_have_url(re.compile("run="))
        wait_for_step(page, 2)
        rest(page)
        (history,) = tmp_path.rglob("history.json")
        saved = History.load(history).steps
        page.get_by_role("button", name="Play", exact=True).click()
        wait_for_step(page, saved[-1].step + 2)
        server.kill()
        server.wait()
        assert json.loads((history.parent.parent / "status.json").read_text(encoding="utf-8"))["status"] == "waiting"
        address = page.url
        server = started(port, tmp_path / "log.txt", LM_GLASSBOX_HOME=str(tmp_path))
        page.goto(address)
        settle(page)
        wait_for_step(page, saved[-1].step + 3)
        rest(page)
        after = History.load(history).steps
        assert len(after) > len(saved)
        assert after[: len(saved)] == saved  # to the very seconds that they took: none was taken again
    finally:
        server.terminate()
        server.wait(PATIENCE)
