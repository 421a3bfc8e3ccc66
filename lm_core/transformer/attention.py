"""Scaled dot-product attention, one head by hand and many heads at once, with every number kept on request."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.dropout import Dropout
from lm_core.transformer.linear import Linear


@dataclass(frozen=True)
class AttentionMap:
    """Who looks at whom: the two faces of one attention pattern."""

    scores: Tensor  # (batch, head, query, key) query · key / √head_dim, plus the mask; any real number
    probs: Tensor  # (batch, head, query, key) softmax of the scores; each row sums to 1


@dataclass(frozen=True)
class AttentionTrace:
    """What one multi-head attention computed, from projections to output."""

    query: Tensor  # (batch, head, position, head_dim)
    key: Tensor  # (batch, head, position, head_dim)
    value: Tensor  # (batch, head, position, head_dim)
    map: AttentionMap | None  # None on the fast way, which never forms the map
    context: Tensor  # (batch, head, position, head_dim) values weighted by probs, after the head mask
    output: Tensor  # (batch, position, hidden) all heads joined, after W^O


def additive_mask(attention_mask: Tensor, dtype: torch.dtype) -> Tensor:
    """Turn the 1/0 padding mask into what is added to the scores: 0 to keep, a huge negative to hide.

    The negative is the type's finite minimum and not -inf: a row that hides everything then is uniform on the
    fast way and on the traced one, where -inf would give zero on one and NaN on the other.

    Args:
        attention_mask: (batch, key) 1 where there is a token, 0 where there is padding.
        dtype: the floating type of the scores.

    Returns:
        (batch, 1, 1, key), broadcast over heads and queries.

    Raises:
        ValueError: the mask is not two-dimensional.
    """
    if attention_mask.dim() != 2:
        raise ValueError(f"attention_mask must be (batch, key), not of shape {tuple(attention_mask.shape)}")
    hidden = attention_mask[:, None, None, :] == 0
    return torch.zeros(hidden.shape, dtype=dtype, device=hidden.device).masked_fill(hidden, torch.finfo(dtype).min)


def attention_map(query: Tensor, key: Tensor, additive_mask: Tensor | None = None) -> AttentionMap:
    """Let every query look at every key: softmax(QKᵀ / √d) (Vaswani et al. 2017, §3.2.1, eq. 1).

    Args:
        query: (..., query, head_dim) what each position asks for.
        key: (..., key, head_dim) what each position offers.
        additive_mask: broadcast to (..., query, key), added before the softmax; None hides nothing.

    Returns:
        The scores and the probabilities, (..., query, key) each.
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if additive_mask is not None:
        scores = scores + additive_mask
    return AttentionMap(scores=scores, probs=scores.softmax(dim=-1))


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    additive_mask: Tensor | None = None,
    *,
    dropout: Dropout | None = None,
    trace: bool = False,
) -> tuple[Tensor, AttentionMap | None]:
    """Mix the values by attention; keep the map only when asked (Vaswani et al. 2017, §3.2.1, eq. 1).

    Without a map PyTorch's fused kernel does the work; with one the formula is computed as written. Both agree
    to 1e-5 in float32, for every mask. Training on a processor computes the formula too: there the fused
    kernel's backward pass takes four times as long (64 × 128 tokens in bfloat16, two cores). So does dropout: the
    fused kernel would draw it from the generator that the whole process shares.

    Args:
        query, key, value: (batch, head, position, head_dim).
        additive_mask: broadcast to (batch, head, query, key); None hides nothing.
        dropout: drops probabilities, in training only; None drops nothing.
        trace: True to form and return the map.

    Returns:
        The context, (batch, head, query, head_dim), and the map or None.
    """
    trains_on_cpu = query.requires_grad and query.device.type == "cpu"
    drops = dropout is not None and dropout.training and dropout.rate > 0.0
    if not trace and not trains_on_cpu and not drops:
        return F.scaled_dot_product_attention(query, key, value, additive_mask), None
    formed = attention_map(query, key, additive_mask)
    context = (formed.probs if dropout is None else dropout(formed.probs)) @ value
    return context, formed if trace else None


def _split_heads(hidden_states: Tensor, num_heads: int) -> Tensor:
    """(batch, position, head · head_dim) → (batch, head, position, head_dim)"""
    batch, length, width = hidden_states.shape
    return hidden_states.view(batch, length, num_heads, width // num_heads).transpose(1, 2)


def _join_heads(context: Tensor) -> Tensor:
    """(batch, head, position, head_dim) → (batch, position, head · head_dim)"""
    return context.transpose(1, 2).flatten(2)


class MultiHeadAttention(nn.Module):
    """Several attentions side by side, each in its own share of the width (Vaswani et al. 2017, §3.2.2)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.num_heads = config.num_attention_heads
        self.dropout = Dropout(config.attention_probs_dropout_prob)
        self.query = Linear(config.hidden_size, config.hidden_size)
        self.key = Linear(config.hidden_size, config.hidden_size)
        self.value = Linear(config.hidden_size, config.hidden_size)
        self.output = Linear(config.hidden_size, config.hidden_size)

    def forward(
        self,
        hidden_states: Tensor,
        additive_mask: Tensor | None = None,
        *,
        key_value_states: Tensor | None = None,
        head_mask: Tensor | None = None,
        trace: bool = False,
    ) -> AttentionTrace:
        """Project, attend, join.

        Args:
            hidden_states: (batch, query, hidden) the positions that look.
            additive_mask: broadcast to (batch, head, query, key).
            key_value_states: (batch, key, hidden) the positions looked at; None means hidden_states themselves.
            head_mask: (head,) a factor for each head's context; equal to scaling that head's probabilities.
            trace: True to keep the attention map.
        """
        looked_at = hidden_states if key_value_states is None else key_value_states
        query = _split_heads(self.query(hidden_states), self.num_heads)
        key = _split_heads(self.key(looked_at), self.num_heads)
        value = _split_heads(self.value(looked_at), self.num_heads)
        context, formed = attend(query, key, value, additive_mask, dropout=self.dropout, trace=trace)
        if head_mask is not None:
            context = context * head_mask[:, None, None]
        return AttentionTrace(query, key, value, formed, context, self.output(_join_heads(context)))
