"""How many times as probable something is here as there: bars to both sides of nought, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import bar_trace, rows_of_bars, written
from figures.labels import numbered, width
from figures.look import two_sided_axis
from figures.theme import Theme

_ROW = 30  # pixels of one bar
_FONT, _LABEL = 16, 14  # pixels of a word, and of what stands behind a bar
_HALF = 110  # pixels from nought to either end, at least: on a phone


@dataclass(frozen=True)
class RatioBarsText:
    """The words on the bars, in the reader's language."""

    ratio: str  # title of the scale


def ratio_bars(tokens: Sequence[str], log_ratios: Sequence[float], *, theme: Theme, text: RatioBarsText) -> go.Figure:
    """Draw the ratios from top to bottom as they are given; each is labelled with its factor.

    Args:
        tokens: what is compared; equal tokens stay apart.
        log_ratios: ln of the ratio, in nats: to the right above 0, to the left below.
        theme: the variant of the palette; the two sides have the colours of the first and the second sentence.
        text: title of the scale.

    Raises:
        ValueError: tokens and log_ratios are not of the same length.
    """
    if len(tokens) != len(log_ratios):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(log_ratios)} log_ratios")
    said = list(map(factor, log_ratios))
    room = 6 + _LABEL * max(map(width, said), default=0)
    bound = max([abs(ratio) for ratio in log_ratios] + [0.5]) / (1 - room / _HALF)
    names = numbered(tokens)
    colours = [theme.segments[int(ratio < 0)] for ratio in log_ratios]
    return rows_of_bars(
        [bar_trace(names, log_ratios, colours, ends=written(said, size=_LABEL, colour=theme.text))],
        tokens,
        theme=theme,
        scale=two_sided_axis(text.ratio, bound, theme, nticks=6, automargin=False),
        row=_ROW,
        right=8,
        gap=0.25,
        font=_FONT,
    )


def factor(log_ratio: float) -> str:
    """How many times as probable: ×12 for a log ratio of ±2.5."""
    times = math.exp(min(abs(log_ratio), 300.0))
    return f"×{times:,.0f}" if times >= 9.95 else f"×{times:.1f}"
