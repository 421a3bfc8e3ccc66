"""Which words of the context an answer rests on: each taken away in turn, and what the answer loses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.explain.together import Variant, answer_together, hide, leave_out
from lm_core.explain.words.changes import AnswerChange, answer_change
from lm_core.text.tokenization import Encoding, Word

How = Literal["hide", "leave out"]
"""A word gives way to [MASK], and nothing moves; or it goes, and what stood behind it moves up."""


@dataclass(frozen=True)
class WordEffect:
    """What the answer loses when one word of the context is taken away."""

    word: int  # its number in the encoding's words
    changes: tuple[AnswerChange, ...]  # at each position that was asked for: with all words, and without this one

    @property
    def bits(self) -> float:
        """By how much the log-probability of the targets falls without the word, added up over the positions: above 0
        where the answer rests on the word, and 1 bit halves the probability; below 0 where it is better without it.
        """
        return math.fsum(change.loss for change in self.changes)


def without_each_word(
    encoding: Encoding, words: Sequence[Word], how: How, mask_id: int, scored_positions: Sequence[int] = ()
) -> list[Variant]:
    """One input for each word, in which it alone is taken away.

    Args:
        encoding: of the text, or of the two, with whatever is hidden in it.
        words: those to be taken away, one at a time.
        how: hidden, or left out.
        mask_id: the id of [MASK].
        scored_positions: where a piece is asked for, as `encoding` counts them; none where only the pair counts.
    """
    if how == "hide":
        return [hide(encoding, word.positions, mask_id, scored_positions) for word in words]
    return [leave_out(encoding, word.positions, scored_positions) for word in words]


def word_effects(
    lm: LanguageModel,
    encoding: Encoding,
    positions: Sequence[int],
    how: How = "hide",
    *,
    top_k: int = 4,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[WordEffect, ...]:
    """Take every word of the context away in turn (deletion; Li, Monroe and Jurafsky 2016, §3).

    The target at each position is the piece that stood there, or where the reader typed [MASK] the model's first
    answer to the whole text. Words of a gap that is asked for are not taken away, and where words are hidden those that
    are hidden already would change nothing.

    Args:
        lm: who answers; a text of n words is asked n + 1 times, many at once.
        encoding: of the text with its gaps.
        positions: the masked positions that are asked for, such as all pieces of one word.
        how: hidden, or left out.
        top_k: how many answers of each pass to give.
        on_progress: as of `answer_together`.

    Returns:
        An effect for each word that was taken away, in the order of the text.

    Raises:
        ValueError: nothing is masked at one of the positions.
    """
    wrong = [position for position in positions if position not in encoding.masked_positions]
    if wrong:
        raise ValueError(f"positions: {wrong} are not among the masked {encoding.masked_positions}")
    taken = [number for number, word in enumerate(encoding.words) if _is_context(word, encoding, positions, how)]
    variants = [
        hide(encoding, (), lm.tokenizer.mask_id, positions),
        *without_each_word(
            encoding, [encoding.words[number] for number in taken], how, lm.tokenizer.mask_id, positions
        ),
    ]
    whole, *without = answer_together(lm, variants, on_progress)
    return tuple(
        WordEffect(
            number,
            tuple(
                answer_change(before, after, position, encoding.original_ids[position], lm.tokenizer, top_k)
                for before, after, position in zip(
                    whole.prediction_logits, answer.prediction_logits, positions, strict=True
                )
            ),
        )
        for number, answer in zip(taken, without, strict=True)
    )


def _is_context(word: Word, encoding: Encoding, positions: Sequence[int], how: How) -> bool:
    """Whether a word can be taken away: no part of the gap, and not hidden already where it would be hidden."""
    if any(position in positions for position in word.positions):
        return False
    return how == "leave out" or any(position not in encoding.masked_positions for position in word.positions)
