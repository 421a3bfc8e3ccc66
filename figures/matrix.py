"""A matrix of numbers as an SVG to take away; the page itself shows an interactive one."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from figures.labels import one_line, width
from figures.theme import FONT_FAMILY, INKS, Theme

_CELL, _ROW, _FONT, _PAD = 62, 34, 15, 12  # pixels
_WORDED_CELL, _WORDED_ROW = 118, 44  # of cells with a text above the number
_WITH_NUMBERS = 16  # columns; of more, cells are small and without their number
_SMALL = 14


def matrix_svg(
    values: NDArray[np.float32],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    theme: Theme,
    is_probability: bool,
    texts: Sequence[Sequence[str]] | None = None,
) -> str:
    """Draw a matrix with the names of its rows and columns.

    Args:
        values: (row, column); NaN leaves a cell empty.
        rows, columns: their names.
        theme: the variant of the palette.
        is_probability: a scale from 0 to 1; otherwise one around 0 up to the largest magnitude.
        texts: what each number is of, as `values` is ordered; it stands above the number.

    Raises:
        ValueError: values is not of shape (rows, columns).
    """
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"values of shape {values.shape} do not fit {len(rows)} × {len(columns)} names")
    with_numbers = len(columns) <= _WITH_NUMBERS
    cell, row_height = (_CELL, _ROW) if with_numbers else (_SMALL, _SMALL)
    if texts is not None:
        cell, row_height = _WORDED_CELL, _WORDED_ROW
    font = min(_FONT, row_height - 2)
    left = _PAD + font * max(width(name) for name in rows)
    top = _PAD + (font if with_numbers else font * max(width(name) for name in columns))
    total = f"0 0 {left + cell * len(columns) + _PAD:g} {top + row_height * len(rows) + _PAD:g}"
    text = f"font-family='{FONT_FAMILY}' font-size=\"{font}\""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{total}" {text}>',
        f'<rect width="100%" height="100%" fill="{theme.background}"/>',
    ]
    for index, name in enumerate(columns):
        x = left + (index + 0.5) * cell
        turned = "" if with_numbers else f' transform="rotate(-90 {x:g} {top - 4:g})"'
        anchor = "middle" if with_numbers else "start"
        parts.append(
            f'<text x="{x:g}" y="{top - 4:g}" text-anchor="{anchor}" fill="{theme.text}"{turned}>{_plain(name)}</text>'
        )
    bound = 1.0 if is_probability else _largest(values)
    for row, name in enumerate(rows):
        y = top + row * row_height
        baseline = y + row_height / 2 + font / 3
        parts.append(
            f'<text x="{left - 6:g}" y="{baseline:g}" text-anchor="end" fill="{theme.text}">{_plain(name)}</text>'
        )
        for column in range(len(columns)):
            value = float(values[row, column])
            if math.isnan(value):
                continue
            colour = shade(value, bound, theme, is_probability=is_probability)
            x = left + column * cell
            parts.append(f'<rect x="{x:g}" y="{y:g}" width="{cell - 1}" height="{row_height - 1}" fill="{colour}"/>')
            if with_numbers:
                number = f"{value:.2f}" if abs(value) < 1e5 else f"{value:.0e}"
                lines = [(baseline, number)]
                if texts is not None:
                    lines = [(baseline - font * 0.6, _plain(texts[row][column])), (baseline + font * 0.6, number)]
                parts += [
                    f'<text x="{x + cell / 2:g}" y="{height:g}" text-anchor="middle" fill="{ink(colour)}">{line}</text>'
                    for height, line in lines
                ]
    return "\n".join([*parts, "</svg>"])


def shade(value: float, bound: float, theme: Theme, *, is_probability: bool) -> str:
    """The colour of a value on one of the two scales, as `#RRGGBB`."""
    scale = theme.sequential if is_probability else theme.diverging
    share = value / bound if is_probability else 0.5 + value / (2 * bound)
    place = max(0.0, min(1.0, share)) * (len(scale) - 1)
    below = min(int(place), len(scale) - 2)
    low, high = _channels(scale[below]), _channels(scale[below + 1])
    mixed = (round(one + (other - one) * (place - below)) for one, other in zip(low, high, strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def ink(colour: str) -> str:
    """Black or white, whichever stands out on the colour (WCAG 2.2, contrast ratio)."""
    parts = (channel / 255 for channel in _channels(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179  # where both have the same contrast
    return INKS["ink-dark"] if is_light else INKS["ink-light"]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _largest(values: NDArray[np.float32]) -> float:
    """The largest magnitude that no mask has made."""
    magnitudes = np.abs(values[np.abs(values) < 1e5])
    return float(magnitudes.max(initial=0.0)) or 1.0


def _plain(name: str) -> str:
    return html.escape(one_line(name))
