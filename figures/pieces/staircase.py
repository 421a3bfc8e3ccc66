"""The search for the pieces of a word as a staircase: a row for each candidate, a column for each letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from figures.labels import coloured, one_line, width
from figures.look import cell_axis, dress, row_axis
from figures.theme import Theme

MOST_TRIES = 60  # rows; of more, the table has all
_ROW = 28  # pixels of one try
_LETTERED = ((14, 18), (20, 15), (32, 11))  # up to so many letters, in this size; of a longer word only the cells
_FONT = 17  # pixels of a piece at the side
_GONE, _OPEN, _TRIED, _FOUND = range(4)


@dataclass(frozen=True)
class Try:
    """One candidate that was looked up."""

    start: int  # its first letter in the word
    end: int  # one past its last letter
    text: str  # as it was looked up
    is_piece: bool  # the vocabulary has it


@dataclass(frozen=True)
class StaircaseText:
    """The words on the figure, in the reader's language."""

    tried: str  # of a candidate that is no piece
    found: str  # of one that is


def staircase(word: str, tries: Sequence[Try], *, theme: Theme, text: StaircaseText) -> go.Figure:
    """Draw the candidates from top to bottom; those that the vocabulary has are filled and named at the side.

    Args:
        word: the letters, one for each column.
        tries: in the order in which they were looked up; at most `MOST_TRIES` are drawn.
        theme: the variant of the palette.
        text: what the box under the pointer says.
    """
    drawn = tries[:MOST_TRIES]
    states = np.full((len(drawn), len(word)), _OPEN, dtype=np.uint8)
    for row, each in enumerate(drawn):
        states[row, : each.start] = _GONE
        states[row, each.start : each.end] = _FOUND if each.is_piece else _TRIED
    colours = (theme.background, theme.surface, theme.sequential[1], theme.accent)
    figure = go.Figure(
        go.Heatmap(
            z=states,
            zmin=-0.5,
            zmax=3.5,
            colorscale=[(edge / 4, colour) for state, colour in enumerate(colours) for edge in (state, state + 1)],
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=[[_said(each, text)] * len(word) for each in drawn],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    size = next((size for most, size in _LETTERED if len(word) <= most), None)
    if size is not None:
        rows, columns = np.nonzero(states >= _TRIED)
        ink = {_TRIED: theme.text, _FOUND: theme.background}
        figure.add_scatter(
            x=columns,
            y=rows,
            mode="text",
            text=[one_line(word[column]).replace("<", "&lt;") for column in columns],
            textfont={"size": size, "color": [ink[int(states[place])] for place in zip(rows, columns, strict=True)]},
            hoverinfo="skip",
        )
    found = [row for row, each in enumerate(drawn) if each.is_piece]
    figure.update_xaxes(visible=False, fixedrange=True)
    pieces = row_axis(
        _FONT,
        side="right",
        autorange="reversed",
        tickvals=found,
        ticktext=[coloured(f"✓ {drawn[row].text}", theme.accent) for row in found],
    )
    figure.update_yaxes(cell_axis(**pieces))
    margin = 12 + _FONT * max((width(f"✓ {drawn[row].text}") for row in found), default=0)
    dress(figure, theme, height=len(drawn) * _ROW + 8, margin={"l": 0, "r": margin, "t": 0, "b": 8})
    return figure


def _said(each: Try, text: StaircaseText) -> str:
    """What the box under the pointer says of a candidate."""
    name = one_line(each.text).replace("&", "&amp;").replace("<", "&lt;")
    return f"<b>{name}</b>: {text.found if each.is_piece else text.tried}"
