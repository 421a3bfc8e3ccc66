"""What the row of tokens sends to the browser, and what it makes of a click."""

from __future__ import annotations

import json

import pytest

from ui.components import token_row
from ui.components.assets import FOLDER
from ui.components.token_row import Token

LABELS = {"hint": "Click", "token": "{token} {position} {id} {segment}"}
TOKENS = [Token("[CLS]", 2, 0, "special"), Token("<b>", 7, 0, "word"), Token("[MASK]", 4, 1, "masked")]


def mounted(monkeypatch: pytest.MonkeyPatch, answer: object, reported: list[int]) -> dict[str, object]:
    """What was sent, after a click that the browser answered with `answer`."""
    sent: dict[str, object] = {}
    monkeypatch.setattr(token_row, "_mount", lambda **arguments: sent.update(arguments))
    monkeypatch.setattr(token_row, "component_event", lambda _key, _name: answer)
    token_row.token_row(TOKENS, key="row", labels=LABELS, open_positions=(1, 2), picked=(2,), on_pick=reported.append)
    on_change = sent["on_pick_change"]
    assert callable(on_change)
    on_change()
    data: dict[str, object] = json.loads(json.dumps(sent["data"]))
    return data


def test_every_token_is_sent_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    data = mounted(monkeypatch, None, [])
    assert data["tokens"] == ["[CLS]", "<b>", "[MASK]"]
    assert data["ids"] == [2, 7, 4]
    assert data["segments"] == [0, 0, 1]
    assert data["kinds"] == ["special", "word", "masked"]
    assert (data["open"], data["picked"]) == ([1, 2], [2])


@pytest.mark.parametrize(("answer", "expected"), [(1, [1]), (0, []), (9, []), (None, []), ("1", [])])
def test_a_click_reports_a_position_that_is_open_and_no_other(
    monkeypatch: pytest.MonkeyPatch, answer: object, expected: list[int]
) -> None:
    reported: list[int] = []
    mounted(monkeypatch, answer, reported)
    assert reported == expected


def test_text_enters_the_page_as_text_and_colours_come_from_the_palette() -> None:
    script = (FOLDER / "token_row" / "token_row.js").read_text(encoding="utf-8")
    style = (FOLDER / "token_row" / "token_row.css").read_text(encoding="utf-8")
    assert "innerHTML" not in script
    assert "#" not in style
