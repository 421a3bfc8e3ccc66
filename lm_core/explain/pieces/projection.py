"""The map of embeddings: which words are near each other, and how much of that a flat picture can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from lm_core.explain.pieces.wordpiece import CONTINUES


@dataclass(frozen=True, eq=False)
class Projection:
    """Vectors seen from the side on which they differ most."""

    points: Tensor  # (point, axis) where each vector lies; the mean of all lies at 0
    explained: Tensor  # (axis,) share of the variance that each axis shows, 0 to 1


@dataclass(frozen=True)
class Neighbour:
    """A piece near another."""

    token_id: int
    cosine: float  # between -1 and 1


def principal_components(vectors: Tensor, axes: int = 2) -> Projection:
    """Project onto the directions of the largest variance: PCA by singular values (Jolliffe 2002, §3.5).

    Args:
        vectors: (point, hidden) at least one.
        axes: how many directions; where the vectors have fewer, the rest of the coordinates are 0.

    Returns:
        The points. The sign of an axis, which PCA leaves open, is fixed: the point farthest from 0 lies on the
        positive side.
    """
    centred = vectors.double() - vectors.double().mean(dim=0)
    left, singular, _ = torch.linalg.svd(centred, full_matrices=False)
    scores = F.pad(left * singular, (0, max(0, axes - len(singular))))[:, :axes]
    farthest = scores.gather(0, scores.abs().argmax(dim=0, keepdim=True))
    variances = F.pad(singular**2, (0, max(0, axes - len(singular))))
    explained = variances[:axes] / variances.sum().clamp_min(torch.finfo(torch.float64).tiny)
    return Projection((scores * torch.where(farthest < 0, -1.0, 1.0)).float(), explained.float())


def whole_words(vocabulary: Mapping[str, int]) -> list[int]:
    """Ids of the pieces that can be a word of their own: letters only, and more than a single Latin one."""
    return sorted(
        token_id
        for token, token_id in vocabulary.items()
        if token.isalpha() and not token.startswith(CONTINUES) and not (len(token) == 1 and token.isascii())
    )


def nearest_neighbours(
    embeddings: Tensor, token_ids: Sequence[int], among: Sequence[int], count: int
) -> dict[int, list[Neighbour]]:
    """The pieces whose embeddings point most nearly the same way, in the full space.

    Args:
        embeddings: (vocab, hidden).
        token_ids: of the pieces whose neighbours are asked for; none is a neighbour of itself.
        among: ids of those that may be neighbours.
        count: how many for each, at most.

    Returns:
        For each of token_ids its neighbours, the nearest first.
    """
    others, asked = torch.tensor(among, dtype=torch.long), torch.tensor(token_ids)
    cosines = F.normalize(embeddings[asked], dim=-1) @ F.normalize(embeddings[others], dim=-1).T
    best = cosines.masked_fill(asked[:, None] == others, -torch.inf).topk(min(count, len(others) - 1))
    return {
        token_id: [Neighbour(among[index], cosine) for cosine, index in zip(values, indices, strict=True)]
        for token_id, values, indices in zip(token_ids, best.values.tolist(), best.indices.tolist(), strict=True)
    }


def cosines(embeddings: Tensor, token_id: int, others: Sequence[int]) -> list[float]:
    """How alike the embedding of a piece is to those of others.

    Args:
        embeddings: (vocab, hidden).
        token_id: of the piece.
        others: ids of the others.

    Returns:
        A cosine for each of the others, between -1 and 1.
    """
    alike: list[float] = F.cosine_similarity(embeddings[token_id][None], embeddings[list(others)], dim=-1).tolist()
    return alike


def kept_neighbours(vectors: Tensor, points: Tensor, count: int) -> float:
    """How true a map is: the share of each point's nearest neighbours that are nearest on the map, too.

    Args:
        vectors: (point, hidden) in the full space.
        points: (point, axis) the same on the map.
        count: neighbours of each point that are compared, below the number of points.

    Returns:
        Between 0 and 1, the mean over the points.

    Raises:
        ValueError: count is not between 1 and the number of the other points.
    """
    if not 1 <= count < len(vectors):
        raise ValueError(f"count must be between 1 and {len(vectors) - 1}, not {count}")
    true, shown = _nearest(vectors, count), _nearest(points, count)
    return float((true[:, :, None] == shown[:, None, :]).any(dim=-1).float().mean())


def _nearest(points: Tensor, count: int) -> Tensor:
    """(point, axis) → (point, neighbour) indices of the nearest others"""
    distances = torch.cdist(points.double(), points.double(), compute_mode="donot_use_mm_for_euclid_dist")
    return distances.fill_diagonal_(torch.inf).topk(count, largest=False).indices
