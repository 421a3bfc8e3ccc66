"""The board of switches: what it is sent, and what it makes of the answer."""

from __future__ import annotations

from typing import Any

import pytest

from ui.components import head_switches

LABELS = dict.fromkeys(("board", "on", "off", "layer", "head", "value"), "words")


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(head_switches, "_mount", lambda **given: kept.update(given))
    return kept


def test_the_board_is_sent_which_heads_are_off_and_their_numbers(mounted: dict[str, Any]) -> None:
    values = [[0.5, -0.25], [0.0, 1.0]]
    head_switches.head_switches(2, 2, {(1, 0), (0, 1)}, key="b", labels=LABELS, values=values, on_switch=print)
    data = mounted["data"]
    assert (data["layers"], data["heads"], data["off"], data["values"]) == (2, 2, [[0, 1], [1, 0]], values)


@pytest.mark.parametrize(
    ("answer", "reported"),
    [([[1, 0]], [{(1, 0)}]), ([], [set()]), ([[1, 0], [7, 7], [-1, 0]], [{(1, 0)}]), (None, [])],
)
def test_a_click_reports_all_heads_that_are_off_then(
    mounted: dict[str, Any], monkeypatch: pytest.MonkeyPatch, answer: object, reported: list[set[tuple[int, int]]]
) -> None:
    got: list[frozenset[tuple[int, int]]] = []
    monkeypatch.setattr(head_switches, "component_event", lambda _key, _name: answer)
    head_switches.head_switches(2, 2, (), key="b", labels=LABELS, on_switch=got.append)
    mounted["on_off_change"]()
    assert got == reported
