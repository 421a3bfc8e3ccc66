"""For any sentence, layer and head the lessons show what `transformers` computes with the same weights."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, BertForPreTraining

from lm_core.checkpoints.pretrained import SHIPPED_FOLDER, SHIPPED_NAME
from tests.ui.lessons.many_heads.test_many_heads import sent

if TYPE_CHECKING:
    from tests.ui.conftest import Open

WORDS = [
    *("the", "a", "children", "dog", "unhappily", "went", "sang", "to", "by", "in", "school", "river"),
    *("morning", ".", ",", "!", "42", "Zürich", "词", "émigré"),
]
sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=12).map(" ".join)
as_often_as_time_allows = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Theirs:
    """Hugging Face's model and tokenizer on the shipped folder."""

    def __init__(self) -> None:
        folder = SHIPPED_FOLDER / SHIPPED_NAME
        self.model = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    @torch.inference_mode()
    def read(self, sentence: str) -> tuple[list[torch.Tensor], torch.Tensor, torch.Tensor]:
        """Attentions by layer, the embeddings' output, and the logits of masked words."""
        inputs = self.tokenizer(sentence, return_tensors="pt")
        output = self.model(**inputs, output_attentions=True, output_hidden_states=True)
        return list(output.attentions), output.hidden_states[0], output.prediction_logits


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return Theirs()


@as_often_as_time_allows
@given(sentence=sentences, layer=st.integers(1, 4), head=st.integers(1, 4))
def test_many_heads_shows_their_attention_in_lines_matrix_and_sum(
    open_page: Open, theirs: Theirs, sentence: str, layer: int, head: int
) -> None:
    app = open_page("many_heads", view="linked", sentence=sentence, mask="", layer=str(layer), head=str(head))
    expected = theirs.read(sentence)[0][layer - 1][0, head - 1].numpy()
    for component, field in (("attention_view", "probs"), ("matrix", "values")):
        shown = np.frombuffer(base64.b64decode(sent(app, component)[field]), dtype="<f4").reshape(expected.shape)
        assert shown == pytest.approx(expected, abs=1e-5)
    query, key = app.selectbox(key="query_picker").value, app.selectbox(key="key_picker").value
    written = float(app.latex[1].value.split(" = ")[-1].split(r"\end")[0])
    assert written == pytest.approx(float(expected[query, key]), abs=6e-5)


@as_often_as_time_allows
@given(sentence=sentences, number=st.integers(0, 11))
def test_masked_words_shows_their_answers(open_page: Open, theirs: Theirs, sentence: str, number: int) -> None:
    words = sentence.split()
    number %= len(words)
    hidden = " ".join("[MASK]" if place == number else word for place, word in enumerate(words))
    position = theirs.tokenizer(hidden)["input_ids"].index(theirs.tokenizer.mask_token_id)
    probs = theirs.read(hidden)[2][0, position].double().softmax(dim=-1)
    app = open_page("masked_words", sentence=hidden, mask="")
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["x"]
    assert bars == pytest.approx(probs.topk(len(bars)).values.tolist(), abs=2e-5)


@as_often_as_time_allows
@given(sentence=sentences, position=st.integers(1, 14), dimension=st.integers(1, 256))
def test_tokens_shows_their_embeddings(
    open_page: Open, theirs: Theirs, sentence: str, position: int, dimension: int
) -> None:
    embeddings = theirs.read(sentence)[1][0]
    position = 1 + (position - 1) % len(embeddings)
    app = open_page(
        "tokens", view="embeddings", sentence=sentence, mask="", token=str(position), dimension=str(dimension)
    )
    shown = float(app.latex[0].value.split(" = ")[-1].split(r"\end")[0])
    assert shown == pytest.approx(float(embeddings[position - 1, dimension - 1]), abs=6e-5)
