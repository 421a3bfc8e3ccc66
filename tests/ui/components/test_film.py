"""What a film sends to the browser: every number to a level, never more than there is room for, nothing made up."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ui.components import film
from ui.components.attention_view import TokenKind
from ui.components.film import MOST, Line, Looked, Reel, few, film_player, levels, sent_frames

KINDS: tuple[TokenKind, ...] = ("special", "word", "word", "masked", "word")
LABELS: Mapping[str, Any] = {"loss": "loss", "handle": "handle"}
LINES = [Line("training", "training", ((1, 2.0), (2, math.nan), (3, math.inf), (4, 1.5))), Line("held-out", "h", ())]


def attention(*shape: int) -> NDArray[np.float32]:
    scores = np.exp(2 * np.random.default_rng(0).normal(size=shape))
    probs: NDArray[np.float32] = (scores / scores.sum(axis=-1, keepdims=True)).astype(np.float32)
    return probs


def reel(frames: int = 3, layers: int = 2, heads: int = 2, size: int = 4) -> Reel:
    return Reel(
        steps=tuple(range(0, 10 * frames, 10)),
        read=tuple(range(frames)),
        tokens=("[CLS]", "<script>", *"b" * (size - 3), "[SEP]"),
        kinds=KINDS[:size],
        attentions=attention(frames, layers, heads, size, size),
        answers=((((("<b>", 0.123456789),)),),) * frames,
        shares=((0.25, 0.75),) * frames,
    )


class Browser:
    """Keeps what the player and its reel were mounted with, and answers as a reader would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.player: dict[str, Any] = {}
        self.reel: dict[str, Any] = {}
        self.look: object = None
        monkeypatch.setattr(film, "_mount", lambda **mounted: self.player.update(mounted))
        monkeypatch.setattr(film, "_mount_reel", lambda **mounted: self.reel.update(mounted))
        monkeypatch.setattr(film, "component_event", lambda _key, _name: self.look)

    def show(self, shown: Reel, at: Looked, on_look: Callable[[Looked], None] = print) -> int:
        return film_player(
            shown, LINES, key="f", total=99, at=at, view="lines", is_active=False, names=("bad", "good"),
            labels=LABELS, on_look=on_look,
        )  # fmt: skip


START = Looked(0, 0, 0, None, None)


def test_every_probability_is_sent_to_the_fifth_decimal_and_the_rest_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    browser, shown = Browser(monkeypatch), reel()
    assert browser.show(shown, START) == 3
    sent = json.loads(json.dumps(browser.reel["data"], allow_nan=False))
    assert sent["bytes"] == 2
    numbers = np.frombuffer(base64.b64decode(sent["attentions"]), dtype="<u2").reshape(shown.attentions.shape) / 65535
    assert np.abs(numbers - shown.attentions).max() <= 0.5 / 65535 + 1e-7
    assert (sent["steps"], sent["tokens"]) == ([0, 10, 20], list(shown.tokens))
    assert sent["answers"] == [[[["<b>", 0.12346]]]] * 3
    assert sent["shares"] == [[0.25, 0.75]] * 3


def test_a_loss_that_is_no_number_is_left_out_and_the_axis_reaches_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch)
    browser.show(reel(), START)
    curve = json.loads(json.dumps(browser.player["data"], allow_nan=False))["curve"]
    assert [line["points"] for line in curve["lines"]] == [[[1, 2.0], [4, 1.5]], []]
    assert (curve["total"], curve["highest"]) == (99, 2.0)


def test_another_head_sends_no_new_frames_and_another_frame_does(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch)
    browser.show(reel(), START)
    first = dict(browser.reel["data"])
    browser.show(reel(), Looked(20, 1, 1, 2, 2))
    assert browser.reel["data"] == first
    browser.show(reel(frames=4), START)
    assert browser.reel["data"]["stamp"] != first["stamp"]
    assert browser.player["data"]["stamp"] == browser.reel["data"]["stamp"]


@given(
    st.dictionaries(
        st.sampled_from(["step", "layer", "head", "query", "key"]),
        st.one_of(st.none(), st.integers(-9, 99), st.text(max_size=3), st.floats(allow_nan=True)),
    )
)
def test_only_a_moment_a_head_and_a_word_that_are_there_are_reported(look: dict[str, object]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        browser, heard = Browser(monkeypatch), list[Looked]()
        shown = reel()
        browser.show(shown, START, heard.append)
        browser.look = look
        browser.player["on_look_change"]()
        (at,) = heard
        assert at.step is None or at.step in shown.steps
        assert 0 <= at.layer < 2
        assert 0 <= at.head < 2
        assert all(place is None or 0 <= place < 4 for place in (at.query, at.key))


def test_where_nothing_happened_nothing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    browser, heard = Browser(monkeypatch), list[Looked]()
    browser.show(reel(), START, heard.append)
    browser.player["on_look_change"]()
    assert not heard


@given(st.integers(1, 200), st.sampled_from([(4, 4), (12, 12), (24, 16)]), st.integers(2, 32))
def test_what_is_sent_has_its_bound_and_holds_the_first_frame_and_the_last(
    count: int, heads: tuple[int, int], size: int
) -> None:
    shape = (count, *heads, size, size)
    places = sent_frames(shape)
    assert (places[0], places[-1]) == (0, count - 1)
    assert places == sorted(set(places))
    assert len(places) * math.prod(shape[1:]) <= max(MOST, 2 * math.prod(shape[1:]))
    if math.prod(shape) <= MOST:
        assert places == list(range(count))


def test_a_film_of_thirty_two_frames_sixteen_heads_and_sixteen_tokens_is_below_one_and_a_half_megabytes() -> None:
    probs = attention(32, 4, 4, 16, 16)
    assert levels(probs).dtype == np.uint16
    assert 4 / 3 * levels(probs).nbytes < 1_500_000
    large = attention(32, 4, 4, 32, 32)
    assert levels(large).dtype == np.uint16 or levels(large).nbytes <= MOST
    assert 4 / 3 * MOST < 1_500_000


@given(st.lists(st.floats(0, 10) | st.just(math.nan), max_size=3000))
def test_of_many_points_few_are_drawn_the_extremes_among_them_and_none_made_up(losses: list[float]) -> None:
    points = list(enumerate(losses))
    drawn = few(points)
    finite = [(step, round(loss, 5)) for step, loss in points if math.isfinite(loss)]
    assert set(drawn) <= set(finite)
    assert len(drawn) <= 502
    assert drawn == sorted(drawn)
    if finite:
        assert {drawn[0], drawn[-1]} == {finite[0], finite[-1]}
        for end in (min, max):
            assert end(loss for _, loss in drawn) == end(loss for _, loss in finite)
