"""Two answers against each other: each piece a point, by its probability in the one and in the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.bars import fine_percent
from figures.labels import plain, width
from figures.look import dress, scale_axis
from figures.placement import Room, annotation, place_labels
from figures.theme import Theme

_HEIGHT = 530  # pixels
_MARGIN = {"l": 70, "r": 22, "t": 56, "b": 56, "autoexpand": False}  # the legend has two lines on a phone
_ROOM = Room(narrowest=260, widest=730, height=_HEIGHT - _MARGIN["t"] - _MARGIN["b"])  # from a phone to a projector
_FONT, _MARKER, _PICKED = 15, 11, 17  # pixels of a word, of a point, and of the point that is picked
_EDGE = 0.06  # of the span, left free around the points


@dataclass(frozen=True)
class ContrastText:
    """The words on the figure, in the reader's language."""

    axes: tuple[str, str]  # titles: the probability in the first and in the second
    more_in: tuple[str, str]  # what the points below and above the diagonal are
    ratio: str  # with a field {ratio}: how many times as probable a piece is in the one as in the other


def contrast_scatter(
    tokens: Sequence[str],
    log_probs: NDArray[np.float64],
    *,
    theme: Theme,
    text: ContrastText,
    picked: int | None = None,
) -> go.Figure:
    """Draw the pieces on two logarithmic axes of one scale; on the diagonal both answers agree.

    Args:
        tokens: of the pieces; those that come first have the first choice of room for their label. A click tells the
            index.
        log_probs: (piece, 2) ln p in the first and in the second answer.
        theme: the variant of the palette.
        text: titles and names.
        picked: index of the piece that is looked at.

    Raises:
        ValueError: tokens and log_probs do not fit.
    """
    if log_probs.shape != (len(tokens), 2):
        raise ValueError(f"{len(tokens)} tokens do not fit log_probs of shape {log_probs.shape}")
    decades = log_probs / math.log(10)
    low, high = _span(decades)
    axes = [_axis(low, high, title, theme) for title in text.axes]
    diagonal = {"type": "line", "x0": low, "y0": low, "x1": high, "y1": high}
    figure = go.Figure(
        [_points(side, tokens, log_probs, theme=theme, text=text, picked=picked) for side in (0, 1)],
        {
            "xaxis": axes[0],
            "yaxis": axes[1],
            "shapes": [{**diagonal, "line": {"color": theme.muted_text, "width": 1, "dash": "dot"}}],
            "annotations": _labels(tokens, decades, (decades - low) / (high - low), theme=theme, picked=picked),
            "legend": {"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "itemclick": False},
            "hovermode": "closest",
            "dragmode": False,
            "clickmode": "event+select",
        },
    )
    dress(figure, theme, height=_HEIGHT, margin=_MARGIN)
    figure.layout.showlegend = True
    return figure


def _points(
    side: int,
    tokens: Sequence[str],
    log_probs: NDArray[np.float64],
    *,
    theme: Theme,
    text: ContrastText,
    picked: int | None,
) -> dict[str, object]:
    """The pieces that are more probable in the first answer (side 0, and what is on the diagonal) or in the second."""
    members = [place for place, (x, y) in enumerate(log_probs) if (y > x) == (side == 1)]
    return {
        "type": "scatter",
        "x": log_probs[members, 0] / math.log(10),
        "y": log_probs[members, 1] / math.log(10),
        "mode": "markers",
        "name": text.more_in[side],
        "marker": {
            "size": [_PICKED if place == picked else _MARKER for place in members],
            "color": theme.segments[side],
            "opacity": 1,
            "symbol": ("circle", "diamond")[side],
            "line": {"width": [3 if place == picked else 0 for place in members], "color": theme.text},
        },
        "unselected": {"marker": {"opacity": 1}},
        "customdata": [[place] for place in members],
        "hovertext": [_hover(tokens[place], log_probs[place], text) for place in members],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _axis(low: float, high: float, title: str, theme: Theme) -> dict[str, object]:
    """One of the two, which are alike."""
    ticks = _ticks(low, high)
    return scale_axis(
        title,
        theme,
        range=[low, high],
        tickvals=[math.log10(tick) for tick in ticks],
        ticktext=[fine_percent(tick) for tick in ticks],
        automargin=False,
    )


def _span(decades: NDArray[np.float64]) -> tuple[float, float]:
    """Ends of both axes: all points, and at least one power of ten."""
    low, high = float(decades.min(initial=0.0)), float(decades.max(initial=-300.0))
    high = max(high, low + 1)
    edge = _EDGE * (high - low)
    return low - edge, high + edge


def _ticks(low: float, high: float) -> list[float]:
    """Round probabilities on an axis; the wider it is, the fewer of each power of ten."""
    steps = (1, 2, 5) if high - low < 2.5 else (1,)
    every = max(1, round((high - low) / 6))
    powers = range(math.floor(low), 1)
    found = [step * 10.0**power for power in powers if power % every == 0 for step in steps]
    return [tick for tick in found if low <= math.log10(tick) <= high and tick <= 1]


def _hover(token: str, log_probs: NDArray[np.float64], text: ContrastText) -> str:
    """What stands in the box under the pointer."""
    first, second = log_probs.tolist()
    ratio = text.ratio.format(ratio=f"{math.exp(abs(first - second)):,.3g}")
    return "<br>".join(
        [
            f"<b>{plain(token)}</b>",
            f"1: {fine_percent(math.exp(first))}",
            f"2: {fine_percent(math.exp(second))}",
            f"{text.more_in[int(second > first)]}: {ratio}",
        ]
    )


def _labels(
    tokens: Sequence[str],
    decades: NDArray[np.float64],
    shares: NDArray[np.float64],
    *,
    theme: Theme,
    picked: int | None,
) -> list[dict[str, object]]:
    """The words of the points, as far as there is room; the colour of each says on which side it lies."""
    sizes = np.array([[_FONT * width(token) + 4, _FONT + 5] for token in tokens], dtype=np.float64).reshape(-1, 2)
    markers = [_PICKED if place == picked else _MARKER for place in range(len(tokens))]
    return [
        annotation(
            offset,
            decades[place].tolist(),
            f"<b>{plain(tokens[place])}</b>" if place == picked else plain(tokens[place]),
            size=_FONT,
            colour=theme.segments[int(decades[place, 1] > decades[place, 0])],
            line=theme.muted_text,
        )
        for place, offset in enumerate(place_labels(shares, sizes, markers, _ROOM))
        if offset is not None
    ]
