"""The Transformer encoder: embeddings, layers of attention and feed-forward, and a record of each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lm_core.transformer.attention import AttentionTrace, MultiHeadAttention
from lm_core.transformer.config import Activation, TransformerConfig
from lm_core.transformer.dropout import Dropout
from lm_core.transformer.linear import Linear

ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "gelu": F.gelu,
    "gelu_new": partial(F.gelu, approximate="tanh"),
    "relu": F.relu,
}


@dataclass(frozen=True)
class EmbeddingTrace:
    """The three embeddings of each token, and their sum after the norm."""

    word: Tensor  # (batch, position, hidden) what the token is
    position: Tensor  # (1, position, hidden) where it stands
    token_type: Tensor  # (batch, position, hidden) which segment it belongs to
    output: Tensor  # (batch, position, hidden) LayerNorm(word + position + token_type)


@dataclass(frozen=True)
class LayerTrace:
    """What one encoder layer computed."""

    attention: AttentionTrace
    attention_output: Tensor  # (batch, position, hidden) residual stream after attention, sum and norm
    intermediate: Tensor  # (batch, position, intermediate) the feed-forward's activations
    output: Tensor  # (batch, position, hidden) residual stream after the feed-forward, sum and norm


@dataclass(frozen=True)
class EncoderTrace:
    """The last hidden states, and the record of every layer if a trace was asked for."""

    layers: tuple[LayerTrace, ...]  # empty without a trace
    output: Tensor  # (batch, position, hidden); of the first position alone where no other was asked for


class Embeddings(nn.Module):
    """Add up what a token is, where it stands and which segment it is in (Devlin et al. 2019, §3, fig. 2)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.word = nn.Embedding(config.vocab_size, config.hidden_size, padding_idx=config.pad_token_id)
        self.position = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.token_type = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = Dropout(config.hidden_dropout_prob)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> EmbeddingTrace:
        """Look the tokens up.

        Args:
            input_ids: (batch, position) below vocab_size.
            token_type_ids: (batch, position) below type_vocab_size.

        Raises:
            ValueError: the input is longer than the positions the model has.
        """
        length = input_ids.shape[1]
        if length > self.position.num_embeddings:
            raise ValueError(
                f"input_ids has {length} positions, but max_position_embeddings is {self.position.num_embeddings}"
            )
        word = self.word(input_ids)
        position = self.position(torch.arange(length, device=input_ids.device))[None]
        token_type = self.token_type(token_type_ids)
        return EmbeddingTrace(word, position, token_type, self.dropout(self.norm(word + position + token_type)))


class FeedForward(nn.Module):
    """Widen, bend, narrow: the same small network at every position (Vaswani et al. 2017, §3.3, eq. 2)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.intermediate = Linear(config.hidden_size, config.intermediate_size)
        self.output = Linear(config.intermediate_size, config.hidden_size)
        self.activation = ACTIVATIONS[config.hidden_act]

    def forward(self, hidden_states: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, position, hidden) → activations (batch, position, intermediate) and output, shaped as the input."""
        intermediate = self.activation(self.intermediate(hidden_states))
        return intermediate, self.output(intermediate)


class EncoderLayer(nn.Module):
    """Attention, then feed-forward; after each, add to the residual stream and norm (Vaswani et al. 2017, §3.1)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(config)
        self.attention_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.feed_forward = FeedForward(config)
        self.output_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = Dropout(config.hidden_dropout_prob)

    def forward(
        self,
        hidden_states: Tensor,
        additive_mask: Tensor | None = None,
        *,
        head_mask: Tensor | None = None,
        only_first: bool = False,
        trace: bool = False,
    ) -> LayerTrace:
        """One layer's step of the residual stream; arguments as in MultiHeadAttention.forward, and:

        Args:
            only_first: True to compute the first position alone, which looks at all; the others are then left out.
        """
        looking = hidden_states[:, :1] if only_first else hidden_states
        attention = self.attention(
            looking, additive_mask, key_value_states=hidden_states, head_mask=head_mask, trace=trace
        )
        attention_output = self.attention_norm(looking + self.dropout(attention.output))
        intermediate, narrowed = self.feed_forward(attention_output)
        output = self.output_norm(attention_output + self.dropout(narrowed))
        return LayerTrace(attention, attention_output, intermediate, output)


class Encoder(nn.Module):
    """The layers, one after the other."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.num_heads = config.num_attention_heads
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.num_hidden_layers))

    def forward(
        self,
        hidden_states: Tensor,
        additive_mask: Tensor | None = None,
        *,
        head_mask: Tensor | None = None,
        only_first: bool = False,
        trace: bool = False,
    ) -> EncoderTrace:
        """Run all layers.

        Args:
            hidden_states: (batch, position, hidden) the embeddings' output.
            additive_mask: broadcast to (batch, head, query, key).
            head_mask: (layer, head) a factor for each head's context; None leaves all as they are.
            only_first: True to compute the last layer at the first position alone: its output is (batch, 1, hidden).
            trace: True to keep every layer's record, attention maps included.

        Raises:
            ValueError: head_mask is not of shape (layer, head).
        """
        expected = (len(self.layers), self.num_heads)
        if head_mask is not None and tuple(head_mask.shape) != expected:
            raise ValueError(f"head_mask must be (layer, head) = {expected}, not {tuple(head_mask.shape)}")
        records: list[LayerTrace] = []
        for index, layer in enumerate(self.layers):
            layer_head_mask = None if head_mask is None else head_mask[index]
            is_last = index == len(self.layers) - 1
            record = layer(
                hidden_states,
                additive_mask,
                head_mask=layer_head_mask,
                only_first=only_first and is_last,
                trace=trace,
            )
            hidden_states = record.output
            if trace:
                records.append(record)
        return EncoderTrace(tuple(records), hidden_states)
