"""How every page looks: two themes, a phone, and for those who cannot see it."""

from __future__ import annotations

import gzip
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from figures.theme import THEMES, ThemeName
from tests.browser.conftest import ROOT
from ui.course import PAGES, Entry
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.browser.conftest import Barriers, Visit

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)


def address(page: Entry) -> str:
    return "/" if page.slug == "home" else f"/{page.slug}"


def rgb(colour: str) -> str:
    return f"rgb({int(colour[1:3], 16)}, {int(colour[3:5], 16)}, {int(colour[5:7], 16)})"


@every_page
@pytest.mark.parametrize("theme", THEMES)
def test_a_page_has_the_colours_of_its_theme_and_no_serious_barrier(
    visit: Visit, barriers: Barriers, page: Entry, theme: ThemeName
) -> None:
    shown = visit(f"{address(page)}?share=on", theme=theme)
    expect(shown.get_by_test_id("stApp")).to_have_css("background-color", rgb(THEMES[theme].background))
    expect(shown.get_by_test_id("stSidebar")).to_have_css("background-color", rgb(THEMES[theme].surface))
    assert not barriers(shown)


@pytest.mark.parametrize("path", ["/", "/masked-words?mask=5"])
def test_the_style_comes_with_the_first_html_whatever_the_browser_has_kept(server: str, path: str) -> None:
    asked = {"Accept-Encoding": "gzip", "If-Modified-Since": formatdate(usegmt=True)}
    with urlopen(Request(server + path, headers=asked)) as answer:
        html = gzip.decompress(answer.read()).decode()
        assert not {"ETag", "Last-Modified"} & set(answer.headers)
    style = (ROOT / "ui" / "style.css").read_text(encoding="utf-8")
    assert html.index(f"<style>{style}</style>") > html.index("</head>")


@every_page
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_fits_a_phone_without_scrolling_sideways(visit: Visit, page: Entry, language: Language) -> None:
    shown = visit(f"{address(page)}?lang={language}&table=on&code=on&share=on", width=390)
    main = shown.get_by_test_id("stMain")
    for element in (shown.locator("html"), main):
        assert element.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    too_wide = main.evaluate(
        "e => [...e.querySelectorAll('h1, h2, h3, p, button, input:not([type=range]), svg')]"  # a range is hidden
        ".filter(x => x.checkVisibility() && x.getBoundingClientRect().right > innerWidth + 1"
        " && !x.closest('pre, .katex-display, [data-testid=stDataFrame]')).map(x => x.outerHTML.slice(0, 160))"
    )
    assert not too_wide
