"""The attention of one head as a heat map: a row for each position that looks, a column for each looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.heads.square import SquareSize, square_heatmap
from figures.labels import coloured, plain, width
from figures.theme import Theme

_SIZE = SquareSize(smallest=13, largest=40, tallest=620, many=32, font=16)


@dataclass(frozen=True)
class HeatmapText:
    """The words on the heat map, in the reader's language."""

    query: str  # title of the rows
    key: str  # title of the columns
    probability: str  # title of the colour scale


def attention_heatmap(
    probs: NDArray[np.float32],
    tokens: Sequence[str],
    *,
    theme: Theme,
    text: HeatmapText,
    special: Collection[int] = (),
    masked: Collection[int] = (),
    picked: tuple[int, int] | None = None,
) -> go.Figure:
    """Draw attention on a scale that is always 0 to 1, so that heads can be compared.

    Args:
        probs: (query, key) attention probabilities; each row sums to 1.
        tokens: one label per position; equal tokens stay apart.
        theme: the variant of the palette.
        text: titles of the axes and the scale.
        special: positions of [CLS] and [SEP], written in their colour.
        masked: positions of masked words, written in their colour.
        picked: a (query, key) cell to be framed.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: tokens and probs are not of the same length.
    """
    if probs.shape != (len(tokens), len(tokens)):
        raise ValueError(f"{len(tokens)} tokens do not fit probs of shape {probs.shape}")
    figure = square_heatmap(
        probs,
        [f"{position + 1} {plain(token)}" for position, token in enumerate(tokens)],
        theme=theme,
        colours=theme.sequential,
        hover=f"{text.query}: %{{y}}<br>{text.key}: %{{x}}<br>{text.probability}: <b>%{{z:.4f}}</b><extra></extra>",
        scale=text.probability,
        titles={"x": (text.key, theme.key), "y": (text.query, theme.query)},
        widest=max(map(width, tokens)),
        size=_SIZE,
        labels=[_label(token, position, special, masked, theme) for position, token in enumerate(tokens)],
    )
    if picked is not None:
        _frame(figure, picked, theme)
    return figure


def _label(token: str, position: int, special: Collection[int], masked: Collection[int], theme: Theme) -> str:
    """The token as a tick label, in the colour of what it is."""
    if position in masked:
        return coloured(token, theme.masked)
    if position in special:
        return coloured(token, theme.special)
    return plain(token)


def _frame(figure: go.Figure, picked: tuple[int, int], theme: Theme) -> None:
    """Frame one cell so that it is seen on every shade: a light line on a dark one, or the other way round."""
    query, key = picked
    for colour, thickness in ((theme.text, 5), (theme.background, 2)):
        figure.add_shape(
            type="rect",
            x0=key - 0.5,
            x1=key + 0.5,
            y0=query - 0.5,
            y1=query + 0.5,
            line={"color": colour, "width": thickness},
        )
