"""Probabilities as the sums of masked words write them, in LaTeX."""

from __future__ import annotations

_SMALLEST = 1e-4  # that six decimals show well


def decimal(prob: float) -> str:
    """A probability with six decimals; a tiny one as a power of ten, in brackets."""
    if prob >= _SMALLEST:
        return f"{prob:.6f}"
    mantissa, exponent = f"{prob:.3e}".split("e")
    return rf"({mantissa} \cdot 10^{{{int(exponent)}}})"
