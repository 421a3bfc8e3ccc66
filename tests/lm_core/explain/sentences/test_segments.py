"""Where [CLS] looks against Hugging Face's attentions, and the parts of a pair."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.explain.sentences.segments import PARTS, positions_by_part, shares_of_cls

words = st.lists(
    st.sampled_from(["cat", "dog", "unhappily", "playing", ".", "[MASK]", "[SEP]", "42"]), min_size=1, max_size=20
)
texts = words.map(" ".join)


@settings(max_examples=10, deadline=None)
@given(first=texts, second=texts)
def test_the_shares_are_those_of_hugging_faces_attentions(
    first: str, second: str, language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    trace = language_model.trace(first, second)
    encoding = trace.encoding
    with torch.inference_mode():
        answer = hugging_face_model(
            torch.tensor([encoding.input_ids]),
            token_type_ids=torch.tensor([encoding.token_type_ids]),
            output_attentions=True,
        )
    shares = shares_of_cls(trace.attentions, encoding)
    assert shares.shape == (len(answer.attentions), answer.attentions[0].shape[1], len(PARTS))
    assert shares.sum(dim=-1).numpy() == pytest.approx(1, abs=1e-5)
    sep = language_model.tokenizer.sep_id
    for layer, attention in enumerate(answer.attentions):
        row = attention[0, :, 0]
        is_sep = torch.tensor(encoding.input_ids) == sep
        segment = torch.tensor(encoding.token_type_ids)
        place = torch.arange(len(segment))
        expected = [
            row[:, (segment == 0) & ~is_sep & (place > 0)].sum(-1),
            row[:, (segment == 1) & ~is_sep].sum(-1),
            row[:, 0],
            row[:, is_sep].sum(-1),
        ]
        torch.testing.assert_close(shares[layer], torch.stack(expected, dim=-1), atol=1e-5, rtol=1e-5)


@given(first=texts, second=st.none() | texts)
def test_every_position_belongs_to_one_part(first: str, second: str | None, language_model: LanguageModel) -> None:
    encoding = language_model.encode(first, second)
    parts = positions_by_part(encoding)
    assert sorted(at for places in parts.values() for at in places) == list(range(len(encoding.tokens)))
    assert parts["first"] == tuple(at for word in encoding.words for at in word.positions)
    assert parts["second"] == tuple(at for word in encoding.pair_words for at in word.positions)
