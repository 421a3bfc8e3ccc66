"""A sentence scored by the model or by counting, token by token, and the sum behind each token."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from lm_core.explain.sentences.likelihood import PseudoLikelihood
from lm_core.explain.sentences.ngram import followers
from lm_core.explain.sentences.smoothing import SentenceLikelihood, score_sentence
from lm_core.explain.words.softmax import softmax_of
from ui.components.token_row import Token
from ui.frame.asked import likelihood, logits_where_hidden
from ui.i18n import _
from ui.lessons.language_model.counting_check import sum_written_out
from ui.lessons.language_model.ngrams import Counting, word_shown
from ui.models.shelf import Reading
from ui.panels.answers import softmax_written_out


@dataclass(frozen=True)
class Factor:
    """One token and its part in the product."""

    text: str  # as shown
    tile: Token
    probability: float
    bits: float


@dataclass(frozen=True)
class Scored:
    """A sentence scored by one of the two."""

    factors: tuple[Factor, ...]
    bits: float
    perplexity: float
    hint: str  # above the tiles
    label: str  # of a tile for screen readers
    written_out: Callable[[int], None]  # shows the sum behind one factor


def by_model(reading: Reading) -> Scored:
    """The pseudo-log-likelihood, piece by piece."""
    found: PseudoLikelihood = likelihood(reading, reading.view.sentence)

    def written_out(place: int) -> None:
        piece = found.pieces[place]
        logits = logits_where_hidden(reading, reading.view.sentence, piece.position)
        softmax_written_out(softmax_of(logits, piece.token_id), piece.token)

    return Scored(
        tuple(
            Factor(piece.token, Token(piece.token, piece.token_id, 0, "word"), math.exp(piece.log_prob), piece.bits)
            for piece in found.pieces
        ),
        found.bits,
        found.perplexity,
        _("Each piece was hidden once, alone, and the model saw all the others. Click one to see its sum."),
        _("{token}: piece {position}, id {id}"),
        written_out,
    )


def by_counting(counting: Counting, text: str) -> Scored:
    """The chain rule, word by word."""
    found: SentenceLikelihood = score_sentence(counting.model, text)
    often = followers(counting.model, ())

    def written_out(place: int) -> None:
        sum_written_out(counting.model, found.words[place].context, found.words[place].known, heading=False)

    return Scored(
        tuple(
            Factor(
                word_shown(word.word),
                Token(word_shown(word.word), often[word.known], 0, "word" if word.word == word.known else "masked"),
                word.probability,
                word.bits,
            )
            for word in found.words
        ),
        found.bits,
        found.perplexity,
        _("Below each word: how often the text has it. Coloured words it does not have. Click one to see its sum."),
        _("{token}: word {position}, {id} times in the text"),
        written_out,
    )
