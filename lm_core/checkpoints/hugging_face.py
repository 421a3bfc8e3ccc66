"""What Hugging Face's BERT calls our modules and settings; the only place that knows their tree."""

from __future__ import annotations

import re
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lm_core.errors import CheckpointError
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.encoder import ACTIVATIONS

# Our module -> Hugging Face's; the only place that knows their tree.
MODULE_NAMES = {
    "body.embeddings.word": "bert.embeddings.word_embeddings",
    "body.embeddings.position": "bert.embeddings.position_embeddings",
    "body.embeddings.token_type": "bert.embeddings.token_type_embeddings",
    "body.embeddings.norm": "bert.embeddings.LayerNorm",
    "body.encoder.layers.{layer}.attention.query": "bert.encoder.layer.{layer}.attention.self.query",
    "body.encoder.layers.{layer}.attention.key": "bert.encoder.layer.{layer}.attention.self.key",
    "body.encoder.layers.{layer}.attention.value": "bert.encoder.layer.{layer}.attention.self.value",
    "body.encoder.layers.{layer}.attention.output": "bert.encoder.layer.{layer}.attention.output.dense",
    "body.encoder.layers.{layer}.attention_norm": "bert.encoder.layer.{layer}.attention.output.LayerNorm",
    "body.encoder.layers.{layer}.feed_forward.intermediate": "bert.encoder.layer.{layer}.intermediate.dense",
    "body.encoder.layers.{layer}.feed_forward.output": "bert.encoder.layer.{layer}.output.dense",
    "body.encoder.layers.{layer}.output_norm": "bert.encoder.layer.{layer}.output.LayerNorm",
    "body.pooler": "bert.pooler.dense",
    "masked_lm": "cls.predictions",
    "masked_lm.transform": "cls.predictions.transform.dense",
    "masked_lm.norm": "cls.predictions.transform.LayerNorm",
    "next_sentence": "cls.seq_relationship",
    "classifier": "classifier",
}
# Second names of one tensor: the decoder is tied to the word embedding, and its bias stands in two places.
TIED_NAMES = {
    "cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight",
    "cls.predictions.decoder.bias": "cls.predictions.bias",
}
# Constants that older versions saved beside the weights.
BUFFER_NAMES = {"bert.embeddings.position_ids", "bert.embeddings.token_type_ids"}
# What Hugging Face assumes where config.json is silent.
BERT_BASE = TransformerConfig(
    vocab_size=30522,
    hidden_size=768,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=3072,
    max_position_embeddings=512,
)
COMPUTED_HERE: dict[str, tuple[object, ...]] = {
    "model_type": ("bert",),
    "hidden_act": tuple(ACTIVATIONS),
    "position_embedding_type": ("absolute",),
    "is_decoder": (False,),
    "add_cross_attention": (False,),
}
# Far beyond any BERT, and small enough that no product of two of them overflows.
LARGEST_SIZE = 10_000_000


def hugging_face_name(name: str) -> str:
    """The name in Hugging Face's tree of one of our parameters.

    Raises:
        KeyError: no row of MODULE_NAMES speaks of it.
    """
    module, _, leaf = name.rpartition(".")
    layer = re.search(r"\.layers\.(\d+)\.", module)
    if layer is None:
        return f"{MODULE_NAMES[module]}.{leaf}"
    row = module.replace(layer.group(), ".layers.{layer}.")
    return f"{MODULE_NAMES[row].format(layer=layer.group(1))}.{leaf}"


def newest_name(name: str) -> str:
    """gamma and beta become weight and bias, a body saved alone gets its prefix, tied names become one."""
    module, _, leaf = name.rpartition(".")
    if not name.startswith(("bert.", "cls.", "classifier.")):
        module = f"bert.{module}"
    name = f"{module}.{ {'gamma': 'weight', 'beta': 'bias'}.get(leaf, leaf) }"
    return TIED_NAMES.get(name, name)


def config_of(settings: dict[str, object], file: Path) -> TransformerConfig:
    """Take from config.json what fixes the model, and refuse what this code does not compute.

    Raises:
        CheckpointError: it is no BERT, a BERT of another kind, or a value makes no sense.
    """
    for name, accepted in COMPUTED_HERE.items():
        if settings.get(name) is not None and settings[name] not in accepted:
            raise CheckpointError(
                "{file} says that {name} is {value}; only {accepted} can be computed here.",
                file=file,
                name=name,
                value=_shown(settings[name]),
                accepted=", ".join(map(str, accepted)),
            )
    chosen: dict[str, Any] = {}
    for name, usual in settings_of(BERT_BASE).items():
        value = settings.get(name)
        chosen[name] = usual if value is None else value
        if not _is_like(chosen[name], usual):
            raise CheckpointError(
                "{file} says that {name} is {value}, which makes no sense.",
                file=file,
                name=name,
                value=_shown(value),
            )
    try:
        return TransformerConfig(**chosen)
    except ValueError as error:
        raise CheckpointError("{file} describes no model: {reason}.", file=file, reason=error) from error


def settings_of(config: TransformerConfig) -> dict[str, object]:
    """The fields that config.json shares with ours; what `body` and `norm_position` say, model_type says there."""
    return {name: value for name, value in asdict(config).items() if name not in ("body", "norm_position")}


def _is_like(value: object, usual: object) -> bool:
    """Whether a value has the type of the usual one, and, if it is a number, a size that a BERT can have."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return type(value) is type(usual)
    return isinstance(usual, float if isinstance(value, float) else int | float) and abs(value) <= LARGEST_SIZE


def _shown(value: object) -> str:
    """A value from a file, short enough for one sentence."""
    return textwrap.shorten(repr(value), 60, placeholder="…")
