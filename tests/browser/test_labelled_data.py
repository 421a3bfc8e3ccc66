"""A reader brings data to learn from: uploads a file, chooses its columns, pastes lines, comes back to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

THINGS = ("door", "lamp", "spoon", "kettle", "garden", "bridge", "violin", "pencil")
HOSTILE = "<img src=x onerror=alert(1)>"
ROWS = [
    f"{number};{thing} {what} {HOSTILE};{label};{'xyz'[number % 3]}"
    for number, thing in enumerate(THINGS)
    for what, label in (("läuft", "gut"), ("stört", "schlecht"))
]
FILE: FilePayload = {
    "name": f"{HOSTILE}.csv",
    "mimeType": "text/csv",
    "buffer": "\r\n".join(["Nummer;Satz;Urteil;Gruppe", *ROWS]).encode("cp1252"),
}


def upload(page: Page, file: FilePayload) -> None:
    page.get_by_test_id("stMain").locator('input[type="file"]').set_input_files(file)
    expect(page).to_have_url(re.compile("data=[0-9a-f]{64}"))


def labels_shown(page: Page) -> None:
    expect(page.get_by_test_id("stPlotlyChart")).to_be_visible()


def test_a_file_is_uploaded_another_column_chosen_and_the_address_brings_it_back(visit: Visit) -> None:
    page = visit("/fine-tuning?set=file")
    upload(page, FILE)
    labels_shown(page)
    box = page.get_by_role("combobox", name="Column of the label")
    expect(page.get_by_role("combobox", name="Encoding")).to_have_value("CP1252")
    expect(page.get_by_role("combobox", name="Delimiter")).to_have_value("semicolon ;")
    expect(box).to_have_value("Urteil")
    box.click()
    page.get_by_role("option", name="Gruppe").click()
    expect(page).to_have_url(re.compile("column_label=4"))
    expect(page.get_by_role("figure", name=re.compile("x 5 .*y 5 .*z 3"))).to_be_visible()
    page.reload()
    labels_shown(page)
    expect(box).to_have_value("Gruppe")
    assert page.locator("img[src='x']").count() == 0


def test_a_binary_file_is_told_and_a_good_one_takes_its_place(visit: Visit) -> None:
    page = visit("/fine-tuning?set=file")
    upload(page, {"name": "x.csv", "mimeType": "text/csv", "buffer": bytes(range(256)) * 20})
    expect(page.get_by_test_id("stAlert")).to_contain_text("NUL")
    page.get_by_test_id("stMain").locator('input[type="file"]').set_input_files(FILE)
    labels_shown(page)


def test_pasted_lines_survive_an_error_and_a_reload(visit: Visit) -> None:
    page = visit("/fine-tuning?set=own")
    box = page.get_by_role("textbox", name=re.compile("^Your lines"))
    lines = [f"good, {thing} is fine {number}" for number in range(30) for thing in THINGS]
    box.fill("\n".join(lines))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("stAlert")).to_contain_text("the same label")
    expect(page).to_have_url(re.compile("pasted=[0-9a-f]{64}"))
    everything = "\n".join([*lines, *(line.replace("good", "bad").replace("fine", "broken") for line in lines)])
    box.fill(everything)
    page.keyboard.press("Control+Enter")
    labels_shown(page)
    page.reload()
    labels_shown(page)
    expect(box).to_have_value(everything)


@pytest.mark.parametrize("address", ["figure=lengths&table=on", "figure=rows&steps_code=on", "set=own", "set=file"])
def test_the_data_fit_a_phone_and_have_no_serious_barrier(visit: Visit, barriers: Barriers, address: str) -> None:
    page = visit(f"/fine-tuning?{address}", width=390, theme="dark")
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert not barriers(page)
