"""How many times as probable something is here as there: bars to both sides of nought, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

_ROW = 30  # pixels of one bar
_AXIS = 52  # pixels below the bars
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
    names = [f"{place + 1} {plain(token)}" for place, token in enumerate(tokens)]
    said = 6 + _LABEL * max((width(factor(ratio)) for ratio in log_ratios), default=0)
    bound = max([abs(ratio) for ratio in log_ratios] + [0.5]) / (1 - said / _HALF)
    bars = {
        "type": "bar",
        "x": list(log_ratios),
        "y": names,
        "orientation": "h",
        "marker": {"color": [theme.segments[int(ratio < 0)] for ratio in log_ratios], "line": {"width": 0}},
        "text": [factor(ratio) for ratio in log_ratios],
        "textposition": "outside",
        "textfont": {"size": _LABEL, "color": theme.text},
        "cliponaxis": False,
        "hovertemplate": "%{y}: <b>%{x:.4f}</b><extra></extra>",
    }
    rows = {
        "type": "category",  # "1 ." would be taken for the number 1
        "tickvals": names,
        "ticktext": [plain(token) for token in tokens],
        "tickfont": {"size": _FONT},
        "autorange": "reversed",
        "ticks": "",
        "fixedrange": True,
        "ticklabelstandoff": 6,
        "automargin": False,
    }
    scale = {
        "range": [-bound, bound],
        "nticks": 6,
        "gridcolor": theme.border,
        "zerolinecolor": theme.muted_text,
        "fixedrange": True,
        "automargin": False,
        "title": axis_title(text.ratio, theme),
    }
    figure = go.Figure([bars], {"xaxis": scale, "yaxis": rows, "bargap": 0.25})
    margin = 12 + _FONT * max(map(width, tokens), default=0)
    dress(figure, theme, height=len(tokens) * _ROW + _AXIS, margin={"l": margin, "r": 8, "t": 0, "b": _AXIS})
    return figure


def factor(log_ratio: float) -> str:
    """How many times as probable: ×12 for a log ratio of ±2.5."""
    times = math.exp(min(abs(log_ratio), 300.0))
    return f"×{times:,.0f}" if times >= 9.95 else f"×{times:.1f}"
