"""Both READMEs name every source file, and no file that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("pages", "ui", "figures", "lm_core", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if path.name != "__init__.py"
)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_tree_in_the_readme_is_the_tree_on_disk(name: str) -> None:
    text = ROOT.joinpath(name).read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(app\.py.*?)^```", text, re.DOTALL | re.MULTILINE)
    folders: list[str] = []
    named = []
    for line in block.splitlines()[1:]:
        entry = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [entry]
        path = "".join(folders)
        assert (ROOT / path).exists(), path
        if path.endswith(".py"):
            named.append(path)
    assert sorted(named) == SOURCES
