"""The view of counting: the next word by the counts of a small text, beside the model's answer to the same prompt."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.errors import InputError
from lm_core.explain.sentences.ngram import (
    START,
    UNKNOWN,
    Context,
    context_of,
    count_ngrams,
    followers,
    frequent_contexts,
    last_words,
    times,
)
from lm_core.explain.sentences.smoothing import NextWords, next_words, ranked_words
from lm_core.explain.words.prediction import MaskAnswer, answer_mask
from lm_core.text.tokenization import MASK
from ui.address.entries import text_entry
from ui.address.session import change, option
from ui.components.matrix import Lit, MatrixLabels, matrix
from ui.frame.controls import switch
from ui.frame.notebook import computed
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.language_model import counting_notes
from ui.lessons.language_model.counting_check import sum_written_out
from ui.lessons.language_model.ngrams import Counting, context_shown, pick_counting, word_shown
from ui.lessons.language_model.word_bars import word_bars
from ui.models.shelf import Reading, trace_beside
from ui.plain import code_span

FIRST_PROMPT = "The dog ran to the"
_LONGEST_PROMPT = 200  # characters
_TOP = 8  # bars of each
_ROWS, _COLUMNS = 8, 8  # of the count table on the page


def show(words: DeltaGenerator) -> Shown:
    """Prompt, two charts, the count table, and the sum behind one number."""
    reading = read_sentence()
    counting = pick_counting()
    prompt = text_entry(
        _("Beginning of a sentence (English)"),
        name="prompt",
        longest=_LONGEST_PROMPT,
        placeholder=FIRST_PROMPT,
        clears=("context", "word"),
    )
    prompt = prompt if prompt.strip() else FIRST_PROMPT
    context = context_of(counting.model, last_words(prompt))
    expected = next_words(counting.model, context)
    answer = _model_answer(reading, prompt)
    with st.container(key="beside"):
        with st.container():
            _counted_bars(counting, expected)
        with st.container():
            _model_bars(answer)
    asked_context, asked_word = _asked(counting, expected)
    contexts = _count_table(counting, context, asked_context, asked_word)
    if counting.is_ours and switch(_("Read the text"), name="read"):
        with st.container(border=True):
            st.markdown(counting.text)  # our own: no markup is in it
    sum_written_out(counting.model, asked_context, asked_word)
    numbers(
        _rows(counting, expected),
        alt=_("Every word of the vocabulary after this context: its count and its probability"),
        file_name="next-words",
        number_format="%.6f",
    )
    with words:
        counting_notes.guess(counting, contexts)
    return Shown(
        (count_ngrams, next_words, answer_mask),
        computed(
            reading,
            counting.source,
            f"expected = next_words(ngrams, context_of(ngrams, last_words({prompt!r})))\n"
            "ranked = sorted(zip(expected.probabilities, ngrams.vocabulary), reverse=True)\n"
            f"expected.times, ranked[:{_TOP}]",
            f"lm.fill_mask({_with_gap(prompt)!r}, top_k={_TOP})",
        ),
        counting_notes.notice(counting, expected, answer),
        counting_notes.challenge(expected, answer),
    )


def _with_gap(prompt: str) -> str:
    """The same prompt for a model that fills gaps."""
    return f"{prompt.strip()} {MASK}."


def _model_answer(reading: Reading, prompt: str) -> MaskAnswer:
    """What our model puts between the prompt and a full stop.

    Raises:
        InputError: the prompt has a gap of its own, or is too long.
    """
    if MASK in prompt:
        raise InputError("The gap comes by itself at the end: leave [MASK] out of the beginning.")
    trace = trace_beside(reading, _with_gap(prompt), ())
    if not trace.encoding.masked_positions:
        raise InputError(
            "This beginning fills all {positions} positions of the model: shorten it.",
            positions=reading.model.config.max_position_embeddings,
        )
    return answer_mask(trace, trace.encoding.masked_positions[0], reading.model.tokenizer, _TOP)


def _counted_bars(counting: Counting, expected: NextWords) -> None:
    """The most probable next words by the counts; where there is no count at all, what that means."""
    st.header(_("By counting"), anchor=False)
    seen = {"context": context_shown(expected.context), "times": expected.times}
    st.markdown(
        _("After {context}, which the text has {times} times:").format(**seen)
        if expected.context
        else _("After anything: an n-gram of one word looks at no context.")
    )
    if expected.is_silent:
        st.info(
            _(
                "The text never goes on after {context}: 0 divided by 0. Counting has nothing to say here. Shorter "
                "n-grams or smoothing help it out; the model beside it does not need them."
            ).format(**seen)
        )
        return
    best = ranked_words(counting.model, expected)[:_TOP]
    words, probabilities = [word_shown(word) for word, _p in best], [probability for _w, probability in best]
    word_bars(words, probabilities, key="by-counting", told=_("The most probable next words by counting: {words}"))


def _model_bars(answer: MaskAnswer) -> None:
    """The model's answer, and what it was asked."""
    st.header(_("By the model"), anchor=False)
    st.markdown(_("It reads the beginning, {mask} and a full stop:").format(mask=code_span(MASK)))
    words = [each.token for each in answer.predictions]
    probabilities = [each.probability for each in answer.predictions]
    word_bars(words, probabilities, key="by-the-model", told=_("The model's most probable words: {words}"))


def _asked(counting: Counting, expected: NextWords) -> tuple[Context, str]:
    """The cell of the count table that was clicked, else the most probable next word."""
    model = counting.model
    clicked = tuple((option("context") or "").split())
    context = clicked if option("context") is not None and times(model, clicked) else expected.context
    if len(context) != len(expected.context):
        context = expected.context
    word = option("word") or ""
    if word not in model.vocabulary:
        ranked = ranked_words(model, expected)
        word = ranked[0][0] if ranked else model.vocabulary[0]
    return context, word


def _count_table(counting: Counting, context: Context, asked_context: Context, asked_word: str) -> list[Context]:
    """The row that is used, the most frequent others, and what follows them; a click asks for the sum.

    Returns:
        The contexts that it shows.
    """
    model = counting.model
    st.header(_("What was counted"), anchor=False)
    wanted = [context, asked_context, *frequent_contexts(model, _ROWS)]
    contexts = list(dict.fromkeys(wanted))[:_ROWS]
    by_row = [followers(model, each) for each in contexts]
    here = [word for word, _count in by_row[0].most_common(_COLUMNS - 1)]
    often = sorted(model.vocabulary, key=lambda word: -sum(row[word] for row in by_row))
    words = list(dict.fromkeys([*here, asked_word, *often]))[:_COLUMNS]
    matrix(
        np.array([[row[word] for word in words] for row in by_row], dtype=np.float32),
        key="count_table",
        rows=[f"{sum(row.values())} · {' '.join(each) or '–'}" for each, row in zip(contexts, by_row, strict=True)],
        columns=[word_shown(word) for word in words],
        labels=MatrixLabels(
            name=_("How often each word follows each context"),
            row=_("how often · context"),
            column=_("next word"),
        ),
        scale="sequential",
        bound=float(max(max(row.values(), default=1) for row in by_row)),
        digits=0,
        picked=(contexts.index(asked_context), words.index(asked_word)),
        lit=Lit(row=0),
        on_pick=lambda row, column: change(context=" ".join(contexts[row]), word=words[column]),
    )
    st.caption(
        _(
            "The first row is the one that the prompt asks for; below it the most frequent of {contexts} contexts of "
            "this length. {start} is the beginning of a sentence, {unknown} a word that the text lacks. Click a count "
            "to see what becomes of it."
        ).format(start=code_span(START), unknown=code_span(UNKNOWN), contexts=f"{len(frequent_contexts(model)):,}")
    )
    return contexts


def _rows(counting: Counting, expected: NextWords) -> list[Row]:
    """A row for each word of the vocabulary."""
    counts = followers(counting.model, expected.context)
    rows = zip(counting.model.vocabulary, expected.probabilities, strict=True)
    return [
        {_("next word"): word_shown(word), _("count"): counts[word], _("probability"): probability}
        for word, probability in sorted(rows, key=lambda row: (-row[1], -counts[row[0]]))
    ]
