"""Whole words or single pieces: how much easier a piece is when the rest of its word is seen."""

from __future__ import annotations

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.explain.together import Variant, answer_together, hide
from lm_core.explain.words.changes import AnswerChange, answer_change
from lm_core.text.tokenization import Encoding, Word


def split_words(encoding: Encoding) -> list[Word]:
    """The hidden words that the model reads as several pieces."""
    return [word for word in encoding.words if len(word.positions) > 1 and _is_hidden(word, encoding)]


def beside_the_rest(lm: LanguageModel, encoding: Encoding, word: Word, top_k: int = 4) -> tuple[AnswerChange, ...]:
    """Ask for every piece of a hidden word twice: with all of the word hidden, and with its other pieces seen.

    BERT's first release chose pieces one by one; since the rest of a word often gives a piece away, a later one hid
    whole words ("whole word masking", google-research/bert, May 2019).

    Args:
        lm: who answers; a word of n pieces is asked n + 1 times, in one pass.
        encoding: of the text; what else is hidden in it stays hidden.
        word: one of `split_words(encoding)`.
        top_k: how many answers of each pass to give.

    Returns:
        A change for each piece; before: the whole word hidden, after: this piece alone. Its loss is below 0 where the
        rest of the word helps.
    """
    shown = [_with_the_rest(encoding, word, position) for position in word.positions]
    whole, *alone = answer_together(lm, [hide(encoding, (), lm.tokenizer.mask_id, word.positions), *shown])
    return tuple(
        answer_change(
            before, answer.prediction_logits[0], position, encoding.original_ids[position], lm.tokenizer, top_k
        )
        for before, answer, position in zip(whole.prediction_logits, alone, word.positions, strict=True)
    )


def _with_the_rest(encoding: Encoding, word: Word, position: int) -> Variant:
    """The text with the pieces of a word put back, but for one, which is asked for."""
    ids = tuple(
        encoding.original_ids[place] if place in word.positions and place != position else id_
        for place, id_ in enumerate(encoding.input_ids)
    )
    return Variant(ids, encoding.token_type_ids, (position,))


def _is_hidden(word: Word, encoding: Encoding) -> bool:
    return all(
        position in encoding.masked_positions and encoding.original_ids[position] != encoding.input_ids[position]
        for position in word.positions
    )
