"""What is written for people agrees with the house: its rooms, its links, its figures, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ui.course import COURSE
from ui.i18n import translate

ROOT = Path(__file__).parent.parent
READMES = {"en": "README.md", "zh": "README.zh-CN.md"}
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.md"))
ENGLISH_PAGES = [page for page in PAGES if not page.endswith(".zh-CN.md")]
CHINESE_PAGES = [page for page in PAGES if page.endswith(".zh-CN.md")]
DOCUMENTS = [*READMES.values(), "CONTRIBUTING.md", *PAGES]
OUTSIDE = ("pages", "checkpoints", "corpora", "labelled", "locale", "docs", "benchmarks", "tests")  # no packages
PACKAGES = sorted(  # the components are one room, however many stand in it
    path.parent.relative_to(ROOT).as_posix()
    for house in ("ui", "figures", "lm_core")
    for path in ROOT.joinpath(house).rglob("__init__.py")
    if "ui/components/" not in path.parent.as_posix()
)


def read(name: str) -> str:
    """A document or a module, by its path from the root of the house."""
    return ROOT.joinpath(name).read_text(encoding="utf-8")


def tree_of(name: str) -> dict[str, str]:
    """Each path of the tree in a README, from the root of the house, and what is said of it."""
    (block,) = re.findall(r"^```\n(app\.py.*?)^```", read(name), re.DOTALL | re.MULTILINE)
    folders: list[str] = []
    said = {}
    for line in block.splitlines():
        entry, words = line.split(maxsplit=1)
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [entry]
        path = "".join(folders).rstrip("/")
        assert path not in said, path
        said[path] = words
    return said


def table_rows(name: str) -> list[str]:
    """The rows of all tables of a document, heads included."""
    return re.findall(r"^\|.*\|$", read(name), re.MULTILINE)


def figures_of(row: str) -> list[str]:
    """The numbers of a row of a table, and the names in it that are code."""
    return sorted(re.findall(r"`[^`]+`|\d+(?:[.,]\d+)*", row))


def anchors_of(path: Path) -> set[str]:
    """The anchors that GitHub makes of headings: lower case, hyphens for spaces, without punctuation."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands_of(name: str) -> list[str]:
    """What a reader can type, as far as it is the same in every language."""
    return re.findall(r"\b(?:python|torchrun .*?|streamlit|pip|pytest) (?:-m |run |install )[^`\n|]*", read(name))


@pytest.mark.parametrize("name", READMES.values())
def test_the_tree_names_every_room_with_a_line_and_no_room_that_is_not_there(name: str) -> None:
    assert sorted(tree_of(name)) == sorted(["app.py", *OUTSIDE, *PACKAGES])
    assert all(ROOT.joinpath(path).exists() for path in tree_of(name))


@pytest.mark.parametrize("name", READMES.values())
def test_the_tree_fits_on_one_screen(name: str) -> None:
    assert len(tree_of(name)) <= 60


@pytest.mark.parametrize("name", READMES.values())
def test_a_readme_has_at_most_two_hundred_lines(name: str) -> None:
    assert len(read(name).splitlines()) <= 200


@pytest.mark.parametrize("room", PACKAGES)
def test_the_tree_says_of_a_room_what_the_room_says_of_itself(room: str) -> None:
    docstring = ast.get_docstring(ast.parse(read(f"{room}/__init__.py"))) or ""
    assert docstring.startswith(tree_of("README.md")[room])


@pytest.mark.parametrize("language", READMES)
def test_a_readme_names_the_lessons_as_the_app_does(language: str) -> None:
    titles = [translate(lesson.title, "zh" if language == "zh" else "en") for lesson in COURSE if lesson.exists]
    named = re.findall(r"^- \*\*(.+?)[.。]\*\*", read(READMES[language]), re.MULTILINE)
    assert named[: len(titles)] == titles


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", read(name))
    inside = [link for link in links if "://" not in link]
    assert inside
    for link in inside:
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


def test_each_page_of_docs_exists_in_both_languages() -> None:
    assert [page.removesuffix(".md") for page in ENGLISH_PAGES] == [
        page.removesuffix(".zh-CN.md") for page in CHINESE_PAGES
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_readme_leads_to_each_page_of_docs_in_its_language(page: str) -> None:
    assert f"]({page})" in read(READMES["zh" if page in CHINESE_PAGES else "en"])


@pytest.mark.parametrize("page", ["README.md", *ENGLISH_PAGES])
def test_both_languages_give_the_same_commands_and_tables(page: str) -> None:
    chinese = page.replace(".md", ".zh-CN.md")
    assert commands_of(page) == commands_of(chinese)
    assert [figures_of(row) for row in table_rows(page)] == [figures_of(row) for row in table_rows(chinese)]


@pytest.mark.parametrize("language", READMES)
def test_every_figure_about_speed_in_a_readme_stands_among_all_measurements(language: str) -> None:
    measurements = {"en": "docs/measurements.md", "zh": "docs/measurements.zh-CN.md"}[language]
    assert set(table_rows(READMES[language])) <= set(table_rows(measurements))
