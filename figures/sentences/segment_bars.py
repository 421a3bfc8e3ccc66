"""How attention is shared out among the parts of a pair: a bar for each layer and head, cut into the parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures.bars import percent
from figures.labels import plain, width
from figures.look import LEGEND_ABOVE, QUARTERS, axis_title, dress, row_axis
from figures.theme import Theme

_ROW = 34  # pixels of one bar
_ABOVE = 40  # pixels for the names of the parts
_AXIS = 52  # pixels below the bars
_FONT = 15  # pixels of a bar's name
_SEPARATORS = 3  # the part that shares its colour with [CLS], and has it as an outline alone
_ROOM = 0.07  # the smallest share that has room for its number


@dataclass(frozen=True)
class SegmentBarsText:
    """The words on the figure, in the reader's language."""

    parts: tuple[str, ...]  # names of the parts
    layers: str  # stands above the first bars
    heads: str  # stands above the others
    share: str  # title of the scale


def segment_bars(
    layers: NDArray[np.float32],
    heads: NDArray[np.float32],
    names: tuple[Sequence[str], Sequence[str]],
    *,
    theme: Theme,
    text: SegmentBarsText,
    picked: tuple[int, int],
) -> go.Figure:
    """Draw a bar for each layer and, below, one for each head; all go from 0 to 1.

    Args:
        layers: (layer, part) shares of each layer, the mean of its heads.
        heads: (head, part) shares of each head of one layer.
        names: of the layers and of the heads.
        theme: the variant of the palette.
        text: names and titles.
        picked: which bar (layers first, then heads) and which of its parts is outlined.
    """
    shares = np.concatenate([layers, heads])
    labels = [*names[0], *names[1]]
    places = [
        *(float(place) for place in range(len(layers))),
        *(len(layers) + 1.0 + head for head in range(len(heads))),
    ]
    first, second = theme.segments
    colours = (first, second, theme.special, theme.surface)
    edges = (theme.background, theme.background, theme.background, theme.special)
    bar, part_picked = picked
    figure = go.Figure(
        [
            go.Bar(
                name=name,
                x=shares[:, part],
                y=places,
                orientation="h",
                marker={
                    "color": colour,
                    "opacity": 1,
                    "line": {
                        "color": [
                            theme.text if (row, part) == (bar, part_picked) else edge for row in range(len(shares))
                        ],
                        "width": [3 if (row, part) == (bar, part_picked) else 1 for row in range(len(shares))],
                    },
                },
                selected={"marker": {"opacity": 1}},  # what is picked is outlined, and nothing fades
                unselected={"marker": {"opacity": 1}},
                text=[percent(float(share)) if share >= _ROOM else "" for share in shares[:, part]],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": 13, "color": theme.text if part == _SEPARATORS else theme.background},
                customdata=[plain(label) for label in labels],
                hovertemplate=f"%{{customdata}}, {plain(name)}: <b>%{{x:.4f}}</b><extra></extra>",
            )
            for part, (name, colour, edge) in enumerate(zip(text.parts, colours, edges, strict=True))
        ]
    )
    figure.update_yaxes(
        row_axis(
            _FONT,
            tickvals=places,
            ticktext=[f"<b>{plain(label)}</b>" if row == bar else plain(label) for row, label in enumerate(labels)],
            range=[places[-1] + 0.5, -1.4],
            showgrid=False,
            zeroline=False,
        )
    )
    for title, place in ((text.layers, -0.95), (text.heads, len(layers) + 0.05)):
        figure.add_annotation(
            x=0,
            y=place,
            text=title,
            showarrow=False,
            xanchor="left",
            font={"size": 14, "color": theme.muted_text},
        )
    figure.update_xaxes(
        **QUARTERS,
        range=[0, 1],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=False,
        title=axis_title(text.share, theme),
    )
    rows = places[-1] + 2
    dress(
        figure,
        theme,
        height=rows * _ROW + _ABOVE + _AXIS,
        margin={"l": 14 + _FONT * max(map(width, labels)), "r": 8, "t": _ABOVE, "b": _AXIS},
    )
    figure.update_layout(
        barmode="stack",
        bargap=0.22,
        showlegend=True,
        clickmode="event+select",
        dragmode=False,
        legend={**LEGEND_ABOVE, "xanchor": "left", "traceorder": "normal"},
    )
    return figure
