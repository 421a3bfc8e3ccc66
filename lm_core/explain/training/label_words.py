"""Which words a label rests on: each taken away in turn, and what the classifier says without it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from lm_core.explain.together import Variant, hide
from lm_core.explain.words.deletion import How, without_each_word
from lm_core.text.labelled import EncodedExamples
from lm_core.text.tokenization import Word
from lm_core.training.classifier import Classifier


@dataclass(frozen=True)
class LabelEffect:
    """What the probability of a label loses when one word is taken away."""

    word: int  # its number among the words of the text, those of the pair behind those of the first
    before: tuple[float, ...]  # probability of each label with all words
    after: tuple[float, ...]  # and without this one
    target: int  # the label that is asked about

    @property
    def bits(self) -> float:
        """By how much log2 of the target's probability falls: above 0 where the label rests on the word."""
        return math.log2(max(self.before[self.target], 1e-300)) - math.log2(max(self.after[self.target], 1e-300))


def label_effects(
    classifier: Classifier, text: str, text_pair: str | None = None, *, target: int | None = None, how: How = "hide"
) -> tuple[tuple[Word, ...], tuple[LabelEffect, ...]]:
    """Take every word of a text away in turn (deletion; Li, Monroe and Jurafsky 2016, §3), all in one batched pass.

    Args:
        classifier: who answers.
        text, text_pair: what is labelled.
        target: the label that is asked about, an index; None means the most probable one.
        how: a word gives way to [MASK], or it goes and what stood behind it moves up.

    Returns:
        The words that the model reads, and an effect for each of them, in their order. A word that is [MASK] already
        has none where words are hidden; a text of one word has none where words are left out.

    Raises:
        InputError: a text is blank, or the model reads no pairs.
    """
    encoding = classifier.lm.encode(text, text_pair)
    words = (*encoding.words, *encoding.pair_words)
    taken = [
        number
        for number, word in enumerate(words)
        if (how == "leave out" and len(words) > 1)
        or (how == "hide" and any(position not in encoding.masked_positions for position in word.positions))
    ]
    mask_id = classifier.lm.tokenizer.mask_id
    variants = [
        hide(encoding, (), mask_id),
        *without_each_word(encoding, [words[number] for number in taken], how, mask_id),
    ]
    whole, *without = label_probs_of(classifier, variants).tolist()
    asked = max(range(len(whole)), key=whole.__getitem__) if target is None else target
    return words, tuple(
        LabelEffect(number, tuple(whole), tuple(probs), asked) for number, probs in zip(taken, without, strict=True)
    )


def label_probs_of(classifier: Classifier, variants: Sequence[Variant]) -> Tensor:
    """(variant, label) how probable each label of each input is, in double precision."""
    encoded = EncodedExamples(
        tuple(np.asarray(variant.input_ids, np.int32) for variant in variants),
        tuple(np.asarray(variant.token_type_ids, np.int32) for variant in variants),
        np.zeros(len(variants), np.int64),  # nobody asks for their labels
        classifier.lm.tokenizer.pad_id,
        classifier.lm.config.max_position_embeddings,
    )
    return classifier.label_logits(encoded).double().softmax(dim=-1)
