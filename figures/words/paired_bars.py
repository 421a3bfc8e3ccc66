"""The answers of two passes side by side: for each answer a bar before and a bar after, on a scale from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import answer_axes, percent
from figures.labels import plain, width
from figures.theme import Theme

_ROW = 46  # pixels of one answer
_LABEL = 14  # pixels of what stands behind a bar


@dataclass(frozen=True)
class PairedBarsText:
    """The words on the bars, in the reader's language."""

    probability: str  # title of the scale
    before: str  # name of the pass that is compared with
    after: str  # name of the other one


def paired_bars(
    tokens: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    theme: Theme,
    text: PairedBarsText,
    original: int | None = None,
) -> go.Figure:
    """Draw the answers from top to bottom as they are given, the bar of before pale and the one of after strong.

    Args:
        tokens: the answers; equal tokens stay apart.
        before, after: their probabilities in the two passes, 0 to 1; every bar is labelled with its own,
            the first two with the names of the passes, too.
        theme: the variant of the palette.
        text: title of the scale and the names of the passes.
        original: index of the answer that is the word that stood there; it has the colour of masked words.

    Raises:
        ValueError: tokens and probabilities are not of the same length.
    """
    if not len(tokens) == len(before) == len(after):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(before)} and {len(after)} probabilities")
    names = [f"{place + 1} {plain(token)}" for place, token in enumerate(tokens)]
    behind = 72 + _LABEL * max(width(text.before), width(text.after))
    colours = [theme.masked if place == original else theme.accent for place in range(len(tokens))]
    figure = go.Figure(
        [
            go.Bar(
                name=name,
                x=list(probs),
                y=names,
                orientation="h",
                offsetgroup=name,
                marker={"color": colours, "opacity": opacity, "line": {"width": 0}},
                text=[
                    f"{percent(prob)}  {plain(name)}" if place == 0 else percent(prob)
                    for place, prob in enumerate(probs)
                ],
                textposition="outside",
                textfont={"size": _LABEL, "color": theme.text if opacity == 1 else theme.muted_text},
                cliponaxis=False,
                hovertemplate=f"%{{y}}, {name}: <b>%{{x:.4f}}</b><extra></extra>",
            )
            for name, probs, opacity in ((text.before, before, 0.35), (text.after, after, 1.0))
        ]
    )
    answer_axes(figure, tokens, names, theme=theme, title=text.probability, original=original, row=_ROW, right=behind)
    figure.update_layout(barmode="group", bargap=0.25, bargroupgap=0)
    return figure
