"""Numbers as LaTeX writes them."""

from __future__ import annotations

_SMALLEST = 1e-4  # that six decimals show well


def in_brackets(number: float) -> str:
    """A number with four decimals, to stand behind a sign; a negative one in brackets."""
    return f"{number:.4f}" if number >= 0 else f"({number:.4f})"


def digits(number: float) -> str:
    """Four digits that count."""
    mantissa, _e, exponent = f"{number:.4g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def decimal(prob: float) -> str:
    """A probability with six decimals; a tiny one as a power of ten, in brackets."""
    if prob >= _SMALLEST:
        return f"{prob:.6f}"
    mantissa, exponent = f"{prob:.3e}".split("e")
    return rf"({mantissa} \cdot 10^{{{int(exponent)}}})"
