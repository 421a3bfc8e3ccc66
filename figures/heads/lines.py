"""Attention as lines between the words, as an SVG to take away; the page itself shows an interactive view."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from figures.labels import one_line, token_colours
from figures.theme import FONT_FAMILY, Theme

_ROW, _TOP, _SIDE, _GAP, _PAD = 30, 40, 190, 380, 10  # pixels
_THICKEST = 14.0  # pixels, of a line with all the attention
_FAINTEST = 0.02  # a line below this share cannot be seen


def attention_lines(
    probs: NDArray[np.float32],
    tokens: Sequence[str],
    *,
    theme: Theme,
    query_title: str,
    key_title: str,
    special: Collection[int] = (),
    masked: Collection[int] = (),
) -> str:
    """Draw one head: on the left who looks, on the right who is looked at, opacity and width as the probability.

    Args:
        probs: (query, key) attention probabilities; each row sums to 1.
        tokens: one per position.
        theme: the variant of the palette.
        query_title, key_title: above the two columns, in the reader's language.
        special, masked: positions written in the colours of special tokens and masked words.

    Raises:
        ValueError: tokens and probs are not of the same length.
    """
    size = len(tokens)
    if probs.shape != (size, size):
        raise ValueError(f"{size} tokens do not fit probs of shape {probs.shape}")
    left, right, height = _SIDE, _SIDE + _GAP, _TOP + size * _ROW + _PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right + _SIDE} {height}" '
        f"font-family='{FONT_FAMILY}' font-size=\"16\">",
        f'<rect width="100%" height="100%" fill="{theme.background}"/>',
        f'<linearGradient id="looks" gradientUnits="userSpaceOnUse" x1="{left}" x2="{right}" y1="0" y2="0">'
        f'<stop offset="0.1" stop-color="{theme.query}"/><stop offset="0.9" stop-color="{theme.key}"/>'
        "</linearGradient>",
        _text(query_title, left - _PAD, 22, "end", theme.query),
        _text(key_title, right + _PAD, 22, "start", theme.key),
        '<g fill="none" stroke="url(#looks)">',
    ]
    for query, key in np.argwhere(probs >= _FAINTEST):
        parts.append(_line(float(probs[query, key]), _middle(query), _middle(key)))
    parts.append("</g>")
    colours = token_colours(theme, special, masked)
    for position, token in enumerate(tokens):
        colour = colours.get(position, theme.text)
        parts.append(_text(token, left - _PAD, _middle(position) + 5, "end", colour))
        parts.append(_text(token, right + _PAD, _middle(position) + 5, "start", colour))
    return "\n".join([*parts, "</svg>"])


def _middle(position: int) -> float:
    """Where a row has its middle."""
    return _TOP + (position + 0.5) * _ROW


def _line(prob: float, start: float, end: float) -> str:
    """One curve from the left column to the right."""
    bend_left, bend_right = _SIDE + 0.45 * _GAP, _SIDE + 0.55 * _GAP
    return (
        f'<path d="M{_SIDE} {start:g} C{bend_left:g} {start:g} {bend_right:g} {end:g} {_SIDE + _GAP} {end:g}" '
        f'stroke-width="{max(0.8, _THICKEST * prob):.2f}" stroke-opacity="{min(1.0, 0.06 + 0.94 * prob):.3f}"/>'
    )


def _text(text: str, x: float, y: float, anchor: str, colour: str) -> str:
    """A label, escaped."""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}">{html.escape(one_line(text))}</text>'
