"""Square heat maps on a scale from 0 to 1: the attention of one head, and how differently each two heads look."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.labels import labels, numbered, plain, token_colours, width
from figures.look import QUARTERS, axis_title, cell_axis, dress
from figures.theme import Theme

_TITLE = 34  # pixels of an axis title
_SCALE = 76  # pixels of the colour scale below the cells


@dataclass(frozen=True)
class _Size:
    """How large the cells are, and from when on they touch."""

    smallest: int  # pixels, height of a row
    largest: int
    tallest: int  # pixels of all rows together, before they become lower
    many: int  # rows, from which on cells touch and not every column has room for its label
    font: int  # pixels of a label, where there is room


_OF_TOKENS = _Size(smallest=13, largest=40, tallest=620, many=32, font=16)
_OF_HEADS = _Size(smallest=5, largest=34, tallest=720, many=36, font=14)


@dataclass(frozen=True)
class HeatmapText:
    """The words on the heat map of attention, in the reader's language."""

    query: str  # title of the rows
    key: str  # title of the columns
    probability: str  # title of the colour scale


@dataclass(frozen=True)
class LikenessText:
    """The words on the heat map of heads, in the reader's language."""

    head: str  # title of both axes
    divergence: str  # title of the colour scale


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

    There is a row for each position that looks, and a column for each that is looked at.

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
    figure = _square(
        probs,
        numbered(tokens),
        theme=theme,
        colours=theme.sequential,
        hover=f"{text.query}: %{{y}}<br>{text.key}: %{{x}}<br>{text.probability}: <b>%{{z:.4f}}</b><extra></extra>",
        scale=text.probability,
        titles={"x": (text.key, theme.key), "y": (text.query, theme.query)},
        widest=max(map(width, tokens)),
        size=_OF_TOKENS,
        written=labels(tokens, token_colours(theme, special, masked)),
    )
    if picked is not None:
        _frame(figure, picked, theme)
    return figure


def likeness_heatmap(
    divergences: NDArray[np.float32], names: Sequence[str], *, theme: Theme, text: LikenessText
) -> go.Figure:
    """Draw how differently each two heads look, on a scale that is always 0 to 1 bit; dark means alike.

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
    return _square(
        divergences,
        [plain(name) for name in names],
        theme=theme,
        colours=tuple(reversed(theme.sequential)),
        hover="%{y} – %{x}: <b>%{z:.4f}</b><extra></extra>",
        scale=text.divergence,
        titles=dict.fromkeys(("x", "y"), (text.head, theme.muted_text)),
        widest=max(map(width, names)),
        size=_OF_HEADS,
        every_row=False,
    )


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


def _square(
    values: NDArray[np.float32],
    names: Sequence[str],
    *,
    theme: Theme,
    colours: Sequence[str],
    hover: str,
    scale: str,
    titles: Mapping[str, tuple[str, str]],
    widest: float,
    size: _Size,
    written: Sequence[str] | None = None,
    every_row: bool = True,
) -> go.Figure:
    """Draw a square of numbers between 0 and 1.

    Args:
        values: (row, column).
        names: of the rows and of the columns, each different.
        theme: the variant of the palette.
        colours: from 0 to 1.
        hover: what the pointer reads, as plotly's template.
        scale: title of the colour scale.
        titles: for the axes "x" and "y", title and colour.
        widest: the width of the longest label, in characters.
        size: of the cells.
        written: the labels of the rows and columns, names if None.
        every_row: whether each row has its label even where not every column has.

    Returns:
        A figure whose z are the numbers given, in float32.

    Raises:
        ValueError: names and values are not of the same length.
    """
    count = len(names)
    if values.shape != (count, count):
        raise ValueError(f"{count} names do not fit values of shape {values.shape}")
    cell = max(size.smallest, min(size.largest, size.tallest // count))
    font = max(10, min(size.font, cell - 3))
    longest = font * widest
    gap = 1 if count <= size.many else 0
    title = axis_title(scale, theme)
    figure = go.Figure(
        go.Heatmap(
            z=np.asarray(values, dtype=np.float32),
            x=list(names),
            y=list(names),
            zmin=0.0,
            zmax=1.0,
            colorscale=[(step / (len(colours) - 1), colour) for step, colour in enumerate(colours)],
            xgap=gap,
            ygap=gap,
            hovertemplate=hover,
            colorbar={
                "title": {"text": title["text"], "side": "top", "font": title["font"]},
                "orientation": "h",
                "thickness": 12,
                "len": 0.7,
                "y": 0,
                "yanchor": "top",
                "outlinewidth": 0,
                **QUARTERS,
            },
        )
    )
    said = list(written or names)
    sparse = slice(None, None, math.ceil(count / size.many))
    for axis, ticks in (("x", sparse), ("y", slice(None) if every_row else sparse)):
        text, colour = titles[axis]
        drawn = cell_axis(
            type="category",  # "1 ." or "1.2" would be taken for a number
            tickvals=list(names)[ticks],
            ticktext=said[ticks],
            tickfont={"size": font},
            automargin=False,
            ticklabelstandoff=5,
            title={"text": text, "font": {"color": colour, "size": 15}, "standoff": longest},
        )
        figure.update_layout({f"{axis}axis": drawn})
    figure.update_xaxes(side="top", tickangle=-90)
    figure.update_yaxes(autorange="reversed")
    dress(
        figure,
        theme,
        height=count * cell + longest + _TITLE + _SCALE,
        margin={"l": longest + _TITLE, "r": 12, "t": longest + _TITLE, "b": _SCALE},
    )
    figure.update_layout(plot_bgcolor=theme.border)
    return figure
