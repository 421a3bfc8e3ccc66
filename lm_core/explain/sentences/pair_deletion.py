"""Which words of a pair its judgement rests on: each taken away in turn, and how far the log-odds of IsNext move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.explain.sentences.next_sentence import PairJudgement, judge
from lm_core.explain.together import Variant, answer_together, hide, leave_out
from lm_core.text.tokenization import Encoding, Word

How = Literal["hide", "leave out"]
"""A word gives way to [MASK], and nothing moves; or it goes, and what stood behind it moves up."""


@dataclass(frozen=True)
class PairWordEffect:
    """What the model says to a pair without one of its words."""

    segment: int  # 0: a word of the first text, 1: of the second
    word: int  # its number in the encoding's words, or in its pair_words
    without: PairJudgement
    bits: float  # log-odds of IsNext with all words less those without it: above 0 where the word speaks for IsNext


def pair_word_effects(
    lm: LanguageModel,
    encoding: Encoding,
    how: How,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[PairJudgement, tuple[PairWordEffect, ...]]:
    """Take every word of both texts away in turn (deletion; Li, Monroe and Jurafsky 2016, §3).

    Args:
        lm: who judges; a pair of n words is judged n + 1 times, many at once.
        encoding: of the pair.
        how: hidden, where a word that is hidden already would change nothing, or left out, where the only word of a
            text has to stay. Such words have no effect to tell.
        on_progress: as of `answer_together`.

    Returns:
        The judgement of the whole pair, and an effect for each word that was taken away, first text first.
    """
    taken = [
        (segment, number, word)
        for segment, words in enumerate((encoding.words, encoding.pair_words))
        for number, word in enumerate(words)
        if (len(words) > 1 if how == "leave out" else any(at not in encoding.masked_positions for at in word.positions))
    ]
    whole = hide(encoding, (), lm.tokenizer.mask_id)
    variants = [whole, *(_without(encoding, word, how, lm.tokenizer.mask_id) for _, _, word in taken)]
    base, *others = (judge(each.seq_relationship_logits) for each in answer_together(lm, variants, on_progress))
    return base, tuple(
        PairWordEffect(segment, number, judgement, base.log_odds - judgement.log_odds)
        for (segment, number, _), judgement in zip(taken, others, strict=True)
    )


def _without(encoding: Encoding, word: Word, how: How, mask_id: int) -> Variant:
    """The pair without one word."""
    return hide(encoding, word.positions, mask_id) if how == "hide" else leave_out(encoding, word.positions)
