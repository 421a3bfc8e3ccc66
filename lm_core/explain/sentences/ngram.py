"""Predicting the next word by counting: n-gram models of a small text, with the smoothing of NLTK's `nltk.lm`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lm_core.errors import InputError

if TYPE_CHECKING:
    from nltk.lm import NgramCounter
    from nltk.lm.api import LanguageModel as Scorer

Smoothing = Literal["mle", "laplace", "lidstone", "witten-bell", "kneser-ney"]
Context = tuple[str, ...]

START, END, UNKNOWN = "<s>", "</s>", "<UNK>"
LONGEST_ORDER = 4
ADDED: dict[str, float] = {"laplace": 1, "lidstone": 0.1}  # to every count
DISCOUNT = 0.75  # taken off every count by Kneser-Ney (Jurafsky & Martin, §3.8)

_SENTENCE_END = re.compile(r"[.!?。！？\n]+")
_WORD = re.compile("[\u3400-\u9fff]|[^\\W_\u3400-\u9fff]+(?:['’-][^\\W_\u3400-\u9fff]+)*")


@dataclass(frozen=True, eq=False)
class NgramModel:
    """The counts of a text, and how they become probabilities; it never changes, so that sessions may share it."""

    order: int  # words of an n-gram: the next word is told from the order - 1 words before it
    smoothing: Smoothing
    vocabulary: tuple[str, ...]  # all that can come next, </s> and <UNK> among them, the most frequent first
    running_words: int  # of the text, the ends of its sentences not counted
    scorer: Scorer  # NLTK's

    @property
    def counts(self) -> NgramCounter:
        """All n-grams up to the order; for Kneser-Ney at least the pairs."""
        return self.scorer.counts


def split(text: str) -> tuple[Context, ...]:
    """The sentences of a text as words in lower case; punctuation only parts them, and Chinese is cut by character."""
    sentences = (tuple(_WORD.findall(sentence.lower())) for sentence in _SENTENCE_END.split(text))
    return tuple(sentence for sentence in sentences if sentence)


def last_words(text: str) -> Context:
    """The words since the last end of a sentence; none where the text has just ended one."""
    return tuple(_WORD.findall(_SENTENCE_END.split(text)[-1].lower()))


def count_ngrams(text: str, order: int, smoothing: Smoothing, *, rare_as_unknown: bool = False) -> NgramModel:
    """Count a text.

    Args:
        text: in any language that parts words by blanks, or in Chinese.
        order: 1 to 4.
        smoothing: none ("mle"), or where what was never seen gets its share from.
        rare_as_unknown: count words that occur once as <UNK>, so that it has counts of its own.

    Raises:
        InputError: the text has no words.
    """
    from nltk import lm  # takes a second

    sentences = split(text)
    if not sentences:
        raise InputError("There is no word to count in this text.")
    cutoff = 2 if rare_as_unknown else 1
    seen = Counter(word for sentence in sentences for word in sentence)
    seen[END] = max(len(sentences), cutoff)
    vocabulary = lm.Vocabulary(seen, unk_cutoff=cutoff)
    longest = max(order, 2) if smoothing == "kneser-ney" else order
    known = [tuple(vocabulary.lookup(sentence)) for sentence in sentences]
    counter = lm.NgramCounter(_ngrams(sentence, longest) for sentence in known)
    shared = {"vocabulary": vocabulary, "counter": counter}
    scorer = {
        "mle": lambda: lm.MLE(order, **shared),
        "laplace": lambda: lm.Laplace(order, **shared),
        "lidstone": lambda: lm.Lidstone(ADDED["lidstone"], order, **shared),
        "witten-bell": lambda: lm.WittenBellInterpolated(order, **shared),
        "kneser-ney": lambda: lm.KneserNeyInterpolated(order, discount=DISCOUNT, **shared),
    }[smoothing]()
    by_frequency = sorted(vocabulary, key=lambda word: (-counter.unigrams[word], word))
    return NgramModel(order, smoothing, tuple(by_frequency), sum(map(len, sentences)), scorer)


def context_of(model: NgramModel, words: Sequence[str]) -> Context:
    """The last order - 1 of the words, as they were counted."""
    padded = [START] * (model.order - 1) + [known_as(model, word) for word in words]
    return tuple(padded[len(padded) - model.order + 1 :])


def known_as(model: NgramModel, word: str) -> str:
    """A word as it was counted: <UNK> where the vocabulary lacks it."""
    return word if word == START or word in model.scorer.vocab else UNKNOWN


def followers(model: NgramModel, context: Context) -> Counter[str]:
    """What the text has after a context, counted. A look at an unseen one would write it into NLTK's table."""
    if not context:
        return Counter(model.counts.unigrams)
    table = model.counts[len(context) + 1]
    return Counter(table[context]) if context in table else Counter()


def frequent_contexts(model: NgramModel, most: int | None = None) -> list[Context]:
    """The contexts of order - 1 words that the text has, the most frequent first; for order 1 the empty one."""
    if model.order == 1:
        return [()]
    totals = {context: words.N() for context, words in model.counts[model.order].items()}
    return sorted(totals, key=lambda context: (-totals[context], context))[:most]


def times(model: NgramModel, context: Context) -> int:
    """How often the text goes on after a context."""
    return sum(followers(model, context).values())


def _ngrams(sentence: Context, longest: int) -> Iterator[Context]:
    """Every word and the end, each with 0 to longest - 1 words before it; <s> only ever stands before something."""
    padded = (*[START] * (longest - 1), *sentence, END)
    for end in range(longest, len(padded) + 1):
        for length in range(1, longest + 1):
            yield padded[end - length : end]
