"""The theme that Streamlit reads has the colours of the figures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from figures.theme import THEMES, ThemeName

CONFIG = tomllib.loads((Path(__file__).parent.parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", THEMES)
def test_the_configuration_has_the_palette_of_the_figures(name: ThemeName) -> None:
    theme = dict(CONFIG["theme"][name])
    sidebar = theme.pop("sidebar")
    assert theme == THEMES[name].streamlit_options()
    assert sidebar == {
        "backgroundColor": THEMES[name].surface,
        "secondaryBackgroundColor": THEMES[name].background,
    }


def test_no_font_comes_from_the_network() -> None:
    assert "://" not in CONFIG["theme"]["font"] + CONFIG["theme"]["codeFont"]
