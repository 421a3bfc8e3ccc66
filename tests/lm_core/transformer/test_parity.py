"""Our BERT is Hugging Face's BERT: component by component and whole, in both directions, within 1e-5."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from transformers import BertConfig, BertForPreTraining

from lm_core import Tokenizer
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.checkpoints.hugging_face import hugging_face_name
from lm_core.transformer.attention import additive_mask
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.encoder import EncoderLayer
from lm_core.transformer.model import PreTrainingModel, PreTrainingTrace
from tests.lm_core.conftest import with_random_biases

MASKS = {
    "no padding": [[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]],
    "padding on the right": [[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0, 0]],
    "padding on the left": [[0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]],
    "a hole": [[1, 0, 1, 1, 0, 1, 1], [1, 1, 1, 1, 1, 1, 1]],
    "one position": [[1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0]],
    "everything hidden": [[0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1]],
}


@pytest.fixture(params=list(MASKS.values()), ids=list(MASKS))
def attention_mask(request: pytest.FixtureRequest) -> Tensor:
    return torch.tensor(request.param)


@pytest.fixture
def input_ids(model: PreTrainingModel) -> Tensor:
    return torch.randint(0, model.config.vocab_size, (2, 7), generator=torch.Generator().manual_seed(1))


@pytest.fixture
def token_type_ids() -> Tensor:
    return torch.tensor([[0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1, 1]])


@pytest.fixture
def hidden_states() -> Tensor:
    return torch.randn(2, 7, 24, generator=torch.Generator().manual_seed(2))


def assert_close(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def layer(model: PreTrainingModel, index: int) -> EncoderLayer:
    found = model.body.encoder.layers[index]
    assert isinstance(found, EncoderLayer)
    return found


def assert_same_model(ours: PreTrainingTrace, theirs: object) -> None:
    """Compare everything that Hugging Face's model with all its outputs shows."""
    assert_close(ours.prediction_logits, theirs.prediction_logits)  # type: ignore[attr-defined]
    assert_close(ours.seq_relationship_logits, theirs.seq_relationship_logits)  # type: ignore[attr-defined]
    hidden_states = (ours.body.embeddings.output, *(layer.output for layer in ours.body.layers))
    for mine, other in zip(hidden_states, theirs.hidden_states, strict=True):  # type: ignore[attr-defined]
        assert_close(mine, other)
    for layer, other in zip(ours.body.layers, theirs.attentions, strict=True):  # type: ignore[attr-defined]
        assert layer.attention.map is not None
        assert_close(layer.attention.map.probs, other)


def test_every_parameter_has_exactly_one_name_in_hugging_faces_tree(
    model: PreTrainingModel, hugging_face_model: BertForPreTraining
) -> None:
    tied = {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"}
    theirs = {name for name in hugging_face_model.state_dict() if name not in tied}
    ours = [hugging_face_name(name) for name in model.state_dict()]
    assert len(ours) == len(set(ours))
    assert set(ours) == theirs


@torch.no_grad()
def test_embeddings_are_hugging_faces(
    model: PreTrainingModel, hugging_face_model: BertForPreTraining, input_ids: Tensor, token_type_ids: Tensor
) -> None:
    theirs = hugging_face_model.bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
    assert_close(model.body.embeddings(input_ids, token_type_ids).output, theirs)


@torch.no_grad()
@pytest.mark.parametrize("trace", [False, True], ids=["fast", "traced"])
def test_attention_is_hugging_faces(
    model: PreTrainingModel,
    hugging_face_model: BertForPreTraining,
    hidden_states: Tensor,
    attention_mask: Tensor,
    trace: bool,
) -> None:
    mask = additive_mask(attention_mask, torch.float32)
    theirs = hugging_face_model.bert.encoder.layer[1].attention
    ours = layer(model, 1).attention(hidden_states, mask, trace=trace)
    context, probs = theirs.self(hidden_states, attention_mask=mask)
    assert_close(ours.context.transpose(1, 2).flatten(2), context)
    assert_close(ours.output, theirs.output.dense(context))
    assert (ours.map is not None) == trace
    if ours.map is not None:
        assert_close(ours.map.probs, probs)


@torch.no_grad()
@pytest.mark.parametrize("trace", [False, True], ids=["fast", "traced"])
def test_a_layer_is_hugging_faces(
    model: PreTrainingModel,
    hugging_face_model: BertForPreTraining,
    hidden_states: Tensor,
    attention_mask: Tensor,
    trace: bool,
) -> None:
    mask = additive_mask(attention_mask, torch.float32)
    theirs = hugging_face_model.bert.encoder.layer[2]
    ours = layer(model, 2)(hidden_states, mask, trace=trace)
    assert_close(ours.attention_output, theirs.attention(hidden_states, attention_mask=mask)[0])
    assert_close(ours.intermediate, theirs.intermediate(ours.attention_output))
    expected = theirs(hidden_states, attention_mask=mask)
    assert_close(ours.output, expected[0] if isinstance(expected, tuple) else expected)


@torch.no_grad()
def test_pooler_and_heads_are_hugging_faces(
    model: PreTrainingModel, hugging_face_model: BertForPreTraining, hidden_states: Tensor
) -> None:
    pooled = hugging_face_model.bert.pooler(hidden_states)
    assert_close(torch.tanh(model.body.pooler(hidden_states[:, 0])), pooled)
    prediction, relationship = hugging_face_model.cls(hidden_states, pooled)
    assert_close(model.masked_lm(hidden_states, model.body.embeddings.word.weight), prediction)
    assert_close(model.next_sentence(pooled), relationship)


@torch.no_grad()
def test_their_checkpoint_computes_the_same_in_our_code(
    model: PreTrainingModel,
    hugging_face_model: BertForPreTraining,
    input_ids: Tensor,
    token_type_ids: Tensor,
    attention_mask: Tensor,
) -> None:
    theirs = hugging_face_model(
        input_ids,
        token_type_ids=token_type_ids,
        attention_mask=attention_mask,
        output_hidden_states=True,
        output_attentions=True,
    )
    assert_same_model(model(input_ids, token_type_ids, attention_mask, trace=True), theirs)
    fast = model(input_ids, token_type_ids, attention_mask)
    assert_close(fast.prediction_logits, theirs.prediction_logits)
    assert_close(fast.seq_relationship_logits, theirs.seq_relationship_logits)


@torch.no_grad()
@pytest.mark.parametrize("activation", ["gelu", "gelu_new", "relu"])
def test_our_checkpoint_computes_the_same_in_their_code(
    activation: str, tokenizer: Tokenizer, input_ids: Tensor, token_type_ids: Tensor, tmp_path: Path
) -> None:
    torch.manual_seed(3)
    config = TransformerConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=20,
        max_position_embeddings=16,
        hidden_act=activation,  # type: ignore[arg-type]
        layer_norm_eps=1e-6,
        initializer_range=0.3,
    )
    ours = PreTrainingModel(config).eval()
    save_checkpoint(ours, tokenizer, tmp_path, dtype=torch.float32)
    theirs = BertForPreTraining.from_pretrained(tmp_path, attn_implementation="eager")
    attention_mask = torch.tensor([[1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1]])
    assert_same_model(
        ours(input_ids, token_type_ids, attention_mask, trace=True),
        theirs(
            input_ids,
            token_type_ids=token_type_ids,
            attention_mask=attention_mask,
            output_hidden_states=True,
            output_attentions=True,
        ),
    )


@torch.no_grad()
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_parity_holds_for_every_shape(data: st.DataObject) -> None:
    def size(name: str, most: int) -> int:
        return data.draw(st.integers(1, most), label=name)

    heads, length, batch = size("heads", 4), size("length", 9), size("batch", 3)
    shape = {
        "vocab_size": 30,
        "hidden_size": heads * size("head_dim", 6),
        "num_hidden_layers": size("layers", 3),
        "num_attention_heads": heads,
        "intermediate_size": size("intermediate", 12),
        "max_position_embeddings": length + size("spare", 3) - 1,
        "type_vocab_size": size("types", 3),
    }
    torch.manual_seed(data.draw(st.integers(0, 1000), label="seed"))
    theirs = with_random_biases(
        BertForPreTraining(BertConfig(**shape, initializer_range=0.2, attn_implementation="eager"))
    ).eval()
    ours = PreTrainingModel(TransformerConfig(**shape)).eval()  # type: ignore[arg-type]
    state = theirs.state_dict()
    ours.load_state_dict({name: state[hugging_face_name(name)] for name in ours.state_dict()})
    input_ids = torch.randint(0, 30, (batch, length))
    token_type_ids = torch.randint(0, shape["type_vocab_size"], (batch, length))
    attention_mask = torch.randint(0, 2, (batch, length))
    expected = theirs(
        input_ids,
        token_type_ids=token_type_ids,
        attention_mask=attention_mask,
        output_hidden_states=True,
        output_attentions=True,
    )
    assert_same_model(ours(input_ids, token_type_ids, attention_mask, trace=True), expected)
    fast = ours(input_ids, token_type_ids, attention_mask)
    assert_close(fast.prediction_logits, expected.prediction_logits)


@torch.no_grad()
def test_only_the_scored_positions_go_through_the_masked_word_head(model: PreTrainingModel, input_ids: Tensor) -> None:
    scored = torch.tensor([3, 8, 13])
    some = model(input_ids, scored_positions=scored).prediction_logits
    assert_close(some, model(input_ids).prediction_logits.flatten(0, 1)[scored])


@pytest.mark.parametrize("trace", [False, True], ids=["fast", "traced"])
def test_the_last_layer_at_its_first_position_alone_gives_the_same_pooled_answer(
    model: PreTrainingModel, input_ids: Tensor, attention_mask: Tensor, trace: bool
) -> None:
    head_mask = torch.linspace(0.0, 1.5, 12).reshape(3, 4)
    whole = model.body(input_ids, None, attention_mask, head_mask=head_mask)
    first = model.body(input_ids, None, attention_mask, head_mask=head_mask, only_first=True, trace=trace)
    assert first.output.shape == (2, 1, model.config.hidden_size)
    torch.testing.assert_close(first.output, whole.output[:, :1], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(first.pooled, whole.pooled, atol=1e-5, rtol=1e-5)
