"""The view of pieces: the input as the model gets it, and how one word of it falls into pieces."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.pieces.staircase import MOST_TRIES, StaircaseText, Try, staircase
from lm_core.explain.pieces.wordpiece import CONTINUES, WordPieces, take_apart
from lm_core.text.tokenization import LONGEST_WORD, MASK
from ui.address.entries import index_option, text_entry
from ui.address.session import change, option
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.tokens.entrance import read_with_second, switches
from ui.lessons.tokens.guess import guess_the_nearer
from ui.models.shelf import Reading
from ui.panels.tokens import show_tokens, word_at
from ui.plain import code_span

FIRST_WORD = "unhappiness"  # taken apart as long as the reader has picked or typed none
CHALLENGE = 5  # pieces
_LONGEST_TYPED = 200  # characters


@dataclass(frozen=True)
class AskedWord:
    """The word that is taken apart."""

    apart: WordPieces
    written: tuple[str, ...]  # the words into which the tokenizer cut what was written; the first is taken apart
    number: int | None  # of the word in the sentence, from 0; None where it was typed


def show(words: DeltaGenerator) -> Shown:
    """The tokens, the box for a word of one's own, and the search for the pieces of one word."""
    controls = switches()
    reading = read_with_second(controls)
    read = reading.trace.encoding.words
    asked = _asked(reading)
    with controls:
        text_entry(
            _("A word to take apart"), name="word", longest=_LONGEST_TYPED, placeholder=FIRST_WORD, clears=("token",)
        )
    show_tokens(
        reading,
        _("What the model gets: position, piece, id. A bar below for segment A, a double bar for B. Click a word."),
        open_positions=[position for word in read if word.text != MASK for position in word.positions],
        picked=() if asked.number is None else read[asked.number].positions,
        on_pick=lambda position: change(token=position + 1, word=None),
    )
    word = code_span(asked.apart.word)
    st.header(_("How {word} falls into pieces").format(word=word), anchor=False)
    if len(asked.written) > 1:
        st.caption(
            _("Blanks and punctuation part words before anything else: {words}. The first one is shown.").format(
                words=" ".join(map(code_span, asked.written[:8]))
            )
        )
    st.markdown(_outcome(reading, asked.apart))
    if asked.apart.steps:
        _figure(asked.apart)
        numbers(
            _rows(reading, asked.apart),
            alt=_("Every candidate that was looked up for {word}").format(word=asked.apart.word),
            file_name="pieces",
        )
    computation = (
        f"{imports(take_apart)}"
        f"apart = take_apart({asked.apart.word!r}, lm.tokenizer.vocabulary)\n"
        "apart.pieces, [step.tried for step in apart.steps]"
    )
    with words:
        guess_the_nearer(reading, is_on_page=False)
    return Shown((take_apart,), computed(reading, computation), _notice(reading, asked), _challenge(asked))


def _notice(reading: Reading, asked: AskedWord) -> list[str]:
    """Measured statements about the input and the search."""
    encoding = reading.trace.encoding
    whole = sum(len(word.positions) == 1 for word in encoding.words)
    statements = [
        _(
            "The model gets {tokens} tokens: the pieces of your text, [CLS] at the start, [SEP] after each sentence."
        ).format(tokens=len(encoding.tokens)),
        _("{whole} of the {words} words of your sentence are one piece each.").format(
            whole=whole, words=len(encoding.words)
        ),
        _("The vocabulary has {count} pieces; {continuing} of them only continue a word.").format(
            count=f"{len(reading.model.tokenizer.vocabulary):,}",
            continuing=f"{sum(piece.startswith(CONTINUES) for piece in reading.model.tokenizer.vocabulary):,}",
        ),
    ]
    if asked.apart.steps:
        tries = sum(len(step.tried) for step in asked.apart.steps)
        statements.append(
            _(
                "Candidates looked up for {word}: {tries}. The longest match wins, whether or not it has a meaning."
            ).format(word=code_span(asked.apart.word), tries=tries)
        )
    return statements


def _challenge(asked: AskedWord) -> str:
    """A word of many pieces; judged by the search that is shown."""
    count = len(asked.apart.pieces)
    if count >= CHALLENGE:
        return _("**Challenge.** ✓ {word} falls into {count} pieces. How would you cut it?").format(
            word=code_span(asked.apart.word), count=count
        )
    return _("**Challenge.** Find an English word that falls into {count} pieces or more.").format(count=CHALLENGE)


def _asked(reading: Reading) -> AskedWord:
    """The word that was clicked, else the one that was typed, else one to begin with."""
    tokenizer = reading.model.tokenizer
    position = index_option("token", len(reading.trace.encoding.tokens))
    number = None if position is None else word_at(reading, position)
    text = (option("word") or "")[:_LONGEST_TYPED] if number is None else reading.trace.encoding.words[number].text
    if text == MASK:  # a token of its own, which nothing takes apart
        number, text = None, ""
    written = tokenizer.split(text)
    written = written or (FIRST_WORD,)
    return AskedWord(take_apart(written[0], tokenizer.vocabulary), written, number)


def _outcome(reading: Reading, apart: WordPieces) -> str:
    """The pieces with their ids, or why there are none."""
    vocabulary = reading.model.tokenizer.vocabulary
    if not apart.steps:
        return _("It has more than {longest} characters, so nothing is tried: the model reads {unknown}.").format(
            longest=LONGEST_WORD, unknown=code_span(apart.pieces[0])
        )
    if not apart.is_known:
        return _(
            "No piece of the vocabulary begins with {letter} here, so the whole word is read as {unknown}, id {id}."
        ).format(
            letter=code_span(apart.steps[-1].tried[-1]),
            unknown=code_span(apart.pieces[0]),
            id=vocabulary[apart.pieces[0]],
        )
    return _("{pieces}, in numbers: {ids}").format(
        pieces=" + ".join(map(code_span, apart.pieces)),
        ids=", ".join(str(vocabulary[piece]) for piece in apart.pieces),
    )


def _tries(apart: WordPieces) -> list[Try]:
    """Every candidate with its place in the word."""
    length = len(apart.word)
    return [
        Try(step.start, length - shorter, candidate, is_piece=candidate == step.piece)
        for step in apart.steps
        for shorter, candidate in enumerate(step.tried)
    ]


def _figure(apart: WordPieces) -> None:
    """The search as a staircase."""
    tries = _tries(apart)
    show_figure(
        staircase(
            apart.word,
            tries,
            theme=theme(),
            text=StaircaseText(tried=_("not in the vocabulary"), found=_("in the vocabulary")),
        ),
        key="staircase",
        file_name="pieces",
        alt=_("The search for the pieces of {word}, longest candidate first; found: {pieces}").format(
            word=apart.word, pieces=", ".join(step.piece for step in apart.steps if step.piece is not None) or "–"
        ),
    )
    if len(tries) > MOST_TRIES:
        st.caption(
            _("The first {drawn} of {tries} tries are drawn; the table has all of them.").format(
                drawn=MOST_TRIES, tries=len(tries)
            )
        )


def _rows(reading: Reading, apart: WordPieces) -> list[Row]:
    """A row for each candidate."""
    return [
        {
            _("step"): number,
            _("candidate"): candidate,
            _("in the vocabulary"): _("yes") if candidate == step.piece else _("no"),
            _("id"): reading.model.tokenizer.vocabulary.get(candidate, ""),
            _("what remains"): apart.word[len(apart.word) - shorter :],
        }
        for number, step in enumerate(apart.steps, 1)
        for shorter, candidate in enumerate(step.tried)
    ]
