"""Imports only go down: the contracts of pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_import_keeps_to_the_contracts_of_the_house() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    check = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr
    assert "0 broken" in check.stdout


def test_listing_the_names_of_lm_core_does_not_import_torch() -> None:
    code = "import sys, lm_core; assert 'load_pretrained' in dir(lm_core); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_what_stands_before_the_model_answers_needs_no_torch() -> None:
    code = (
        "import sys, ui.frame.lesson, ui.frame.controls, ui.models.picker, ui.course; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
