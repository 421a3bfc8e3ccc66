"""Text from a reader or a tokenizer, made safe for the small markup language that plotly reads in labels."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from figures.theme import Theme

_LONGEST = 24  # characters of a label; the full text stands in the table
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode categories that could break a line or turn its direction


def one_line(text: str) -> str:
    """The text as far as a label has room for it, without what is not seen."""
    visible = "".join(char for char in text if _is_seen(char))
    cut = visible if len(visible) <= _LONGEST else visible[: _LONGEST - 1] + "…"
    return cut.strip() or "␣"


def plain(text: str) -> str:
    """The text as it is: plotly takes `<b>`, `<br>` and `&lt;` for markup, so they are escaped."""
    return html.escape(one_line(text), quote=False)


def coloured(text: str, colour: str) -> str:
    """`plain` text in a colour of the palette."""
    return f'<span style="color:{colour}">{plain(text)}</span>'


def labels(texts: Sequence[str], colours: Mapping[int, str]) -> list[str]:
    """`plain` texts; those whose place, from 0, has a colour are written in it."""
    return [coloured(text, colours[place]) if place in colours else plain(text) for place, text in enumerate(texts)]


def token_colours(theme: Theme, special: Collection[int] = (), masked: Collection[int] = ()) -> dict[int, str]:
    """The colours of meaning of tokens, by position: of the special ones and of those that are masked."""
    return {**dict.fromkeys(special, theme.special), **dict.fromkeys(masked, theme.masked)}


def numbered(texts: Sequence[str]) -> list[str]:
    """What plotly tells texts apart by: each with its place, from 1, so that equal ones do not merge."""
    return [f"{place} {plain(text)}" for place, text in enumerate(texts, 1)]


def width(text: str) -> float:
    """How wide the label will be, generously, as a multiple of the height of its font."""
    return sum(1.05 if unicodedata.east_asian_width(char) in "WF" else 0.58 for char in one_line(text))


def _is_seen(char: str) -> bool:
    """Whether a character may stand in a label; XML, and so SVG, refuses the two noncharacters."""
    return unicodedata.category(char) not in _UNSEEN and char not in "\ufffe\uffff"
