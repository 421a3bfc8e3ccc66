"""The numbers that fix a Transformer's shape, under the names Hugging Face gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Body = Literal["encoder", "decoder", "encoder-decoder"]
NormPosition = Literal["post", "pre"]
Activation = Literal["gelu", "gelu_new", "relu"]


@dataclass(frozen=True)
class TransformerConfig:
    """Shape and constants of one Transformer; the defaults are our compact BERT.

    The defaults are BERT-Mini's published shape (Turc et al. 2019) with a vocabulary of our own.

    Raises:
        ValueError: a field is out of range, or two fields contradict each other.
    """

    vocab_size: int = 8192
    hidden_size: int = 256  # width of the residual stream
    num_hidden_layers: int = 4
    num_attention_heads: int = 4
    intermediate_size: int = 1024  # width inside the feed-forward layer
    max_position_embeddings: int = 128  # longest input, special tokens included
    type_vocab_size: int = 2  # segments: A and B
    hidden_act: Activation = "gelu"  # "gelu" is the exact (erf) one, as in BERT
    hidden_dropout_prob: float = 0.1
    attention_probs_dropout_prob: float = 0.1
    layer_norm_eps: float = 1e-12
    initializer_range: float = 0.02  # standard deviation of fresh weights
    pad_token_id: int = 0
    body: Body = "encoder"  # encoder: no mask of the future; decoder: causal; encoder-decoder: cross-attention
    norm_position: NormPosition = "post"  # post: norm after the residual sum (BERT); pre: before the sublayer (GPT-2)

    def __post_init__(self) -> None:
        for name in (
            "vocab_size",
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "max_position_embeddings",
            "type_vocab_size",
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
            if not 0.0 <= getattr(self, name) < 1.0:
                raise ValueError(f"{name} must be in [0, 1), not {getattr(self, name)}")
        for name in ("layer_norm_eps", "initializer_range"):
            if getattr(self, name) <= 0.0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")
        for name, allowed in (("hidden_act", Activation), ("body", Body), ("norm_position", NormPosition)):
            if getattr(self, name) not in get_args(allowed):
                raise ValueError(f"{name} must be one of {get_args(allowed)}, not {getattr(self, name)!r}")
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                f"hidden_size ({self.hidden_size}) must be a multiple of "
                f"num_attention_heads ({self.num_attention_heads})"
            )
        if not 0 <= self.pad_token_id < self.vocab_size:
            raise ValueError(f"pad_token_id ({self.pad_token_id}) must be below vocab_size ({self.vocab_size})")

    @property
    def head_dim(self) -> int:
        """Width of one head: each head gets an equal share of the residual stream."""
        return self.hidden_size // self.num_attention_heads
