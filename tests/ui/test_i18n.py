"""Every string stands in both languages."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter

import pytest

from lm_core.errors import InputError
from tests.ui.messages import source_messages
from ui.i18n import CATALOGUES, LANGUAGES, Language, known_language, read_catalogue, translate

SOURCE = dict(source_messages())


def fields(message: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def test_the_source_is_full_of_messages() -> None:
    assert len(SOURCE) > 50
    assert "Type a sentence first." in SOURCE  # also what lm_core says


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_message_of_the_source_is_translated_and_no_other(language: Language) -> None:
    entries = {str(entry.id): entry for entry in read_catalogue(CATALOGUES[language]) if entry.id}
    assert not {message: file for message, file in SOURCE.items() if message not in entries}, "not in the catalogue"
    assert not [message for message in entries if message not in SOURCE], "no longer in the source"
    assert not [message for message, entry in entries.items() if not entry.string or entry.fuzzy], "not translated"


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_has_the_fields_of_its_message(language: Language) -> None:
    for message in SOURCE:
        assert fields(translate(message, language)) == fields(message), message


def test_chinese_is_chinese() -> None:
    same = [message for message in SOURCE if translate(message, "zh") == message]
    assert not same
    for message in SOURCE:
        assert any("一" <= char <= "鿿" for char in translate(message, "zh")), message


def test_bold_ends_where_markdown_sees_its_end() -> None:
    """After a full-width mark, `**` closes only before a space: `**词**：` is bold, `**词：**下` is not."""
    for message in SOURCE:
        for bold, after in re.findall(r"\*\*(.+?)\*\*(.?)", translate(message, "zh"), re.DOTALL):
            assert unicodedata.category(bold[-1])[0] != "P" or not after or not after.isalnum(), message


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-CN", "zh"), ("zh_Hans_CN", "zh"), ("EN-gb", "en"), ("de", None), ("", None), ("zhx", None)],
)
def test_a_tag_means_the_language_of_ours_that_it_belongs_to(tag: str, language: Language | None) -> None:
    assert known_language(tag) == language


def test_english_needs_no_catalogue() -> None:
    assert set(LANGUAGES) - set(CATALOGUES) == {"en"}
    assert translate("Type a sentence first.", "en") == str(InputError("Type a sentence first."))
