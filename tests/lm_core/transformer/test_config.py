"""A configuration that makes no sense is refused with both values in the message."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel, count_parameters


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vocab_size", 0),
        ("num_hidden_layers", 0),
        ("num_attention_heads", 3),
        ("hidden_dropout_prob", 1.0),
        ("attention_probs_dropout_prob", -0.1),
        ("layer_norm_eps", 0.0),
        ("hidden_act", "swish"),
        ("body", "both"),
        ("norm_position", "middle"),
        ("pad_token_id", 8192),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"{field}.*{value}"):
        TransformerConfig(**{field: value})  # type: ignore[arg-type]


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        TransformerConfig().hidden_size = 3  # type: ignore[misc]


@pytest.mark.parametrize("change", [{"body": "decoder"}, {"body": "encoder-decoder"}, {"norm_position": "pre"}])
def test_a_body_that_can_be_named_but_is_not_built_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        PreTrainingModel(TransformerConfig(**change))  # type: ignore[arg-type]


def test_parameters_are_counted_as_the_formula_says() -> None:
    config = TransformerConfig()
    hidden, inner = config.hidden_size, config.intermediate_size
    norm = 2 * hidden
    embeddings = (config.vocab_size + config.max_position_embeddings + config.type_vocab_size) * hidden + norm
    layer = 4 * (hidden * hidden + hidden) + 2 * hidden * inner + inner + hidden + 2 * norm
    heads = 2 * (hidden * hidden + hidden) + norm + config.vocab_size + 2 * hidden + 2
    expected = embeddings + config.num_hidden_layers * layer + heads
    assert count_parameters(PreTrainingModel(config)) == expected
