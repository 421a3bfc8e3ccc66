"""What the row of words sends to the browser, and what it makes of a click."""

from __future__ import annotations

import json

import pytest

from ui.components import word_row
from ui.components.assets import FOLDER
from ui.components.word_row import RowLabels, RowWord

WORDS = [
    RowWord("<b>", 1.5, below="1.5", told="<b>: 1.5 bits"),
    RowWord("[MASK]", kind="masked", is_open=False),
    RowWord("a" * 100, -3.0),
]


def mounted(
    monkeypatch: pytest.MonkeyPatch, answer: object, reported: list[int], words: list[RowWord] = WORDS
) -> dict[str, object]:
    """What was sent, after a click that the browser answered with `answer`."""
    sent: dict[str, object] = {}
    monkeypatch.setattr(word_row, "_mount", lambda **arguments: sent.update(arguments))
    monkeypatch.setattr(word_row, "component_event", lambda _key, _name: answer)
    word_row.word_row(words, key="row", labels=RowLabels("Click"), picked=2, on_pick=reported.append)
    on_change = sent["on_pick_change"]
    assert callable(on_change)
    on_change()
    data: dict[str, object] = json.loads(json.dumps(sent["data"]))
    return data


def test_every_word_is_sent_as_it_is_with_its_value_and_the_scale_reaches_to_the_largest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = mounted(monkeypatch, None, [])
    words = data["words"]
    assert isinstance(words, list)
    assert [word["text"] for word in words][:2] == ["<b>", "[MASK]"]
    assert len(words[2]["text"]) < len(WORDS[2].text)
    assert [word["value"] for word in words] == [1.5, None, -3.0]
    assert words[0]["told"] == "<b>: 1.5 bits"
    assert (data["bound"], data["picked"]) == (3.0, 2)


def test_a_row_without_values_has_a_scale_that_divides_by_no_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ([RowWord("a")], [RowWord("a", 0.0)], []):
        assert mounted(monkeypatch, None, [], words)["bound"] == 1.0


@pytest.mark.parametrize(
    ("answer", "expected"), [(0, [0]), (1, []), (2, [2]), (3, []), (-1, []), (None, []), ("0", [])]
)
def test_a_click_reports_a_word_that_is_open_and_no_other(
    monkeypatch: pytest.MonkeyPatch, answer: object, expected: list[int]
) -> None:
    reported: list[int] = []
    mounted(monkeypatch, answer, reported)
    assert reported == expected


def test_text_enters_the_page_as_text_and_colours_come_from_the_palette() -> None:
    script = (FOLDER / "word_row" / "word_row.js").read_text(encoding="utf-8")
    style = (FOLDER / "word_row" / "word_row.css").read_text(encoding="utf-8")
    assert "innerHTML" not in script
    assert "#" not in style
