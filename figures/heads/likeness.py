"""How differently each two heads look, as a heat map in which dark means alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.heads.square import SquareSize, square_heatmap
from figures.labels import plain, width
from figures.theme import Theme

_SIZE = SquareSize(smallest=5, largest=34, tallest=720, many=36, font=14)


@dataclass(frozen=True)
class LikenessText:
    """The words on the figure, in the reader's language."""

    head: str  # title of both axes
    divergence: str  # title of the colour scale


def likeness_heatmap(
    divergences: NDArray[np.float32], names: Sequence[str], *, theme: Theme, text: LikenessText
) -> go.Figure:
    """Draw divergences on a scale that is always 0 to 1 bit.

    Args:
        divergences: (head, head) in bits, symmetric; in the order in which they are drawn.
        names: of the heads, each different.
        theme: the variant of the palette.
        text: titles of the axes and the scale.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: names and divergences are not of the same length.
    """
    return square_heatmap(
        divergences,
        [plain(name) for name in names],
        theme=theme,
        colours=tuple(reversed(theme.sequential)),
        hover="%{y} – %{x}: <b>%{z:.4f}</b><extra></extra>",
        scale=text.divergence,
        titles=dict.fromkeys(("x", "y"), (text.head, theme.muted_text)),
        widest=max(map(width, names)),
        size=_SIZE,
        every_row=False,
    )
