"""Every string in the reader's language: gettext catalogues, read as they are written."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from lm_core.errors import LMGlassboxError
from ui.plain import code_span

Language = Literal["en", "zh"]

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "简体中文"}
"""Each language by its name in the address, and what its own speakers call it."""

HTML_LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}

LOCALE = Path(__file__).parent.parent / "locale"
CATALOGUES: dict[Language, Path] = {"zh": LOCALE / "zh_CN" / "LC_MESSAGES" / "messages.po"}


def language() -> Language:
    """The language of this page: the address's `lang`, else the browser's where we have it, else English."""
    return known_language(st.query_params.get("lang", "")) or known_language(st.context.locale or "") or "en"


def known_language(tag: str) -> Language | None:
    """The language of ours that a tag such as `zh`, `zh-CN` or `en_GB` means, if there is one."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return next((known for known in LANGUAGES if known == primary), None)


def _(message: str) -> str:
    """The message in the reader's language; in English where the catalogue has no translation.

    The name is gettext's custom, which the extraction of messages knows.
    """
    return translate(message, language())


def N_(message: str) -> str:  # noqa: N802 (gettext's custom)
    """The message as it is, marked for the catalogue: for constants, which `_` translates when they are shown."""
    return message


def translate(message: str, to: Language) -> str:
    """The message in the given language."""
    return _translations(to).get(message, message)


def told(error: LMGlassboxError) -> str:
    """What went wrong, in the reader's language, as Markdown: what the reader typed stands in it as code."""
    fields = {
        name: value if isinstance(value, (int, float)) else code_span(value) for name, value in error.fields.items()
    }
    return _(error.template).format(**fields)


def read_catalogue(path: Path) -> Catalog:
    """A catalogue with all its entries, fuzzy ones included."""
    with path.open("rb") as file:
        return read_po(file)


@cache
def _translations(to: Language) -> dict[str, str]:
    """Message to translation, without what is missing or fuzzy."""
    if to not in CATALOGUES:
        return {}
    return {
        str(entry.id): str(entry.string)
        for entry in read_catalogue(CATALOGUES[to])
        if entry.id and entry.string and not entry.fuzzy
    }
