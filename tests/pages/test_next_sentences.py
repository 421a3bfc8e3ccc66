"""The lesson on next sentences shows what `transformers` makes of the same pair with the same weights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import torch
from transformers import AutoTokenizer, BertForPreTraining

from lm_core.pretrained import SHIPPED_FOLDER, SHIPPED_NAME
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.pages.conftest import Open

A, B = "The dog slept in the sun.", "It woke up when the door opened."


class Theirs:
    """Hugging Face's model and tokenizer on the shipped folder."""

    def __init__(self) -> None:
        folder = SHIPPED_FOLDER / SHIPPED_NAME
        self.model = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    @torch.inference_mode()
    def logits(self, first: str, second: str) -> torch.Tensor:
        """The two logits of the next-sentence head."""
        output = self.model(**self.tokenizer(first, second, return_tensors="pt"))
        return torch.as_tensor(output.seq_relationship_logits[0]).double()

    def probability(self, first: str, second: str) -> float:
        """P(IsNext)."""
        return float(self.logits(first, second).softmax(dim=-1)[0])


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return Theirs()


def shown(app: AppTest) -> float:
    """P(IsNext) as it is written in large."""
    (metric,) = app.metric
    return float(metric.value.replace("<", "").removesuffix("\u00a0%")) / 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_and_its_sum_are_theirs(open_page: Open, theirs: Theirs, language: Language) -> None:
    app = open_page("next_sentences", sentence=A, pair=B, mask="2", lang=language)  # no word is hidden here
    assert not app.warning
    assert shown(app) == pytest.approx(theirs.probability(A, B), abs=6e-4)
    written = [float(number) for number in re.findall(r"-?\d+\.\d+", app.latex[0].value)]
    is_next, not_next = theirs.logits(A, B).tolist()
    assert written == pytest.approx([is_next, is_next, not_next, theirs.probability(A, B)], abs=1e-4)
