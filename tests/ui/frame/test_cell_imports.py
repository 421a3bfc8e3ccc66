"""Code that a reader takes along imports what is there: each function from where it stands now."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

import lm_core
from lm_core.explain.heads.attention import summarise
from lm_core.explain.pieces.positions import cosines_by_distance, products_by_distance, sinusoidal_positions
from lm_core.training.fine_tuning import FineTuningPlan, add_head
from ui.frame.notebook import imports

ROOT = Path(__file__).parents[3]
SOURCES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "ui").rglob("*.py"))}
STATEMENT = re.compile(r"^from lm_core[\w.]* import (?:\([^)]*\)|[^(\n]+)", re.MULTILINE)


def written_out() -> Iterator[tuple[str, str]]:
    """Each import of lm_core inside a string of the app, and the file where it stands."""
    for file, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for statement in STATEMENT.findall(node.value):
                    yield statement, file.relative_to(ROOT).as_posix()


def made() -> Iterator[tuple[Callable[..., object], str]]:
    """Each function or class of lm_core that the app lets `imports` write, and the file where it does."""
    for file, tree in SOURCES.items():
        homes = {
            alias.asname or alias.name: str(node.module)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "lm_core"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "imports":
                for name in node.args:
                    assert isinstance(name, ast.Name), (file, ast.unparse(node))
                    yield getattr(import_module(homes[name.id]), name.id), file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("statement", "file"), sorted(set(written_out())))
def test_what_a_string_imports_is_there(statement: str, file: str) -> None:
    exec(statement, {"__name__": file})


def test_what_is_made_imports_the_very_thing() -> None:
    things = list(made())
    assert len(things) > 50
    for thing, file in things:
        names: dict[str, object] = {}
        exec(imports(thing), names)
        assert names[thing.__name__] is thing, file


def test_imports_are_grouped_by_module_and_sorted_as_a_formatter_would() -> None:
    assert imports(summarise, add_head, FineTuningPlan) == (
        "from lm_core.explain.heads.attention import summarise\n"
        "from lm_core.training.fine_tuning import FineTuningPlan, add_head\n\n"
    )


def test_what_lm_core_offers_itself_is_imported_from_there() -> None:
    assert imports(lm_core.load_pretrained, lm_core.Encoding) == "from lm_core import Encoding, load_pretrained\n\n"


def test_a_long_import_is_broken_into_lines() -> None:
    assert imports(sinusoidal_positions, products_by_distance, cosines_by_distance) == (
        "from lm_core.explain.pieces.positions import (\n"
        "    cosines_by_distance,\n    products_by_distance,\n    sinusoidal_positions,\n)\n\n"
    )
