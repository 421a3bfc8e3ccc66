"""Answers to a gap as bars, of one pass or of two; and as the words that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from figures.bars import percent
from figures.words.answer_bars import BarsText, PairedBarsText, answer_bars, paired_bars
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.i18n import _

if TYPE_CHECKING:
    from lm_core.checkpoints.pretrained import Prediction
    from lm_core.explain.words.changes import AnswerChange


def prediction_bars(
    predictions: Sequence[Prediction], *, key: str, file_name: str, alt: str, original: int | None = None
) -> None:
    """Show answers from top to bottom as they are given.

    Args:
        predictions: pieces with their probabilities.
        key: names the instance.
        file_name: of the picture that is taken away, without ending.
        alt: what the figure says, for those who cannot see it.
        original: id of the piece that has the colour of masked words, if it is among them.
    """
    ids = [each.token_id for each in predictions]
    show_figure(
        answer_bars(
            [each.token for each in predictions],
            [each.probability for each in predictions],
            theme=theme(),
            text=BarsText(probability=_("probability")),
            original=ids.index(original) if original in ids else None,
        ),
        key=key,
        file_name=file_name,
        alt=alt,
    )


def change_bars(
    change: AnswerChange, *, names: tuple[str, str], key: str, file_name: str, alt: str, original: int | None
) -> None:
    """Show how the answers to a gap have changed; arguments as of `prediction_bars`, and:

    Args:
        change: the answers in both passes.
        names: of the passes.
    """
    ids = [piece.token_id for piece in change.pieces]
    show_figure(
        paired_bars(
            [piece.token for piece in change.pieces],
            [piece.before for piece in change.pieces],
            [piece.after for piece in change.pieces],
            theme=theme(),
            text=PairedBarsText(_("probability"), *names),
            original=None if original is None else ids.index(original),
        ),
        key=key,
        file_name=file_name,
        alt=alt,
    )


def answers_told(predictions: Sequence[Prediction]) -> str:
    """Answers in one line: dog 61.0 %, cat 30.2 %."""
    return ", ".join(f"{each.token} {percent(each.probability)}" for each in predictions)


def changes_told(change: AnswerChange) -> str:
    """How answers have changed, in one line: dog 61.0 % → 58.1 %."""
    return ", ".join(f"{piece.token} {percent(piece.before)} → {percent(piece.after)}" for piece in change.pieces)
