"""Every lesson is a folder that its page names: its views are there, and naming it computes nothing."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from ui.course import PAGES
from ui.frame.lesson import Lesson
from ui.lessons.many_heads.views import ALL_HEADS, ONE_HEAD

ROOT = Path(__file__).parents[3]
FOLDERS = sorted(file.parent.name for file in (ROOT / "ui" / "lessons").glob("*/lesson.py"))
every_lesson = pytest.mark.parametrize("folder", FOLDERS)


def lesson_in(folder: str) -> Lesson:
    found = import_module(f"ui.lessons.{folder}.lesson").LESSON
    assert isinstance(found, Lesson)
    return found


def test_the_course_has_a_page_and_a_folder_for_each_lesson_that_exists() -> None:
    assert sorted(entry.slug.replace("-", "_") for entry in PAGES) == FOLDERS
    assert sorted(file.stem for file in (ROOT / "pages").glob("*.py")) == FOLDERS


@every_lesson
def test_a_folder_is_named_as_the_address_of_its_lesson_and_its_views_can_be_shown(folder: str) -> None:
    lesson = lesson_in(folder)
    assert lesson.slug.replace("_", "-") == folder.replace("_", "-")
    for view in lesson.views.values():
        assert next(iter(inspect.signature(import_module(view.module).show).parameters)).endswith("words")
        assert bool(view.label) == (len(lesson.views) > 1)


def test_every_view_of_the_heads_can_be_shown() -> None:
    for view in (*ONE_HEAD.values(), *ALL_HEADS.values()):
        shown = import_module(f"ui.lessons.many_heads.{view.module}").show
        assert list(inspect.signature(shown).parameters) == ["view"]


@every_lesson
def test_a_page_that_is_not_opened_yet_has_brought_in_nothing_that_computes(folder: str) -> None:
    code = (
        f"import sys, ui.lessons.{folder}.lesson; "
        "sys.exit(', '.join({'torch', 'transformers', 'nltk', 'scipy'} & set(sys.modules)) or None)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@every_lesson
def test_a_page_names_its_lesson_and_no_more(folder: str) -> None:
    lines = (ROOT / "pages" / f"{folder}.py").read_text(encoding="utf-8").splitlines()
    assert f"from ui.lessons.{folder}.lesson import LESSON" in lines
    assert len(lines) <= 12
