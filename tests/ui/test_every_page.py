"""Every page stands in both languages, whatever the address says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from ui.course import PAGES, Entry
from ui.i18n import LANGUAGES, Language, translate

if TYPE_CHECKING:
    from tests.ui.conftest import Open

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
every_page_about_the_sentence = pytest.mark.parametrize(
    "page", [page for page in PAGES if page.slug not in {"fine-tuning"}], ids=lambda page: page.slug
)  # the others are about texts of their own
every_language = pytest.mark.parametrize("language", LANGUAGES)


def name_of(page: Entry) -> str:
    return page.slug.replace("-", "_")


@every_page
@every_language
def test_a_page_opens_without_a_warning_in_the_language_of_its_address(
    open_page: Open, page: Entry, language: Language
) -> None:
    app = open_page(name_of(page), lang=language)
    assert not [warning.value for warning in app.warning]
    assert app.sidebar.text_area[0].label == translate("Sentence (English)", language)
    (title,) = app.title
    assert any("一" <= char <= "鿿" for char in title.value) == (language == "zh")
    if page.slug != "home":
        assert title.value == translate(page.question, language)


READS_THE_SENTENCE = {"source": "model"}  # what a page has to be asked for that begins with numbers of its own

HOSTILE = [
    {"layer": "99", "head": "99", "mask": "99"},
    {"layer": "foo", "head": "-1", "mask": "foo,,1"},
    {"model": "nonsense"},
    {"model": "../../etc"},
    {"sentence": ""},
    {"sentence": " \t\n"},
    {"sentence": "word " * 20_000},
    {"sentence": "a" * 100_000, "mask": "1"},
    {"sentence": "<script>alert(1)</script> <b>bold</b> &amp;", "mask": "2,3"},
    {"sentence": "🙂🏽‍🚀 שלום عربى ​ \x00\x1b[31m \u202eabc", "mask": "1,2,3"},
    {"sentence": "[MASK] [MASK] [SEP] [CLS] [MASK]"},
    {"lang": "xx", "view": "xx", "check": "xx", "table": "xx", "code": "on"},
]


@every_page
@pytest.mark.parametrize("address", HOSTILE, ids=lambda address: " ".join(address)[:40])
def test_no_address_brings_a_page_down(open_page: Open, page: Entry, address: dict[str, str]) -> None:
    app = open_page(name_of(page), **address)
    assert app.title


@every_page_about_the_sentence
@every_language
def test_a_sentence_longer_than_the_model_is_cut_with_a_note_that_says_where(
    open_page: Open, page: Entry, language: Language
) -> None:
    sentence = "This is one of the many sentences that are too long. " * 30
    app = open_page(name_of(page), sentence=sentence, lang=language, **READS_THE_SENTENCE)
    assert any("128" in warning.value for warning in app.warning)


@every_page_about_the_sentence
def test_without_a_sentence_a_page_asks_for_one(open_page: Open, page: Entry) -> None:
    app = open_page(name_of(page), sentence=" ", lang="zh", **READS_THE_SENTENCE)
    assert [warning.value for warning in app.warning] == ["请先输入一个句子。"]


def test_a_link_to_another_lesson_takes_the_sentence_along_and_leaves_the_switches(open_page: Open) -> None:
    address = {"view": "map", "sentence": "A cat.", "mask": "2", "layer": "3", "swap": "1,2", "hide": "model"}
    app = open_page("tokens", **address)
    (link,) = [each.proto for each in app.get("page_link") if each.proto.label == "Many heads"]
    taken = dict(parse_qsl(link.query_string))
    assert {name: taken[name] for name in ("sentence", "mask", "layer", "hide")} == {
        name: address[name] for name in ("sentence", "mask", "layer", "hide")
    }
    assert not {"view", "swap"} & taken.keys()
