"""Finds every string of the source that a reader can see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# The first argument of an error is its template, which the interface translates.
MARKS = {"_", "N_", "InputError", "CheckpointError", "HubError", "TrainingError", "LMGlassboxError"}


def source_messages() -> Iterator[tuple[str, str]]:
    """Each message, and the file where it stands.

    Babel's own extraction reads tokens, and so misses what stands inside an f-string; the syntax tree does not.
    """
    for folder in ("lm_core", "ui", "pages"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, file.relative_to(ROOT).as_posix()
