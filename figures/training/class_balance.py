"""How many examples each label has: a bar for those that are learned from, and behind it those that are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import label_rows
from figures.labels import plain, width
from figures.look import axis_title, dress
from figures.theme import Theme

_ROW = 40  # pixels of one label
_LEGEND = 32  # pixels above them
_AXIS = 52  # pixels below the bars
_FONT = 17  # pixels of a label
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
    names = [f"{place + 1} {plain(label)}" for place, label in enumerate(labels)]
    counts = [f"{learned} + {held}" for learned, held in zip(train, held_out, strict=True)]
    pale = theme.sequential[3]
    parts = ((text.train, train, theme.accent, [""] * len(names)), (text.held_out, held_out, pale, counts))
    figure = go.Figure(
        [
            go.Bar(
                name=part,
                x=list(values),
                y=names,
                orientation="h",
                marker={"color": colour, "line": {"width": 0}},
                text=told,
                textposition="outside",
                textfont={"size": _COUNT, "color": theme.text},
                cliponaxis=False,
                hovertemplate=f"%{{y}}: <b>%{{x}}</b> {part}<extra></extra>",
            )
            for part, values, colour, told in parts
        ]
    )
    label_rows(figure, names, list(map(plain, labels)))
    largest = max(learned + held for learned, held in zip(train, held_out, strict=True))
    figure.update_xaxes(
        range=[0, largest],
        gridcolor=theme.border,
        zeroline=False,
        fixedrange=True,
        automargin=False,
        title=axis_title(text.examples, theme),
        nticks=6,
    )
    left = 12 + _FONT * max(map(width, labels))
    right = 20 + _COUNT * max(map(width, counts))
    height = _LEGEND + len(names) * _ROW + _AXIS
    dress(figure, theme, height=height, margin={"l": left, "r": right, "t": _LEGEND, "b": _AXIS})
    figure.update_layout(
        barmode="stack",
        bargap=0.3,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": _COUNT},
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    return figure
