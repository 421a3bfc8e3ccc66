"""What the components send to the browser, and what they make of the answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE
from ui.components import attention_view, copy_link, head_grid, head_map, matrix, word_picker
from ui.components.assets import FOLDER
from ui.components.head_grid import thumbnails
from ui.components.head_map import Circle, LegendEntry
from ui.components.matrix import Lit, MatrixLabels

VIEW_LABELS = dict.fromkeys(("view", "query", "key", "announce_query", "announce_key"), "words")
GRID_LABELS = {"grid": "heads", "note": "note", "layer": "Layer {number}", "head": "Head {number}"}
COPY_LABELS = dict.fromkeys(("link", "copy", "copied", "selected"), "words")
Payload = dict[str, Any]


class Browser:
    """Stands for the browser: keeps what a component was mounted with, and answers as a reader would."""

    def __init__(self, component: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mounted: Payload = {}
        self.answer: object = None
        monkeypatch.setattr(component, "_mount", lambda **mounted: self.mounted.update(mounted))
        monkeypatch.setattr(component, "component_event", lambda _key, _name: self.answer, raising=False)

    @property
    def data(self) -> Payload:
        """What was sent, after a way through JSON."""
        data: Payload = json.loads(json.dumps(self.mounted["data"]))
        return data

    def click(self, trigger: str, answer: object) -> None:
        self.answer = answer
        self.mounted[f"on_{trigger}_change"]()


@pytest.fixture
def browser_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModuleType], Browser]:
    return lambda component: Browser(component, monkeypatch)


def attention(*shape: int) -> NDArray[np.float32]:
    """Rows that sum to 1."""
    scores = np.exp(2 * np.random.default_rng(0).normal(size=shape))
    probs: NDArray[np.float32] = (scores / scores.sum(axis=-1, keepdims=True)).astype(np.float32)
    return probs


def test_the_words_of_the_sentence_are_sent_as_they_are_and_the_long_ones_cut(
    browser_for: Callable[[ModuleType], Browser],
) -> None:
    browser = browser_for(word_picker)
    words = ["<b>the</b>", "שלום", "👩‍👩‍👧", "a" * 100_000]
    word_picker.word_picker(words, {3, 1}, key="words", label="Click", on_masks=print)
    assert browser.data["words"][:3] == words[:3]
    assert browser.data["words"][3] == "a" * 40 + "…"
    assert browser.data["masked"] == [1, 3]
    assert browser.mounted["key"] == "words"


@pytest.mark.parametrize("fixed", [True, False])
def test_the_words_can_be_fixed(browser_for: Callable[[ModuleType], Browser], fixed: bool) -> None:
    browser = browser_for(word_picker)
    word_picker.word_picker(["a"], (), key="words", label="", on_masks=print, fixed=fixed)
    assert browser.data["fixed"] is fixed


def test_an_address_is_sent_as_it_is_with_the_words_beside_it(browser_for: Callable[[ModuleType], Browser]) -> None:
    browser = browser_for(copy_link)
    copy_link.copy_link("http://x/?a=%3C&b='\"", key="link", labels=COPY_LABELS)
    assert browser.data == {"link": "http://x/?a=%3C&b='\"", "labels": COPY_LABELS}


@pytest.mark.parametrize(("answer", "masks"), [([2, 0], (0, 2)), ([], ()), ([1, 7, -1], (1,))])
def test_a_click_on_a_word_reports_all_words_that_are_masked_then(
    browser_for: Callable[[ModuleType], Browser], answer: list[int], masks: tuple[int, ...]
) -> None:
    browser = browser_for(word_picker)
    reported: list[tuple[int, ...]] = []
    word_picker.word_picker(["a", "b", "c"], (), key="words", label="Click", on_masks=reported.append)
    browser.click("masks", answer)
    assert reported == [masks]


def test_a_run_without_a_click_reports_nothing(browser_for: Callable[[ModuleType], Browser]) -> None:
    browser = browser_for(word_picker)
    reported: list[tuple[int, ...]] = []
    word_picker.word_picker(["a"], (), key="words", label="Click", on_masks=reported.append)
    browser.click("masks", None)
    assert not reported


def show_view(size: int, reported: list[object], picked: tuple[int | None, int | None] = (None, None)) -> None:
    attention_view.attention_view(
        [f"word {n}" for n in range(size)],
        attention(size, size),
        key="view",
        kinds=["word"] * size,
        labels=VIEW_LABELS,
        picked=picked,
        on_pick=lambda query, key: reported.append((query, key)),
    )


def test_the_view_gets_every_probability_to_the_last_bit(browser_for: Callable[[ModuleType], Browser]) -> None:
    browser = browser_for(attention_view)
    show_view(12, [])
    sent = np.frombuffer(base64.b64decode(browser.data["probs"]), dtype="<f4").reshape(12, 12)
    assert np.array_equal(sent, attention(12, 12))


def test_the_view_of_sixty_four_tokens_stays_below_forty_kilobytes(
    browser_for: Callable[[ModuleType], Browser],
) -> None:
    browser = browser_for(attention_view)
    show_view(64, [])
    assert len(json.dumps(browser.data)) < 40_000


def test_a_pin_beyond_the_end_of_a_shorter_sentence_is_dropped(
    browser_for: Callable[[ModuleType], Browser],
) -> None:
    browser = browser_for(attention_view)
    show_view(3, [], picked=(2, 3))
    assert (browser.data["query"], browser.data["key"]) == (2, None)


def test_a_click_on_a_token_reports_what_is_pinned_then(browser_for: Callable[[ModuleType], Browser]) -> None:
    browser = browser_for(attention_view)
    reported: list[object] = []
    show_view(3, reported)
    browser.click("pick", {"query": 2, "key": None})
    browser.click("pick", {"query": 9, "key": 1})
    assert reported == [(2, None), (None, 1)]


def test_a_view_refuses_what_does_not_fit_together() -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        attention_view.attention_view(
            ["a", "b"], attention(3, 3), key="view", kinds=["word"] * 2, labels={}, on_pick=lambda *_: None
        )


def test_a_click_in_the_grid_reports_layer_and_head_and_nothing_that_is_not_there(
    browser_for: Callable[[ModuleType], Browser],
) -> None:
    browser = browser_for(head_grid)
    reported: list[object] = []
    head_grid.head_grid(
        list(attention(2, 3, 5, 5)),
        key="grid",
        layer=0,
        head=0,
        labels=GRID_LABELS,
        on_head=lambda layer, head: reported.append((layer, head)),
    )
    browser.click("head", {"layer": 1, "head": 2})
    browser.click("head", {"layer": 2, "head": 0})
    assert reported == [(1, 2)]
    assert (browser.data["layers"], browser.data["heads"], browser.data["side"]) == (2, 3, 5)


def test_a_thumbnail_shows_each_probability_to_a_255th_where_there_is_room() -> None:
    probs = attention(4, 4, 64, 64)
    assert np.abs(thumbnails(probs) / 255 - probs).max() <= 0.5 / 255 + 1e-6


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 128))
def test_thumbnails_stay_small_and_lose_no_strong_link(layers: int, heads: int, size: int) -> None:
    probs = np.zeros((layers, heads, size, size), dtype=np.float32)
    probs[-1, 0, size // 2, size - 1] = 1.0
    pictures = thumbnails(probs)
    assert pictures.size <= 131_072
    assert pictures[-1, 0].max() == 255
    assert (pictures > 0).sum() == 1


def show_map(heads: int, reported: list[object]) -> None:
    head_map.head_map(
        [Circle("broad", "*", 0.5, gains=False, about="<b>")] * 6,
        [LegendEntry("broad", "*", "Broad", "rule")],
        key="map",
        layers=2,
        heads=heads,
        layer=0,
        head=0,
        labels=GRID_LABELS,
        on_head=lambda layer, head: reported.append((layer, head)),
    )


def test_a_click_on_the_map_reports_layer_and_head_and_nothing_that_is_not_there(
    browser_for: Callable[[ModuleType], Browser],
) -> None:
    browser = browser_for(head_map)
    reported: list[object] = []
    show_map(3, reported)
    browser.click("head", {"layer": 1, "head": 2})
    browser.click("head", {"layer": 0, "head": 3})
    assert reported == [(1, 2)]
    assert browser.data["circles"][5] == {"role": "broad", "sign": "*", "share": 0.5, "gains": False, "about": "<b>"}


def test_a_map_refuses_circles_that_are_not_one_a_head() -> None:
    with pytest.raises(ValueError, match="6 circles"):
        show_map(4, [])


def app_with_all_components() -> None:
    import numpy

    from ui.components.attention_view import attention_view
    from ui.components.head_grid import head_grid
    from ui.components.word_picker import word_picker

    probs = numpy.full((2, 2), 0.5, dtype=numpy.float32)
    word_picker(["<script>"], (), key="words", label="Click", on_masks=print)
    labels = dict.fromkeys(("view", "query", "key", "announce_query", "announce_key"), "x")
    attention_view(["<b>", "b"], probs, key="view", kinds=["word"] * 2, labels=labels, on_pick=print)
    head_grid([probs[None]], key="grid", layer=0, head=0, labels=dict.fromkeys(("grid", "note", "layer", "head"), "x"),
              on_head=print)  # fmt: skip


def test_streamlit_mounts_every_component_with_its_data() -> None:
    app = AppTest.from_function(app_with_all_components, default_timeout=PATIENCE).run()
    assert not app.exception
    sent = {mounted.proto.component_name: json.loads(mounted.proto.json) for mounted in app.get("bidi_component")}
    assert sent["glassbox_word_picker"]["words"] == ["<script>"]
    assert sent["glassbox_attention_view"]["tokens"] == ["<b>", "b"]
    assert sent["glassbox_head_grid"]["side"] == 2


@pytest.mark.parametrize("script", sorted(FOLDER.rglob("*.js")), ids=lambda path: path.name)
def test_text_enters_the_page_as_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert "innerHTML" not in text
    assert "insertAdjacentHTML" not in text


@pytest.mark.parametrize("style", sorted(FOLDER.rglob("*.css")), ids=lambda path: path.name)
def test_colours_come_from_the_palette(style: Path) -> None:
    assert "#" not in "".join(line for line in style.read_text(encoding="utf-8").splitlines() if ":" in line)


NAMES = MatrixLabels(name="S")


def test_a_matrix_is_sent_whole_without_what_is_hidden_and_under_forty_kilobytes(
    browser_for: Callable[[ModuleType], Browser],
) -> None:
    browser = browser_for(matrix)
    values = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    names = [f"token {place}" for place in range(64)]
    matrix.matrix(values, key="m", rows=names, columns=names, labels=NAMES, hidden=[(3, 5)], lit=Lit(3, 5, "query"))
    sent = np.frombuffer(base64.b64decode(browser.data["values"]), dtype="<f4").reshape(64, 64)
    shown = np.ones((64, 64), dtype=bool)
    shown[3, 5] = False
    assert (sent[shown] == values[shown]).all()
    assert sent[3, 5] == 0
    assert browser.data["hidden"] == [3 * 64 + 5]
    assert browser.data["bound"] == pytest.approx(float(np.abs(values[shown]).max()))
    assert len(json.dumps(browser.data)) < 40_000


@given(rows=st.integers(1, 6), columns=st.integers(1, 6), row=st.integers(-2, 8), column=st.integers(-2, 8))
def test_only_a_cell_that_is_there_can_be_picked_or_changed(rows: int, columns: int, row: int, column: int) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        browser = Browser(matrix, monkeypatch)
        picks: list[tuple[int, int]] = []
        edits: list[tuple[int, int, float]] = []
        matrix.matrix(
            np.zeros((rows, columns), dtype=np.float32),
            key="m",
            rows=["r"] * rows,
            columns=["c"] * columns,
            labels=NAMES,
            on_pick=lambda row, column: picks.append((row, column)),
            on_edit=lambda row, column, value: edits.append((row, column, value)),
        )
        browser.click("pick", {"row": row, "column": column})
        browser.click("edit", {"row": row, "column": column, "value": 0.5})
        browser.click("edit", {"row": row, "column": column, "value": float("nan")})
        browser.click("pick", None)
        is_there = 0 <= row < rows and 0 <= column < columns
        assert picks == ([(row, column)] if is_there else [])
        assert edits == ([(row, column, 0.5)] if is_there else [])


def test_what_a_mask_adds_does_not_stretch_the_scale(browser_for: Callable[[ModuleType], Browser]) -> None:
    browser = browser_for(matrix)
    values = np.asarray([[1.5, np.finfo(np.float32).min]], dtype=np.float32)
    matrix.matrix(values, key="m", rows=["a"], columns=["a", "b"], labels=NAMES)
    assert browser.data["bound"] == 1.5


@pytest.mark.parametrize("shape", [(65, 2), (2, 65), (0, 2), (3, 2)])
def test_a_matrix_that_does_not_fit_is_refused(shape: tuple[int, int]) -> None:
    rows = ["r"] * (2 if shape == (3, 2) else shape[0])
    with pytest.raises(ValueError, match="do not fit"):
        matrix.matrix(np.zeros(shape, dtype=np.float32), key="m", rows=rows, columns=["c"] * shape[1], labels=NAMES)
