"""Numbers as LaTeX writes them."""

from __future__ import annotations


def in_brackets(number: float) -> str:
    """A number with four decimals, to stand behind a sign; a negative one in brackets."""
    return f"{number:.4f}" if number >= 0 else f"({number:.4f})"


def digits(number: float) -> str:
    """Four digits that count."""
    mantissa, _e, exponent = f"{number:.4g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa
