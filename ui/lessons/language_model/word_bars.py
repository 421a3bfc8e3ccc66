"""Words with their probabilities as bars, as the views of the lesson on language models draw them."""

from __future__ import annotations

from collections.abc import Sequence

from figures.bars import percent
from figures.words.answer_bars import BarsText, answer_bars
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.i18n import _


def word_bars(
    words: Sequence[str], probabilities: Sequence[float], *, key: str, told: str, original: int | None = None
) -> None:
    """Show bars on a scale from 0 to 1.

    Args:
        words, probabilities: from top to bottom.
        key: names the figure and its file.
        told: what it shows, with the field {words}, for those who cannot see it.
        original: index of the word that has the colour of masked words.
    """
    listed = ", ".join(f"{word} {percent(each)}" for word, each in zip(words, probabilities, strict=True))
    show_figure(
        answer_bars(
            words, probabilities, theme=theme(), text=BarsText(probability=_("probability")), original=original
        ),
        key=key,
        file_name=key,
        alt=told.format(words=listed),
    )
