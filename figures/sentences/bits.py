"""How much each word surprises, as bars in bits; and where two sentences differ, as bars to both sides of 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import column_of_text, label_rows
from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

_ROW = 30  # pixels of one word
_AXIS = 52  # pixels below the bars
_FONT = 17  # pixels of a word
_AT_LEAST = 8.0  # bits on the scale, so that a sentence of small surprises looks like one


@dataclass(frozen=True)
class BitsText:
    """The words on the figure, in the reader's language."""

    bits: str  # title of the scale


def bit_bars(
    tokens: Sequence[str], bits: Sequence[float], *, theme: Theme, text: BitsText, picked: int | None = None
) -> go.Figure:
    """Draw a sentence from top to bottom, a bar for each word; what is impossible gets ∞ and a bar without end.

    Args:
        tokens: the words or pieces, in the order of the sentence.
        bits: their surprise, 0 or more; may be infinite.
        theme: the variant of the palette.
        text: title of the scale.
        picked: index of the one that is asked about.

    Raises:
        ValueError: tokens and bits are not of the same length.
    """
    if len(tokens) != len(bits):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(bits)} numbers of bits")
    end = 1.12 * max([_AT_LEAST, *(each for each in bits if math.isfinite(each))])
    names = [f"{place + 1} {plain(token)}" for place, token in enumerate(tokens)]
    figure = go.Figure(
        go.Bar(
            x=[each if math.isfinite(each) else end for each in bits],
            y=names,
            orientation="h",
            marker={
                "color": [theme.accent if math.isfinite(each) else theme.masked for each in bits],
                "opacity": [1.0 if picked in (None, place) else 0.55 for place in range(len(tokens))],
                "pattern": {"shape": ["" if math.isfinite(each) else "/" for each in bits]},
                "line": {"width": 0},
            },
            text=[in_bits(each) for each in bits],
            textposition="outside",
            textfont={"size": 15, "color": theme.text},
            cliponaxis=False,
            hovertemplate="%{y}: <b>%{text}</b><extra></extra>",
        )
    )
    label_rows(figure, names, list(map(plain, tokens)))
    figure.update_xaxes(
        range=[0, end], gridcolor=theme.border, zeroline=False, fixedrange=True, title=axis_title(text.bits, theme)
    )
    margin = {"l": 12 + _FONT * max(map(width, tokens), default=0), "r": 56, "t": 0, "b": _AXIS}
    dress(figure, theme, height=len(tokens) * _ROW + _AXIS, margin=margin)
    figure.update_layout(bargap=0.28)
    return figure


@dataclass(frozen=True)
class DifferenceText:
    """The words on the figure, in the reader's language."""

    bits: str  # title of the scale
    first: str  # name of the sentence that bars to the right speak for
    second: str  # and of the one that those to the left do


def difference_bars(
    labels: Sequence[str], differences: Sequence[float], *, theme: Theme, text: DifferenceText
) -> go.Figure:
    """Draw for each place of two sentences how many bits more the second costs there.

    Args:
        labels: what stands there.
        differences: bits of the second minus bits of the first; to the right the first is the more probable.
        theme: the variant of the palette.
        text: title of the scale, and the names of the sentences.

    Raises:
        ValueError: labels and differences are not of the same length.
    """
    if len(labels) != len(differences):
        raise ValueError(f"{len(labels)} labels do not fit {len(differences)} differences")
    names = [f"{place + 1} {plain(label)}" for place, label in enumerate(labels)]
    end = 1.05 * max([1.0, *map(abs, differences)])
    first, second = theme.segments
    figure = go.Figure(
        go.Bar(
            x=list(differences),
            y=names,
            orientation="h",
            marker={"color": [first if each >= 0 else second for each in differences], "line": {"width": 0}},
            hovertemplate="%{y}: <b>%{x:.4f}</b><extra></extra>",
        )
    )
    figure.add_trace(column_of_text([signed(each) for each in differences], names, x=end, theme=theme))
    label_rows(figure, names, list(map(plain, labels)))
    figure.update_xaxes(
        range=[-end, end],
        gridcolor=theme.border,
        zerolinecolor=theme.muted_text,
        zerolinewidth=2,
        fixedrange=True,
        title=axis_title(text.bits, theme),
    )
    margin = {"l": 12 + _FONT * max(map(width, labels), default=0), "r": 72, "t": 30, "b": _AXIS}
    # From edge to edge of the figure: between the axes of a phone the two names would cover each other.
    for name, place, shift, colour, anchor in (
        (text.second, 0, -margin["l"], second, "left"),
        (text.first, 1, margin["r"], first, "right"),
    ):
        figure.add_annotation(
            text=plain(name),
            xref="paper",
            yref="paper",
            x=place,
            y=1,
            xshift=shift,
            yshift=22,
            xanchor=anchor,
            showarrow=False,
            font={"color": colour, "size": 14},
        )
    dress(figure, theme, height=len(labels) * _ROW + _AXIS + 30, margin=margin)
    figure.update_layout(bargap=0.28)
    return figure


def in_bits(bits: float) -> str:
    """A surprise as it is written beside a bar."""
    return f"{bits:.2f}" if math.isfinite(bits) else "∞"


def signed(bits: float) -> str:
    """A difference as it is written beside a bar: with its sign, a true minus, and none where it rounds to 0."""
    return f"{bits:+.2f}".replace("-", "−") if abs(bits) >= 0.005 else "0.00"
