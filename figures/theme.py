"""The design language: every colour of the app, in a light and a dark variant, and nothing else has any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]

MEANINGS = ("query", "key", "value", "context", "special", "masked")
"""The things that have one colour everywhere: the roles of attention, special tokens and masked words."""

ROLES = ("previous", "next", "same", "special", "broad", "syntactic")
"""What a head can be for; each has one colour, and on a mark of this colour letters are those of the background."""

INKS = {"ink-dark": "#000000", "ink-light": "#FFFFFF"}
"""For numbers on a shade of a scale: whatever the shade, one of the two has a contrast of at least 4.5."""

FONT_FAMILY = '"Source Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
"""The typeface of the figures: the one that the pages use."""


@dataclass(frozen=True)
class Theme:
    """One variant of the palette; colours are `#RRGGBB`.

    Text and the meaning colours have a contrast of at least 4.5 against both surfaces (they are used for
    words), the accent too. The meaning colours stay apart for readers with protan, deutan and tritan vision.
    """

    name: ThemeName
    background: str  # the page
    surface: str  # panels, the sidebar, controls
    text: str
    muted_text: str  # captions, axis titles
    border: str  # hairlines; carries no meaning
    accent: str  # what can be operated, and what is selected; as text or mark, not behind white text in the dark
    query: str  # the position that looks
    key: str  # the position that is looked at
    value: str  # what is passed on
    context: str  # what a head gathered
    special: str  # [CLS], [SEP], [PAD]
    masked: str  # words hidden from the model
    sequential: tuple[str, ...]  # 10 steps for probabilities 0 to 1: equal steps in lightness, hue of the accent
    diverging: tuple[str, ...]  # 10 steps for scores: brown below 0, neutral at 0, the accent's hue above
    roles: tuple[str, ...]  # of heads, in the order of ROLES; that of special tokens has their colour

    def meaning(self, name: str) -> str:
        """The colour of one of `MEANINGS`."""
        if name not in MEANINGS:
            raise ValueError(f"name: {name!r} is not one of {', '.join(MEANINGS)}")
        colour: str = getattr(self, name)
        return colour

    @property
    def segments(self) -> tuple[str, str]:
        """The colours of the first and the second sentence: the accent, and the brown that lies opposite."""
        return self.accent, self.diverging[1]

    def streamlit_options(self) -> dict[str, str | list[str]]:
        """What `[theme.light]` or `[theme.dark]` of `.streamlit/config.toml` has to say, by Streamlit's names."""
        return {
            "primaryColor": self.accent,
            "backgroundColor": self.background,
            "secondaryBackgroundColor": self.surface,
            "textColor": self.text,
            "linkColor": self.accent,
            "borderColor": self.border,
            "codeTextColor": self.text,
            "codeBackgroundColor": self.surface,
            "chartCategoricalColors": [self.meaning(name) for name in MEANINGS],
            "chartSequentialColors": list(self.sequential),
            "chartDivergingColors": list(self.diverging),
        }


LIGHT = Theme(
    name="light",
    background="#FFFFFF",
    surface="#F3F6F6",
    text="#1A2529",
    muted_text="#56656B",
    border="#D5DEDF",
    accent="#0F6A75",
    query="#A16013",
    key="#2B66CF",
    value="#155C36",
    context="#5C1C96",
    special="#5A6365",
    masked="#C4228A",
    sequential=(
        "#F2F8F8", "#C9E2E4", "#A0CDD1", "#74B7BE", "#42A2AC",
        "#138A96", "#00707D", "#005763", "#00404B", "#002A33",
    ),
    diverging=(
        "#67310D", "#975B2C", "#C9884C", "#D8C29B", "#F4F4EF",
        "#EFF5F4", "#A1CFCE", "#49A9AE", "#1E767F", "#01464F",
    ),
    roles=("#3367C6", "#A23B02", "#2E1F67", "#5A6365", "#5C0409", "#7C2A8B"),
)  # fmt: skip

DARK = Theme(
    name="dark",
    background="#12181A",
    surface="#1B2326",
    text="#E6ECEC",
    muted_text="#9FB0B4",
    border="#344145",
    accent="#52C1CC",
    query="#E39A2B",
    key="#7DBAF8",
    value="#8FE39A",
    context="#A187F0",
    special="#B5BABD",
    masked="#E864A8",
    sequential=(
        "#192123", "#1F373C", "#224F57", "#216973", "#19838E",
        "#339DA6", "#5FB5B9", "#84CDCD", "#A9E5E3", "#CCFDF9",
    ),
    diverging=(
        "#F8C885", "#CE985D", "#A56B38", "#5D4A28", "#25241E",
        "#1D2627", "#27555B", "#238994", "#60B8BD", "#97E9E8",
    ),
    roles=("#3996D3", "#A99910", "#4BFCEE", "#B5BABD", "#F3DE62", "#DB6E82"),
)  # fmt: skip

THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK}


def css_variables() -> str:
    """The palette as CSS custom properties (`--lg-query`, `--lg-sequential-0`, ...) for components.

    Each is a `light-dark()` pair, so that it follows the `color-scheme` of the app without being sent again.
    """
    pairs = [(name, getattr(LIGHT, name), getattr(DARK, name)) for name in ("muted_text", *MEANINGS)]
    pairs += [
        (f"segment-{segment}", light, dark)
        for segment, (light, dark) in enumerate(zip(LIGHT.segments, DARK.segments, strict=True))
    ]
    pairs += [
        (f"{scale}-{step}", light, dark)
        for scale in ("sequential", "diverging")
        for step, (light, dark) in enumerate(zip(getattr(LIGHT, scale), getattr(DARK, scale), strict=True))
    ]
    pairs += [(f"role-{name}", light, dark) for name, light, dark in zip(ROLES, LIGHT.roles, DARK.roles, strict=True)]
    pairs += [(name, ink, ink) for name, ink in INKS.items()]
    lines = [f"  --lg-{name.replace('_', '-')}: light-dark({light}, {dark});" for name, light, dark in pairs]
    return ":host {\n" + "\n".join(lines) + "\n}\n"
