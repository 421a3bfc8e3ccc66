"""BertViz's views hold the numbers of the pass to three decimals, ask for nothing, and take no token for markup."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from figures.heads.bertviz_html import LONGEST, BertVizInput, BertVizText, BertVizView, bertviz_html

TEXT = BertVizText(language="en", title='"Title" <b>', layer="Layer", head="Head")
HOSTILE = [
    "[CLS]",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "▁Ġ\u2028&",
    "[SEP]",
]
LAYERS, HEADS, WIDTH = 2, 3, 4
every_view = pytest.mark.parametrize("view", LONGEST)


def some_pass(tokens: list[str]) -> BertVizInput:
    torch.manual_seed(len(tokens))
    size = len(tokens)

    def random(*shape: int) -> list[Tensor]:
        return [torch.randn(1, HEADS, *shape) for _ in range(LAYERS)]

    return BertVizInput(
        tokens, [each.softmax(-1) for each in random(size, size)], random(size, WIDTH), random(size, WIDTH)
    )


def document(view: BertVizView, drawn: BertVizInput) -> str:
    return bertviz_html(view, drawn, layer=1, head=2, text=TEXT)


def data_of(html: str) -> dict[str, Any]:
    """What BertViz's script will read, and that it stands there once."""
    (data,) = re.findall(r"(?:const params|window\.bertviz_params) = (\{.*\});", html)
    found: dict[str, Any] = json.loads(data)
    return found


def part_of(data: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = data["attention"]["all" if "all" in data["attention"] else 0]
    return part


@every_view
def test_a_view_holds_the_tokens_and_the_numbers_to_three_decimals(view: BertVizView) -> None:
    drawn = some_pass(HOSTILE)
    part = part_of(data_of(document(view, drawn)))
    assert part["left_text"] == part["right_text"] == HOSTILE
    expected = torch.stack([probs[0] for probs in drawn.attentions]).numpy()
    assert torch.tensor(part["attn"]).numpy() == pytest.approx(expected, abs=0.5e-3 + 1e-6)
    if view == "neuron":
        for name, vectors in (("queries", drawn.queries), ("keys", drawn.keys)):
            expected = torch.stack([each[0] for each in vectors]).numpy()
            assert torch.tensor(part[name]).numpy() == pytest.approx(expected, abs=0.5e-3 + 1e-6)


@every_view
def test_no_token_opens_or_ends_a_script_and_no_address_is_asked_for(view: BertVizView) -> None:
    plain = document(view, some_pass(["[CLS]", *"abcd", "[SEP]"]))
    hostile = document(view, some_pass(HOSTILE))
    for mark in ("<script", "</script", "<!--", "<img"):
        assert hostile.count(mark) == plain.count(mark)
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", hostile)
    assert "&quot;Title&quot; &lt;b&gt;" in hostile
    assert hostile.count(" aria-label=") == hostile.count("<select ")


@every_view
def test_the_first_tokens_are_drawn_where_there_are_too_many(view: BertVizView) -> None:
    longest = LONGEST[view]
    drawn = some_pass([f"token{number}" for number in range(longest + 9)])
    part = part_of(data_of(document(view, drawn)))
    assert part["left_text"] == list(drawn.tokens[:longest])
    shape = torch.tensor(part["attn"]).shape
    assert tuple(shape) == (LAYERS, HEADS, longest, longest)


@every_view
def test_the_same_pass_gives_the_same_document_so_that_it_is_not_loaded_anew(view: BertVizView) -> None:
    drawn = some_pass(HOSTILE)
    assert document(view, drawn) == document(view, drawn)


def test_the_view_shows_first_what_the_page_shows_and_counts_from_one() -> None:
    drawn = some_pass(HOSTILE)
    head, model, neuron = (data_of(document(view, drawn)) for view in LONGEST)
    assert (head["layer"], head["heads"]) == (1, [2])
    assert (neuron["layer"], neuron["head"]) == (1, 2)
    assert (model["include_layers"], model["include_heads"]) == ([1, 2], [1, 2, 3])


def test_neither_the_page_nor_bertviz_itself_imports_transformers_or_what_mpld3_draws_with() -> None:
    code = """
import sys, torch
import ui.lessons.many_heads.bertviz_views
assert "bertviz" not in sys.modules
from figures.heads.bertviz_html import *
vectors = torch.ones(1, 1, 2, 2)
drawn = BertVizInput(["a", "b"], [vectors / 2], [vectors], [vectors])
for view in LONGEST:
    bertviz_html(view, drawn, layer=0, head=0, text=BertVizText("en", "", "", ""))
assert "bertviz" in sys.modules
sys.exit(bool({"transformers", "matplotlib", "mpld3", "boto3"} & sys.modules.keys()))
"""
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
