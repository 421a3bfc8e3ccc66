"""What a head does with a sentence, measured on its attention, and how one of its probabilities came about."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.text.tokenization import CLS, SEP, Encoding
from lm_core.transformer.attention import AttentionTrace


@dataclass(frozen=True)
class Link:
    """How much one position looks at another."""

    query: int  # the position that looks
    key: int  # the position that is looked at
    probability: float  # 0 to 1


@dataclass(frozen=True)
class HeadSummary:
    """One head on one sentence, in a few numbers."""

    entropy: float  # bits, mean over the queries; between 0 (one position only) and most_entropy
    most_entropy: float  # bits, log2 of the number of positions: everywhere alike
    special_share: float  # of the attention that rests on [CLS] and [SEP], 0 to 1, mean over the queries
    previous_share: float  # of the attention on the position just before, 0 to 1, mean over the queries that have one
    next_share: float  # of the attention on the position just after, in the same way
    strongest: Link  # as of `strongest_link`


@dataclass(frozen=True)
class HeadShare:
    """A head, counted from 0, and its share of something."""

    layer: int
    head: int
    share: float  # 0 to 1


@dataclass(frozen=True)
class ProbabilityInFull:
    """One attention probability with all that it was computed from."""

    dot_product: float  # query · key
    head_dim: int  # the width of both
    scores: tuple[float, ...]  # of the same query with every key: dot product / √head_dim, plus the mask
    key: int  # which of the scores is asked about
    probability: float  # as the model computed it

    @property
    def score(self) -> float:
        """The score before the softmax."""
        return self.scores[self.key]

    @property
    def exponential(self) -> float:
        """e to the power of the score, the numerator of the softmax."""
        return float(torch.tensor(self.score, dtype=torch.float64).exp())

    @property
    def row_sum(self) -> float:
        """The denominator of the softmax: e to the power of each score of the row, summed."""
        return float(torch.tensor(self.scores, dtype=torch.float64).exp().sum())


def entropy(probs: Tensor) -> Tensor:
    """How widely each position looks: the Shannon entropy of its attention row, in nats.

    Args:
        probs: (batch, head, query, key) attention probabilities; each row sums to 1.

    Returns:
        (batch, head, query) between 0 (one position only) and log(key length) (everywhere alike).
    """
    entropy_per_row: Tensor = torch.special.entr(probs).sum(dim=-1)
    return entropy_per_row


def share_on(probs: Tensor, positions: Collection[int]) -> Tensor:
    """How much of a head's attention rests on some positions (Clark et al. 2019, §3.2).

    Args:
        probs: (batch, head, query, key) attention probabilities; each row sums to 1.
        positions: keys, each at most once.

    Returns:
        (batch, head) between 0 and 1, the mean over the queries.
    """
    return probs[..., sorted(positions)].sum(dim=-1).mean(dim=-1)


def share_on_previous(probs: Tensor) -> Tensor:
    """How much of a head's attention rests on the position just before (Clark et al. 2019, §3.1).

    Args:
        probs: (batch, head, query, key) attention probabilities of at least two positions.

    Returns:
        (batch, head) between 0 and 1, the mean over the queries from the second on.
    """
    return probs.diagonal(offset=-1, dim1=-2, dim2=-1).mean(dim=-1)


def share_on_next(probs: Tensor) -> Tensor:
    """How much of a head's attention rests on the position just after (Clark et al. 2019, §3.1).

    Args:
        probs: (batch, head, query, key) attention probabilities of at least two positions.

    Returns:
        (batch, head) between 0 and 1, the mean over the queries but the last.
    """
    return probs.diagonal(offset=1, dim1=-2, dim2=-1).mean(dim=-1)


def attention_of(probs: Tensor, queries: Collection[int]) -> Tensor:
    """Where some positions look together: their rows of attention summed, and divided by their number.

    Args:
        probs: (batch, head, query, key) attention probabilities; each row sums to 1.
        queries: the positions that look, at least one, each at most once.

    Returns:
        (batch, head, key) again shares that sum to 1.
    """
    return probs[..., sorted(queries), :].mean(dim=-2)


def head_with_most(shares: Sequence[Tensor]) -> HeadShare:
    """The head whose share is largest.

    Args:
        shares: per layer (batch, head); the first of the batch counts.
    """
    table = torch.stack([share[0] for share in shares])
    layer, head = divmod(int(table.argmax()), table.shape[1])
    return HeadShare(layer, head, float(table[layer, head]))


def special_positions(encoding: Encoding) -> tuple[int, ...]:
    """Where [CLS] and [SEP] stand; a reader cannot type them."""
    return tuple(position for position, token in enumerate(encoding.tokens) if token in (CLS, SEP))


def summarise(probs: Tensor, head: int, encoding: Encoding) -> HeadSummary:
    """Measure one head on one sentence.

    Args:
        probs: (batch, head, query, key) attention probabilities of the head's layer; the first of the batch counts.
        head: which, from 0.
        encoding: of the sentence.
    """
    special = special_positions(encoding)
    one = probs[:1, head : head + 1]
    return HeadSummary(
        entropy=float(entropy(one).mean()) / math.log(2),
        most_entropy=math.log2(probs.shape[-1]),
        special_share=float(share_on(one, special)),
        previous_share=float(share_on_previous(one)),
        next_share=float(share_on_next(one)),
        strongest=strongest_link(probs, head, special),
    )


def strongest_link(probs: Tensor, head: int, special: Collection[int]) -> Link:
    """Where one word looks most at another; where the sentence has no two words, the strongest link there is.

    Args:
        probs: (batch, head, query, key) attention probabilities; the first of the batch counts.
        head: which, from 0.
        special: positions of [CLS] and [SEP], which are no words.
    """
    one = probs[0, head]
    hidden = torch.eye(len(one), dtype=torch.bool)
    hidden[list(special)] = True
    hidden[:, list(special)] = True
    if bool(hidden.all()):
        hidden = torch.zeros_like(hidden)
    query, key = divmod(int(one.masked_fill(hidden, -1.0).argmax()), len(one))
    return Link(query, key, float(one[query, key]))


def explain_probability(attention: AttentionTrace, head: int, query: int, key: int) -> ProbabilityInFull:
    """Take one attention probability apart (Vaswani et al. 2017, §3.2.1, eq. 1).

    Args:
        attention: a layer's, with its map; the first of the batch counts.
        head, query, key: which probability, from 0.

    Raises:
        ValueError: the attention was computed without a map.
    """
    if attention.map is None:
        raise ValueError("attention: it has no map; ask for a trace")
    query_vector, key_vector = attention.query[0, head, query], attention.key[0, head, key]
    return ProbabilityInFull(
        dot_product=float(query_vector @ key_vector),
        head_dim=query_vector.shape[-1],
        scores=tuple(attention.map.scores[0, head, query].tolist()),
        key=key,
        probability=float(attention.map.probs[0, head, query, key]),
    )
