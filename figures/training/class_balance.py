"""How many examples each label has: a bar for those that are learned from, and behind it those that are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import bar_trace, rows_of_bars, written
from figures.labels import numbered, width
from figures.look import LEGEND_ABOVE, scale_axis
from figures.theme import Theme

_ROW = 40  # pixels of one label
_LEGEND = 32  # pixels above them
_COUNT = 15  # pixels of what stands behind a bar


@dataclass(frozen=True)
class ClassBalanceText:
    """The words on the figure, in the reader's language."""

    examples: str  # title of the scale
    train: str  # what the first part of a bar is
    held_out: str  # what the second part is


def class_balance(
    labels: Sequence[str], train: Sequence[int], held_out: Sequence[int], *, theme: Theme, text: ClassBalanceText
) -> go.Figure:
    """Draw the labels from top to bottom as they are given.

    Args:
        labels: their names, all different; text from outside.
        train, held_out: (label,) how many examples are learned from, and how many are held out.
        theme: the variant of the palette.
        text: the words.
    """
    names = numbered(labels)
    counts = [f"{learned} + {held}" for learned, held in zip(train, held_out, strict=True)]
    pale = theme.sequential[3]
    parts = ((text.train, train, theme.accent, [""] * len(names)), (text.held_out, held_out, pale, counts))
    bars = [
        bar_trace(
            names,
            values,
            colour,
            hover=f"%{{y}}: <b>%{{x}}</b> {part}<extra></extra>",
            name=part,
            ends=written(told, size=_COUNT, colour=theme.text),
        )
        for part, values, colour, told in parts
    ]
    largest = max(learned + held for learned, held in zip(train, held_out, strict=True))
    return rows_of_bars(
        bars,
        labels,
        theme=theme,
        scale=scale_axis(text.examples, theme, range=[0, largest], automargin=False, nticks=6),
        row=_ROW,
        right=20 + _COUNT * max(map(width, counts)),
        gap=0.3,
        above=_LEGEND,
        barmode="stack",
        showlegend=True,
        legend={**LEGEND_ABOVE, "traceorder": "normal"},
    )
