"""One attention head taken apart: every matrix on the way from its input to its output, and every sum in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel, Trace
from lm_core.transformer.attention import MultiHeadAttention, attention_map


@dataclass(frozen=True, eq=False)
class HeadWeights:
    """What one head has learned, written so that a row vector is multiplied from the left: x W."""

    query: Tensor  # (hidden, head_dim) W^Q
    key: Tensor  # (hidden, head_dim) W^K
    value: Tensor  # (hidden, head_dim) W^V
    output: Tensor  # (head_dim, hidden) this head's rows of W^O
    query_bias: Tensor  # (head_dim,)
    key_bias: Tensor  # (head_dim,)
    value_bias: Tensor  # (head_dim,)


@dataclass(frozen=True, eq=False)
class HeadSteps:
    """Every matrix of one head on one sentence, in the order in which they are computed."""

    inputs: Tensor  # (position, hidden) X, the residual stream that the head reads
    query: Tensor  # (position, head_dim) Q = X W^Q
    key: Tensor  # (position, head_dim) K = X W^K
    value: Tensor  # (position, head_dim) V = X W^V
    scores: Tensor  # (query, key) QKᵀ / √head_dim, plus the mask
    probs: Tensor  # (query, key) softmax of the scores; each row sums to 1
    context: Tensor  # (position, head_dim) probs · V
    output: Tensor  # (position, hidden) context · W^O: what this head adds to the output of all heads


@dataclass(frozen=True)
class WrittenSum:
    """One number of a matrix product as the sum that made it: Σ left · right, divided, plus what is added."""

    left: tuple[float, ...]  # the row of the first matrix
    right: tuple[float, ...]  # the column of the second
    divisor: float  # √head_dim for a scaled score, else 1
    added: float  # a bias or what a mask adds, else 0
    total: float  # as the model computed it

    @property
    def products(self) -> tuple[float, ...]:
        """The terms of the sum."""
        return tuple(one * other for one, other in zip(self.left, self.right, strict=True))


def head_steps(
    inputs: Tensor, weights: HeadWeights, additive_mask: Tensor | None = None, *, scaled: bool = True
) -> HeadSteps:
    """Compute one head step by step (Vaswani et al. 2017, §3.2.1, eq. 1, and §3.2.2).

    Args:
        inputs: (position, hidden).
        weights: of the head.
        additive_mask: broadcast to (query, key); None hides nothing.
        scaled: False leaves the division by √head_dim out.
    """
    query = inputs @ weights.query + weights.query_bias
    key = inputs @ weights.key + weights.key_bias
    value = inputs @ weights.value + weights.value_bias
    # Without scaling is the same formula on queries that are √head_dim times as long.
    asked = query if scaled else query * math.sqrt(query.shape[-1])
    formed = attention_map(asked, key, additive_mask)
    context = formed.probs @ value
    return HeadSteps(inputs, query, key, value, formed.scores, formed.probs, context, context @ weights.output)


def weights_of(lm: LanguageModel, layer: int, head: int) -> HeadWeights:
    """The weights of one head of a model, as float32 on the processor.

    Args:
        lm: the model.
        layer, head: which, from 0.
    """
    attention = lm.model.body.encoder.layers[layer].attention
    assert isinstance(attention, MultiHeadAttention)
    own = slice(head * lm.config.head_dim, (head + 1) * lm.config.head_dim)
    projections = (attention.query, attention.key, attention.value)
    query, key, value = (projection.weight[own].T.float().cpu() for projection in projections)
    query_bias, key_bias, value_bias = (projection.bias[own].float().cpu() for projection in projections)
    output = attention.output.weight[:, own].T.float().cpu()
    return HeadWeights(query, key, value, output, query_bias, key_bias, value_bias)


def steps_of(trace: Trace, weights: HeadWeights, layer: int, head: int) -> HeadSteps:
    """The same record for a head of the model: its tensors as they stand in the trace.

    Args:
        trace: with its attention maps.
        weights: of this head; only its share of W^O is used, since a trace keeps the sum over the heads.
        layer, head: which, from 0.

    Raises:
        ValueError: the trace has no attention maps.
    """
    attention = trace.layers[layer].attention
    if attention.map is None:
        raise ValueError("trace: it has no attention maps")
    context = attention.context[0, head]
    return HeadSteps(
        inputs=trace.hidden_states[layer][0],
        query=attention.query[0, head],
        key=attention.key[0, head],
        value=attention.value[0, head],
        scores=attention.map.scores[0, head],
        probs=attention.map.probs[0, head],
        context=context,
        output=context @ weights.output,
    )


def written_sum(
    left: Tensor, right: Tensor, total: Tensor, *, divisor: float = 1.0, added: Tensor | None = None
) -> WrittenSum:
    """Write one number of a matrix product out.

    Args:
        left: (width,) the row of the first matrix.
        right: (width,) the column of the second.
        total: (), the number as the model computed it.
        divisor: of the sum.
        added: (), to the sum after the division; None: nothing.
    """
    return WrittenSum(
        left=tuple(left.tolist()),
        right=tuple(right.tolist()),
        divisor=divisor,
        added=0.0 if added is None else float(added),
        total=float(total),
    )
