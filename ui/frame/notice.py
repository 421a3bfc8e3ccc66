"""What there is to notice beside a figure: a line, and statements below it."""

from __future__ import annotations

from collections.abc import Iterable


def listed(lead: str, statements: Iterable[str]) -> str:
    """A line and a list below it; all of it is Markdown."""
    return "\n".join([lead, "", *(f"- {statement}" for statement in statements)])
