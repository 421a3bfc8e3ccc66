"""How the model's input comes about: three embeddings added up, and the norm of their sum."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.transformer.encoder import Embeddings, EmbeddingTrace


@dataclass(frozen=True, eq=False)
class TokenEmbedding:
    """One token's three embeddings and what becomes of them, (hidden,) each."""

    word: Tensor  # what the token is
    position: Tensor  # where it stands
    token_type: Tensor  # which segment it belongs to
    total: Tensor  # the three added up
    output: Tensor  # the sum after the norm, as the model computed it


@dataclass(frozen=True)
class DimensionInFull:
    """One number of a token's input to the first layer, with all that it was computed from."""

    word: float
    position: float
    token_type: float
    total: float  # the three added up
    mean: float  # of the sums of all dimensions of this token
    variance: float  # of the same; the mean of the squares around their mean
    eps: float  # a tiny number that keeps the root away from 0
    gain: float  # learned, one for each dimension
    bias: float  # learned, one for each dimension
    output: float  # as the model computed it

    @property
    def normalized(self) -> float:
        """The sum, in standard deviations away from the mean."""
        return (self.total - self.mean) / math.sqrt(self.variance + self.eps)

    @property
    def scaled(self) -> float:
        """Gain times the normalized sum, plus the bias: the output, computed once more from these numbers."""
        return self.gain * self.normalized + self.bias


def token_embedding(embeddings: EmbeddingTrace, position: int) -> TokenEmbedding:
    """Read one token's embeddings off a trace; the first of the batch counts."""
    word, where, segment = (
        embeddings.word[0, position],
        embeddings.position[0, position],
        embeddings.token_type[0, position],
    )
    return TokenEmbedding(word, where, segment, word + where + segment, embeddings.output[0, position])


def explain_dimension(embeddings: EmbeddingTrace, layer: Embeddings, position: int, dimension: int) -> DimensionInFull:
    """Take one number of the embeddings' output apart, down to the LayerNorm (Ba et al. 2016, §3, eq. 4).

    Args:
        embeddings: of a trace; the first of the batch counts.
        layer: the layer that computed them; its norm has the gain and the bias.
        position, dimension: which number, from 0.
    """
    token = token_embedding(embeddings, position)
    total = token.total.double()
    return DimensionInFull(
        word=float(token.word[dimension]),
        position=float(token.position[dimension]),
        token_type=float(token.token_type[dimension]),
        total=float(total[dimension]),
        mean=float(total.mean()),
        variance=float(total.var(correction=0)),
        eps=layer.norm.eps,
        gain=float(layer.norm.weight[dimension]),
        bias=float(layer.norm.bias[dimension]),
        output=float(token.output[dimension]),
    )


def outweighed_by_position(embeddings: EmbeddingTrace, position: int) -> int:
    """In how many dimensions of a token its position adds more, in absolute value, than its word does."""
    token = token_embedding(embeddings, position)
    return int(torch.count_nonzero(token.position.abs() > token.word.abs()))
