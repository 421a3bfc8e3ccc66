"""How much each word surprises, as bars in bits; and where two sentences differ, as bars to both sides of 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import bar_trace, column_of_text, rows_of_bars, written
from figures.labels import numbered, plain
from figures.look import scale_axis, two_sided_axis
from figures.theme import Theme

_ROW = 30  # pixels of one word
_ABOVE = 30  # pixels for the names of two sentences
_GAP = 0.28  # between two words
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
    names = numbered(tokens)
    bars = bar_trace(
        names,
        [each if math.isfinite(each) else end for each in bits],
        [theme.accent if math.isfinite(each) else theme.masked for each in bits],
        hover="%{y}: <b>%{text}</b><extra></extra>",
        marker={
            "opacity": [1.0 if picked in (None, place) else 0.55 for place in range(len(tokens))],
            "pattern": {"shape": ["" if math.isfinite(each) else "/" for each in bits]},
        },
        ends=written(list(map(in_bits, bits)), size=15, colour=theme.text),
    )
    scale = scale_axis(text.bits, theme, range=[0, end])
    return rows_of_bars([bars], tokens, theme=theme, scale=scale, row=_ROW, right=56, gap=_GAP)


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
    names = numbered(labels)
    end = 1.05 * max([1.0, *map(abs, differences)])
    first, second = theme.segments
    bars = bar_trace(names, differences, [first if each >= 0 else second for each in differences])
    figure = rows_of_bars(
        [bars, column_of_text(list(map(signed, differences)), names, x=end, theme=theme)],
        labels,
        theme=theme,
        scale=two_sided_axis(text.bits, end, theme, zerolinewidth=2),
        row=_ROW,
        right=72,
        gap=_GAP,
        above=_ABOVE,
    )
    margin = figure.layout.margin
    # From edge to edge of the figure: between the axes of a phone the two names would cover each other.
    for name, place, shift, colour, anchor in (
        (text.second, 0, -margin.l, second, "left"),
        (text.first, 1, margin.r, first, "right"),
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
    return figure


def in_bits(bits: float) -> str:
    """A surprise as it is written beside a bar."""
    return f"{bits:.2f}" if math.isfinite(bits) else "∞"


def signed(bits: float) -> str:
    """A difference as it is written beside a bar: with its sign, a true minus, and none where it rounds to 0."""
    return f"{bits:+.2f}".replace("-", "−") if abs(bits) >= 0.005 else "0.00"
