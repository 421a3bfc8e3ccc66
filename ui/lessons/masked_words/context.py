"""The view of the context: each word taken away in turn, and what the answer to a gap loses without it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.sentences.bits import signed
from figures.words.along import effect_bars
from lm_core import Word
from lm_core.explain.words.changes import AnswerChange
from lm_core.explain.words.deletion import How, WordEffect, without_each_word, word_effects
from lm_core.text.tokenization import MASK
from ui.address.entries import index_option
from ui.address.session import change
from ui.appearance import theme
from ui.components.word_row import RowLabels, RowWord, word_row
from ui.frame.controls import choice, mask_picker
from ui.frame.figure import show_figure
from ui.frame.latex import decimal
from ui.frame.notebook import Cell, imports, reading_cells
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.masked_words.gaps import word_picker_of_gaps
from ui.lessons.masked_words.guesses import guess_the_word_that_matters
from ui.models.shelf import Reading
from ui.panels.answer_bars import change_bars, changes_told
from ui.panels.masked_kept import effects
from ui.plain import code_span

_PIECES = 2  # of a gap, whose answers are drawn
_FAR = 4  # words away from the gap
_HOW: dict[str, How] = {"hide": "hide", "delete": "leave out"}  # in the address, in lm_core


def show(words: DeltaGenerator) -> Shown:
    """The words to click, what each word of the context is worth, and one of them in full."""
    reading = read_sentence()
    mask_picker(reading, key="words")
    gap = word_picker_of_gaps(reading)
    if gap is None:
        return Shown()
    names = {"hide": _("hidden"), "delete": _("left out")}
    how = _HOW[choice(_("Each word in turn is"), list(names), name="how", shown=lambda name: names[name])]
    positions = tuple(position for position in gap.positions if position in reading.trace.encoding.masked_positions)
    found = effects(reading, positions, how, st.empty())
    if not found:
        st.info(_("There is no word to take away: a gap needs a context."))
        return Shown()
    picked = _picked(found)
    _row(reading, found, gap, picked)
    _bars(reading, found, picked)
    _without(reading, picked)
    numbers(
        [_as_row(reading, effect) for effect in found],
        alt=_("What the answer loses without each word"),
        file_name="context",
        number_format="%.6g",
    )
    with words:
        guess_the_word_that_matters(reading)
        st.markdown(_notice(reading, found))
        st.markdown(_challenge(reading, found, gap))
    return Shown((word_effects, without_each_word), _cells(reading, positions, how))


def _picked(found: Sequence[WordEffect]) -> WordEffect:
    """The word that the address asks about, else the one that matters most."""
    asked = index_option("without", 1 + max(effect.word for effect in found))
    return next((effect for effect in found if effect.word == asked), max(found, key=lambda effect: effect.bits))


def _row(reading: Reading, found: Sequence[WordEffect], gap: Word, picked: WordEffect) -> None:
    """The sentence, each word in the colour of what it is worth."""
    by_word = {effect.word: effect for effect in found}

    def row_word(number: int, word: Word) -> RowWord:
        effect = by_word.get(number)
        if effect is None:
            is_typed = reading.trace.encoding.original_ids[word.positions[0]] == reading.model.tokenizer.mask_id
            return RowWord(
                MASK, kind="masked", above="" if is_typed else word.text, below="?" * (word == gap), is_open=False
            )
        return RowWord(word.text, effect.bits, below=signed(effect.bits), told=_told(word, effect))

    words = [row_word(number, word) for number, word in enumerate(reading.trace.encoding.words)]
    word_row(
        words,
        key="word_row",
        labels=RowLabels(
            _("Bits that the answer loses without each word. Click a word to see both answers."),
            low=_("the answer is better without it"),
            high=_("the answer needs it"),
        ),
        picked=picked.word,
        on_pick=lambda number: change(without=number + 1),
    )


def _told(word: Word, effect: WordEffect) -> str:
    """Both probabilities of each target, in one line of plain text."""
    pieces = ", ".join(
        f"{each.target.token} {percent(each.target.before)} → {percent(each.target.after)}" for each in effect.changes
    )
    return _("Without {word}: {pieces}; {bits} bits").format(word=word.text, pieces=pieces, bits=signed(effect.bits))


def _bars(reading: Reading, found: Sequence[WordEffect], picked: WordEffect) -> None:
    """The same as lengths."""
    by_word = {effect.word: effect.bits for effect in found}
    words = reading.trace.encoding.words
    best = max(found, key=lambda effect: effect.bits)
    show_figure(
        effect_bars(
            [word.text for word in words],
            [by_word.get(number, math.nan) for number in range(len(words))],
            theme=theme(),
            title=_("bits lost"),
            picked=picked.word,
            masked=[number for number in range(len(words)) if number not in by_word],
        ),
        key="effects",
        file_name="context",
        alt=_("What the answer loses without each word; most without {word}: {bits} bits").format(
            word=words[best.word].text, bits=signed(best.bits)
        ),
    )


def _without(reading: Reading, effect: WordEffect) -> None:
    """The answers with and without one word, and the difference written out."""
    word = reading.trace.encoding.words[effect.word].text
    st.header(_("Without word {number}: {word}").format(number=effect.word + 1, word=code_span(word)), anchor=False)
    for each in effect.changes[:_PIECES]:
        change_bars(
            each,
            names=(_("all words"), _("without it")),
            key=f"without {each.before.position}",
            file_name="context-word",
            alt=_("With all words, and without {word}: {answers}").format(word=word, answers=changes_told(each)),
            original=None if each.before.original is None else each.before.original.token_id,
        )
    if len(effect.changes) > _PIECES:
        st.caption(
            _("The first {drawn} of {pieces} pieces are drawn; the sum has all of them.").format(
                drawn=_PIECES, pieces=len(effect.changes)
            )
        )
    _sum(effect)


def _sum(effect: WordEffect) -> None:
    """log2 of the one probability less log2 of the other, a line for each piece."""
    st.markdown(
        _(
            "Lost: the logarithm of the target's probability with all words, less the one without this word. 1 bit "
            "halves the probability. The target is {pieces}."
        ).format(pieces=", ".join(code_span(each.target.token) for each in effect.changes))
    )
    lines = [
        rf"&\log_2 {decimal(each.target.before)} - \log_2 {decimal(each.target.after)} \\ "
        rf"&\quad = {_minus(each)} = {each.loss:.4f}"
        for each in effect.changes
    ]
    if len(lines) > 1:
        lines.append(rf"&\text{{{_('all pieces')}}} = {effect.bits:.4f}")
    st.latex(r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}")


def _minus(change: AnswerChange) -> str:
    """The two logarithms, one less the other."""
    before, after = (math.log2(max(each, 1e-300)) for each in (change.target.before, change.target.after))
    return f"{before:.4f} - ({after:.4f})"


def _notice(reading: Reading, found: Sequence[WordEffect]) -> str:
    """Which words matter most, and how many are better gone."""
    words = reading.trace.encoding.words
    ranked = sorted(found, key=lambda effect: -effect.bits)
    lines = [
        _("Most is lost without {words}.").format(
            words=", ".join(
                _("{word} ({bits} bits)").format(word=code_span(words[each.word].text), bits=f"{each.bits:.2f}")
                for each in ranked[:3]
            )
        ),
        _("{count} of {total} words make the answer less probable: it is better without them.").format(
            count=sum(effect.bits < 0 for effect in found), total=len(found)
        ),
        _(
            "The effects do not add up: two words can say the same, and then neither is missed alone. A sentence "
            "without a word may also be one that nobody writes."
        ),
    ]
    return listed(_("**Notice.** Measured just now:"), lines)


def _challenge(reading: Reading, found: Sequence[WordEffect], gap: Word) -> str:
    """A word far from the gap that matters most of all."""
    best = max(found, key=lambda effect: effect.bits)
    distance = abs(best.word - reading.trace.encoding.words.index(gap))
    if distance >= _FAR and best.bits >= 1:
        return _("**Challenge.** ✓ {word} matters most, from {distance} words away.").format(
            word=code_span(reading.trace.encoding.words[best.word].text), distance=distance
        )
    return _(
        "**Challenge.** Write a sentence in which the word that matters most stands {distance} words or more from the "
        "gap and is worth at least 1 bit."
    ).format(distance=_FAR)


def _as_row(reading: Reading, effect: WordEffect) -> Row:
    """One word in numbers; of a gap of several pieces the probabilities are multiplied."""
    return {
        _("word"): effect.word + 1,
        _("text"): reading.trace.encoding.words[effect.word].text,
        _("with all words"): math.prod(each.target.before for each in effect.changes),
        _("without it"): math.prod(each.target.after for each in effect.changes),
        _("bits lost"): effect.bits,
    }


def _cells(reading: Reading, positions: tuple[int, ...], how: How) -> list[Cell]:
    """The same as cells of a notebook."""
    return [
        *reading_cells(reading),
        Cell(_("Every word of the context taken away in turn, and the bits that the answer loses."), "markdown"),
        Cell(
            f"{imports(word_effects)}"
            f"effects = word_effects(lm, trace.encoding, {positions!r}, {how!r})\n"
            "for effect in effects:\n"
            '    print(f"{trace.encoding.words[effect.word].text:20} {effect.bits:+.4f} bits")'
        ),
    ]
