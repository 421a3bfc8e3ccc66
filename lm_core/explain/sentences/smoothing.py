"""From counts to probabilities: what an n-gram model expects next, the sum behind it, and whole sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lm_core.errors import InputError
from lm_core.explain.sentences.ngram import (
    ADDED,
    END,
    UNKNOWN,
    Context,
    NgramModel,
    context_of,
    followers,
    known_as,
    split,
    times,
)


@dataclass(frozen=True)
class NextWords:
    """What a model expects after a context."""

    context: Context  # the last order - 1 words, <s> before the first and <UNK> for words that the text lacks
    times: int  # how often the text has the context
    probabilities: tuple[float, ...]  # of each word of the vocabulary; they make 1, or are all 0 (`is_silent`)

    @property
    def is_silent(self) -> bool:
        """Whether counting alone has nothing to say: 0 out of 0."""
        return not any(self.probabilities)


@dataclass(frozen=True)
class Step:
    """One line of the sum behind a probability: p = direct + share_below · below."""

    context: Context
    count: int  # how often the word follows; in Kneser-Ney's shorter contexts, after how many different words
    total: int  # the same of all words together; 0 where the text lacks the context
    kinds: int  # different words that follow
    direct: float  # what this context says itself
    share_below: float  # how much is left to the context that is one word shorter; 0 without smoothing
    probability: float


@dataclass(frozen=True)
class WordLikelihood:
    """One word of a sentence."""

    word: str  # as written, in lower case; </s> for the end
    known: str  # as it was counted: <UNK> for a word that the text lacks
    context: Context
    probability: float  # 0 to 1

    @property
    def bits(self) -> float:
        """How much the word surprises; infinitely much where its probability is 0."""
        return -math.log2(self.probability) if self.probability else math.inf


@dataclass(frozen=True)
class SentenceLikelihood:
    """A sentence as a product of conditional probabilities, its end included (the chain rule)."""

    words: tuple[WordLikelihood, ...]

    @property
    def bits(self) -> float:
        """How much the whole sentence surprises: the sum over its words."""
        return math.fsum(word.bits for word in self.words)

    @property
    def perplexity(self) -> float:
        """As unsure per word as an even choice between so many."""
        return 2.0 ** (self.bits / len(self.words)) if math.isfinite(self.bits) else math.inf


def next_words(model: NgramModel, context: Context) -> NextWords:
    """The probability of every word after a context, as `context_of` gives it."""
    return NextWords(context, times(model, context), _distribution(model, context))


def ranked_words(model: NgramModel, expected: NextWords) -> list[tuple[str, float]]:
    """What can come next at all with its probability, the most probable first."""
    rows = zip(model.vocabulary, expected.probabilities, strict=True)
    return sorted((row for row in rows if row[1]), key=lambda row: -row[1])


def written_out(model: NgramModel, context: Context, word: str) -> tuple[Step, ...]:
    """How the probability of a word came about: the longest context first, each leaving a share to the next.

    Args:
        model: who counted.
        context: as `context_of` gives it.
        word: of the vocabulary.
    """
    step, *shorter = [_step(model, context[cut:], word) for cut in range(len(context) + 1)]
    return (step, *shorter) if step.share_below else (step,)


def score_sentence(model: NgramModel, text: str) -> SentenceLikelihood:
    """The chain rule: each word given the words before it, and the end of a sentence given them all.

    Args:
        model: who counted.
        text: a sentence; of several, each begins anew.

    Raises:
        InputError: there is no word.
    """
    scored = []
    for words in split(text):
        for place, word in enumerate((*words, END)):
            context, known = context_of(model, words[:place]), known_as(model, word)
            scored.append(WordLikelihood(word, known, context, written_out(model, context, known)[0].probability))
    if not scored:
        raise InputError("Counting finds no word in this sentence.")
    return SentenceLikelihood(tuple(scored))


def _distribution(model: NgramModel, context: Context) -> tuple[float, ...]:
    """Over the vocabulary, in its order; NLTK's `score` of each word, without asking it about what was never seen."""
    seen = followers(model, context)
    if model.smoothing in ("mle", *ADDED):
        unseen = _step(model, context, next((word for word in model.vocabulary if not seen[word]), UNKNOWN))
        return tuple(
            _step(model, context, word).probability if seen[word] else unseen.probability for word in model.vocabulary
        )
    if not context:
        return tuple(model.scorer.unmasked_score(word) for word in model.vocabulary)
    below = _distribution(model, context[1:])
    if not seen:
        return below
    shares = {word: model.scorer.estimator.alpha_gamma(word, context) for word in seen}
    left = next(iter(shares.values()))[1]
    return tuple(
        (shares[word][0] if word in shares else 0.0) + left * lower
        for word, lower in zip(model.vocabulary, below, strict=True)
    )


def _step(model: NgramModel, context: Context, word: str) -> Step:
    """One context's part in a probability."""
    seen = followers(model, context)
    count, total, kinds = seen[word], sum(seen.values()), len(seen)
    if model.smoothing in ADDED:
        is_known = bool(seen) or not context
        probability = model.scorer.unmasked_score(word, context) if is_known else 1 / len(model.vocabulary)
        return Step(context, count, total, kinds, probability, 0.0, probability)
    if model.smoothing == "mle":
        probability = model.scorer.unmasked_score(word, context) if seen else 0.0
        return Step(context, count, total, kinds, probability, 0.0, probability)
    if model.smoothing == "kneser-ney" and (len(context) + 1 < model.order or not context):
        count, total = _continuations(model, context, word)
    if not context:
        probability = model.scorer.unmasked_score(word)
        return Step(context, count, total, kinds, probability, 0.0, probability)
    direct, left = model.scorer.estimator.alpha_gamma(word, context) if seen else (0.0, 1.0)
    below = _step(model, context[1:], word).probability
    return Step(context, count, total, kinds, direct, left, direct + left * below)


def _continuations(model: NgramModel, context: Context, word: str) -> tuple[int, int]:
    """After how many different words the context stands with this word behind it, and with any (Kneser & Ney 1995)."""
    longer = [followers for before, followers in model.counts[len(context) + 2].items() if before[1:] == context]
    return sum(word in followers for followers in longer), sum(map(len, longer))
