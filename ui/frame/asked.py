"""What the reader's model is asked besides the sentence itself: computed once, and kept for all sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.i18n import _
from ui.models.shelf import Reading

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core import LanguageModel, MaskAnswer
    from lm_core.explain.sentences.likelihood import PseudoLikelihood
    from lm_core.explain.sentences.next_sentence import PairJudgement
    from lm_core.explain.sentences.ordering import PairScores

ANSWERS_IN_MEMORY = 1024  # to questions about a word or a pair: a few hundred bytes each
PAIRS_IN_MEMORY = 256  # stories or lists of pairs: a few hundred bytes each
LIKELIHOODS_IN_MEMORY = 256  # of sentences: a few dozen numbers each


def answer_alone(reading: Reading, word: int, top_k: int) -> MaskAnswer:
    """What the model answers where one word of the reader's sentence, of one piece, is hidden and no other is."""
    return _answer_alone(reading.serial, reading.view.sentence, word, top_k, reading.model)


def judged(reading: Reading, first: str, second: str) -> PairJudgement:
    """What the reader's model says to a pair: whether the second sentence follows the first.

    Raises:
        InputError: one is blank, or the model reads no pairs.
    """
    return _judged(reading.serial, first, second, reading.model)


def likelihood(reading: Reading, text: str) -> PseudoLikelihood:
    """How probable the reader's model finds a sentence: each piece hidden in turn, many in one pass.

    Raises:
        InputError: the sentence is blank, or says [MASK].
    """
    count = len(reading.model.encode(text).input_ids) - 2
    with st.spinner(_("The model is asked {count} times, each time for another piece …").format(count=count)):
        return _likelihood(reading.serial, text, reading.model)


def logits_where_hidden(reading: Reading, text: str, position: int) -> Tensor:
    """What the model's masked-word head says, (vocab,), where one piece of a text alone is hidden."""
    from lm_core.explain.together import answer_together, hide

    variant = hide(reading.model.encode(text), (position,), reading.model.tokenizer.mask_id, (position,))
    return answer_together(reading.model, [variant])[0].prediction_logits[0]


@st.cache_resource(max_entries=PAIRS_IN_MEMORY, show_spinner=False)
def scores_between(
    serial: int,  # noqa: ARG001 (part of the key)
    sentences: tuple[str, ...],
    _model: LanguageModel,
) -> PairScores:
    """What a model says to every ordered pair of some sentences.

    Raises:
        InputError: the model cannot judge pairs.
    """
    from lm_core.explain.sentences.ordering import pair_scores

    return pair_scores(_model, sentences)


@st.cache_resource(max_entries=PAIRS_IN_MEMORY, show_spinner=False)
def logits_of_pairs(
    serial: int,  # noqa: ARG001 (part of the key)
    pairs: tuple[tuple[str, str], ...],
    _model: LanguageModel,
) -> Tensor:
    """What a model says to some pairs of sentences: (pair, 2) logits.

    Raises:
        InputError: the model cannot judge pairs.
    """
    from lm_core.explain.sentences.ordering import pair_logits

    return pair_logits(_model, pairs)


@st.cache_resource(max_entries=LIKELIHOODS_IN_MEMORY, show_spinner=False)
def _likelihood(
    serial: int,  # noqa: ARG001 (part of the key)
    text: str,
    _model: LanguageModel,
) -> PseudoLikelihood:
    """A pass for each piece, many at once."""
    from lm_core.explain.sentences.likelihood import pseudo_likelihoods

    (scored,) = pseudo_likelihoods(_model, [text])
    return scored


@st.cache_resource(max_entries=ANSWERS_IN_MEMORY, show_spinner=False)
def _answer_alone(
    serial: int,  # noqa: ARG001 (part of the key)
    sentence: str,
    word: int,
    top_k: int,
    _model: LanguageModel,
) -> MaskAnswer:
    """One pass, of which only the answer is kept."""
    from lm_core.explain.words.prediction import answer_mask

    trace = _model.trace(sentence, masked_words=(word,))
    (position,) = trace.encoding.words[word].positions
    return answer_mask(trace, position, _model.tokenizer, top_k)


@st.cache_resource(max_entries=ANSWERS_IN_MEMORY, show_spinner=False)
def _judged(
    serial: int,  # noqa: ARG001 (part of the key)
    first: str,
    second: str,
    _model: LanguageModel,
) -> PairJudgement:
    """One pass, of which only the answer about the pair is kept."""
    from lm_core.explain.sentences.next_sentence import judge
    from lm_core.explain.together import answer_together, hide

    (answer,) = answer_together(_model, [hide(_model.encode(first, second), (), _model.tokenizer.mask_id)])
    return judge(answer.seq_relationship_logits)
