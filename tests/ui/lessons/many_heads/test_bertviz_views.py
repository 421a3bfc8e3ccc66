"""BertViz is handed the attention that the page shows, and the page says where it is cut."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from figures.heads.bertviz_html import LONGEST, BertVizView
from lm_core import LanguageModel
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus in the morning."
every_view = pytest.mark.parametrize("view", LONGEST)


def drawn(app: AppTest) -> dict[str, Any]:
    """What BertViz draws on the page."""
    (frame,) = app.get("iframe")
    (data,) = re.findall(r"(?:const params|window\.bertviz_params) = (\{.*\});", frame.proto.srcdoc)
    attention = json.loads(data)["attention"]
    part: dict[str, Any] = attention["all"] if "all" in attention else attention[0]
    return part


@every_view
@pytest.mark.parametrize("language", LANGUAGES)
def test_bertviz_draws_the_attention_of_the_model(
    open_page: Open, shipped: LanguageModel, view: BertVizView, language: Language
) -> None:
    app = open_page("many_heads", view="bertviz", bertviz=view, sentence=SENTENCE, mask="5", lang=language)
    trace = shipped.trace(SENTENCE, masked_words=[4])
    part = drawn(app)
    assert tuple(part["left_text"]) == trace.encoding.tokens
    expected = np.stack([layer[0].numpy() for layer in trace.attentions])
    assert np.asarray(part["attn"]) == pytest.approx(expected, abs=0.5e-3 + 1e-6)
    if view == "neuron":
        for name, vectors in (
            ("queries", [layer.attention.query[0].numpy() for layer in trace.layers]),
            ("keys", [layer.attention.key[0].numpy() for layer in trace.layers]),
        ):
            assert np.asarray(part[name]) == pytest.approx(np.stack(vectors), abs=0.5e-3 + 1e-6)
    assert not app.info


@every_view
def test_where_bertviz_leaves_tokens_out_the_page_says_how_many_it_draws(open_page: Open, view: BertVizView) -> None:
    app = open_page("many_heads", view="bertviz", bertviz=view, sentence="no " * 100, mask="")
    assert len(drawn(app)["left_text"]) == LONGEST[view]
    assert any(f"first {LONGEST[view]} of 102 tokens" in each.value for each in app.info)
