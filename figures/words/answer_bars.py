"""The most probable answers as bars on a scale that is always 0 to 1: those of one pass, or of two side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from figures.bars import bar_trace, percent, rows_of_bars, written
from figures.labels import labels, numbered, plain, width
from figures.look import probability_axis
from figures.theme import Theme

_ROW, _PAIR = 34, 46  # pixels of one answer, and of one with two bars
_LABEL = 14  # pixels of what stands behind one of two bars


@dataclass(frozen=True)
class BarsText:
    """The words on the bars, in the reader's language."""

    probability: str  # title of the scale


@dataclass(frozen=True)
class PairedBarsText:
    """The words on the bars of two passes, in the reader's language."""

    probability: str  # title of the scale
    before: str  # name of the pass that is compared with
    after: str  # name of the other one


def answer_bars(
    tokens: Sequence[str],
    probs: Sequence[float],
    *,
    theme: Theme,
    text: BarsText,
    original: int | None = None,
) -> go.Figure:
    """Draw the answers from top to bottom as they are given.

    Args:
        tokens: the answers; equal tokens stay apart.
        probs: their probabilities, 0 to 1; every bar is labelled with its own.
        theme: the variant of the palette.
        text: title of the scale.
        original: index of the answer that is the word that stood there; its bar has the colour of masked words.

    Raises:
        ValueError: tokens and probs are not of the same length.
    """
    if len(tokens) != len(probs):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(probs)} probs")
    names = numbered(tokens)
    said = written(list(map(percent, probs)), size=16, colour=theme.text)
    bars = bar_trace(names, probs, _colours(tokens, original, theme), ends=said)
    return rows_of_bars(
        [bars],
        tokens,
        theme=theme,
        scale=probability_axis(text.probability, theme),
        row=_ROW,
        right=64,
        gap=0.3,
        labels=labels(tokens, _meant(original, theme)),
    )


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
    names = numbered(tokens)
    bars = [
        bar_trace(
            names,
            probs,
            _colours(tokens, original, theme),
            hover=f"%{{y}}, {name}: <b>%{{x:.4f}}</b><extra></extra>",
            marker={"opacity": opacity},
            name=name,
            offsetgroup=name,
            ends=written(_said(probs, name), size=_LABEL, colour=theme.text if opacity == 1 else theme.muted_text),
        )
        for name, probs, opacity in ((text.before, before, 0.35), (text.after, after, 1.0))
    ]
    return rows_of_bars(
        bars,
        tokens,
        theme=theme,
        scale=probability_axis(text.probability, theme),
        row=_PAIR,
        right=72 + _LABEL * max(width(text.before), width(text.after)),
        gap=0.25,
        labels=labels(tokens, _meant(original, theme)),
        barmode="group",
        bargroupgap=0,
    )


def _colours(tokens: Sequence[str], original: int | None, theme: Theme) -> list[str]:
    """Of the bars."""
    return [theme.masked if place == original else theme.accent for place in range(len(tokens))]


def _meant(original: int | None, theme: Theme) -> Mapping[int, str]:
    """The answer whose label has a colour, if there is one."""
    return {} if original is None else {original: theme.masked}


def _said(probs: Sequence[float], name: str) -> list[str]:
    """What stands behind the bars of a pass; the first says which it is."""
    first = [f"{percent(prob)}  {plain(name)}" for prob in probs[:1]]
    return [*first, *map(percent, probs[1:])]
