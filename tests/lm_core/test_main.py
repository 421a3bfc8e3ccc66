"""One command does all that the science does from a command line, and whatever names it names it rightly."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lm_core.__main__ import COMMANDS, main
from lm_core.checkpoints.provenance import command_of

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "checkpoints" / "compact-bert"
TABLES = ("dependencies.json", "minimal_pairs.json", "next_sentences.json", "recording.json")
PROSE = sorted(
    file
    for pattern in ("*.md", "docs/**/*.md", "checkpoints/**/*.md", "labelled/*.md", "corpora/*.md")
    for file in ROOT.glob(pattern)
)


@pytest.mark.parametrize("name", ["", "measure", *COMMANDS])
def test_every_subcommand_says_what_it_is_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*name.split(), "--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: {' '.join(['python -m lm_core', *name.split()])} ")
    assert ("--data" in told) == (name in COMMANDS)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lm_core", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_list_of_subcommands_needs_no_torch() -> None:
    code = (
        "import contextlib, sys; from lm_core.__main__ import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    listing = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert listing.returncode == 0
    assert all(name.split()[0] in listing.stdout for name in COMMANDS)


def test_what_cannot_be_done_is_told_in_a_sentence_with_an_exit_status(tmp_path: Path) -> None:
    failed = run("evaluate", str(tmp_path / "nothing"), "--data", str(tmp_path))
    assert failed.returncode == 1
    assert failed.stderr.strip() == f"There is no folder {tmp_path / 'nothing'}."


@pytest.mark.parametrize("words", [[], ["measure"], ["train"], ["measure", "heads"], ["evaluate"]])
def test_a_word_that_is_missing_or_unknown_shows_how_it_is_used(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m lm_core")


def subcommand(words: str) -> str | None:
    """The subcommand that a command line of `lm_core` begins with; None where it begins with none."""
    return next((name for name in COMMANDS if f"{words} ".startswith(f"{name} ")), None)


def named(text: str) -> Iterator[str]:
    """What follows each `-m lm_core` in a text, up to the first word that is no word of a subcommand."""
    for found in re.finditer(r"-m lm_core((?:\.\w+)*)((?: [a-z][a-z-]*)*)", text):
        yield f"{found[1]}{found[2]}".strip()


def is_known(words: str) -> bool:
    return words in ("", "measure") or subcommand(words) is not None


def test_the_commands_of_a_text_are_found() -> None:
    text = "`torchrun -m lm_core pretrain …` and `python -m lm_core.pretrain --data x`, `python -m lm_core measure do`."
    assert [is_known(words) for words in named(text)] == [True, False, False]


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_command_in_a_text_of_the_repository_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not [words for words in named(text) if not is_known(words)]
    assert not re.findall(r"lm_core\.[\w.]+ --\w+", text)  # a module is no command


@pytest.mark.parametrize("folder", ["lm_core", "ui", "pages"])
def test_every_command_in_a_string_of_the_source_exists(folder: str) -> None:
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not [words for words in named(node.value) if not is_known(words)], file


@pytest.mark.parametrize("table", TABLES)
def test_what_made_a_shipped_table_can_be_asked_for_again(table: str) -> None:
    about = json.loads((SHIPPED / table).read_text(encoding="utf-8"))
    assert_is_understood(about.get("command_now") or about["command"])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("measure dependencies", {"name": "a b", "licence": "MIT"}),
        ("measure minimal-pairs", {"name": "a b", "licence": "MIT"}),
        ("measure next-sentences", {"pairs": "3"}),
    ],
)
def test_the_command_that_is_written_into_a_table_is_understood(name: str, options: dict[str, str]) -> None:
    assert_is_understood(command_of(name, Path("/somewhere/model"), Path("/somewhere/data"), **options))


def assert_is_understood(command: str) -> None:
    """With --help at its end a command does nothing, but its words and options have been read."""
    python, switch, module, *words = shlex.split(command)
    assert (python, switch, module) == ("python", "-m", "lm_core")
    assert subcommand(" ".join(words))
    with pytest.raises(SystemExit) as end:
        main([*words, "--help"])
    assert end.value.code == 0
