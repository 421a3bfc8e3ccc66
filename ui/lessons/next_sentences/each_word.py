"""The view of words: each word of both sentences taken away in turn, and how far the model's belief moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.sentences.bits import signed
from figures.words.answer_bars import PairedBarsText, paired_bars
from lm_core import Word
from lm_core.explain.sentences.next_sentence import PairJudgement, judge
from lm_core.explain.sentences.pair_deletion import How, PairWordEffect, pair_word_effects
from ui.address.session import change, option
from ui.appearance import theme
from ui.components.word_row import RowLabels, RowWord, word_row
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.frame.latex import in_brackets
from ui.frame.notebook import Cell, imports, reading_cells
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.next_sentences.cards import example_picker, pair_read
from ui.models.shelf import Reading
from ui.plain import code_span

_SEGMENTS = "AB"
_HOW: dict[str, How] = {"delete": "leave out", "hide": "hide"}  # in the address, in lm_core
_EFFECTS_IN_MEMORY = 128  # for each word of a pair a few numbers


@dataclass
class Effects:
    """What a pair is without each of its words, once it is computed."""

    found: tuple[PairJudgement, tuple[PairWordEffect, ...]] | None = None


def show(words: DeltaGenerator) -> Shown:
    """The cards, the words in the colour of what they are worth, and one of them in full.

    Args:
        words: the column of words, where what to notice and the challenge stand.
    """
    example_picker()
    reading = pair_read()
    names = {"delete": _("left out"), "hide": _("hidden")}
    how = _HOW[choice(_("Each word in turn is"), list(names), name="how", shown=lambda name: names[name])]
    whole, found = _effects(reading, how, st.empty())
    if not found:
        st.info(_("There is no word to take away: each sentence has only one."))
        return Shown()
    picked = _picked(found)
    _row(reading, whole, found, picked)
    _in_full(reading, whole, picked)
    numbers(
        [_as_row(reading, whole, effect) for effect in found],
        alt=_("P(IsNext) without each word"),
        file_name="pair-words",
        number_format="%.6f",
    )
    with words:
        st.markdown(_notice(reading, whole, found))
        st.markdown(_challenge(reading, whole, found))
    cells = [
        *reading_cells(reading),
        Cell(
            f"{imports(pair_word_effects)}"
            f"whole, effects = pair_word_effects(lm, trace.encoding, {how!r})\n"
            'print(f"P(IsNext) = {whole.probability:.6f}")\n'
            "words = (trace.encoding.words, trace.encoding.pair_words)\n"
            "for effect in effects:\n"
            '    print(f"{words[effect.segment][effect.word].text:20} {effect.bits:+.4f} bits")'
        ),
    ]
    return Shown((pair_word_effects, judge), cells)


def _effects(reading: Reading, how: How, place: DeltaGenerator) -> tuple[PairJudgement, tuple[PairWordEffect, ...]]:
    """All words of the pair, taken away in turn; what takes more than one pass shows how far it is."""
    kept = _kept(reading.serial, reading.view.sentence, reading.trace.encoding.text_pair or "", how)
    if kept.found is None:

        def on_progress(done: int, total: int) -> None:
            if done < total:
                place.progress(done / total, f"{done} / {total}")

        kept.found = pair_word_effects(reading.model, reading.trace.encoding, how, on_progress=on_progress)
        place.empty()
    return kept.found


@st.cache_resource(max_entries=_EFFECTS_IN_MEMORY, show_spinner=False)
def _kept(serial: int, first: str, second: str, how: How) -> Effects:  # noqa: ARG001 (the key)
    """An empty place. It is filled outside of here, since whoever fills it shows a progress of their own."""
    return Effects()


def _picked(found: Sequence[PairWordEffect]) -> PairWordEffect:
    """The word that the address names, such as B3, else the one that matters most."""
    asked = option("without")
    return next((effect for effect in found if _name(effect) == asked), max(found, key=lambda effect: abs(effect.bits)))


def _name(effect: PairWordEffect) -> str:
    """A word as the address names it: its sentence, and its number from 1."""
    return f"{_SEGMENTS[effect.segment]}{effect.word + 1}"


def _word(reading: Reading, effect: PairWordEffect) -> Word:
    """The word that was taken away."""
    encoding = reading.trace.encoding
    return (encoding.words, encoding.pair_words)[effect.segment][effect.word]


def _row(reading: Reading, whole: PairJudgement, found: Sequence[PairWordEffect], picked: PairWordEffect) -> None:
    """Both sentences in one row as the model gets them, each word in the colour of its effect."""
    encoding = reading.trace.encoding
    by_word = {(effect.segment, effect.word): effect for effect in found}
    places: list[tuple[int, int] | None] = [
        *((0, number) for number in range(len(encoding.words))),
        None,
        *((1, number) for number in range(len(encoding.pair_words))),
    ]

    def row_word(place: tuple[int, int] | None) -> RowWord:
        if place is None:
            return RowWord("[SEP]", is_open=False)
        segment, number = place
        word = (encoding.words, encoding.pair_words)[segment][number]
        effect = by_word.get(place)
        if effect is None:
            return RowWord(word.text, above=_SEGMENTS[segment], is_open=False)
        told = _("Without {word}: P(IsNext) {before} → {after}; {bits} bits").format(
            word=word.text,
            before=percent(whole.probability),
            after=percent(effect.without.probability),
            bits=signed(effect.bits),
        )
        return RowWord(word.text, effect.bits, above=_SEGMENTS[segment], below=signed(effect.bits), told=told)

    def pick(index: int) -> None:
        place = places[index]
        if place is not None:
            change(without=f"{_SEGMENTS[place[0]]}{place[1] + 1}")

    word_row(
        [row_word(place) for place in places],
        key="word_row",
        labels=RowLabels(
            _("How many bits each word adds to the log-odds of IsNext. Click a word to see both probabilities."),
            low=_("speaks against"),
            high=_("speaks for IsNext"),
        ),
        picked=places.index((picked.segment, picked.word)),
        on_pick=pick,
    )


def _in_full(reading: Reading, whole: PairJudgement, effect: PairWordEffect) -> None:
    """P(IsNext) with and without one word, and the difference of the log-odds written out."""
    text = _word(reading, effect).text
    st.header(
        _("Without word {number} of {sentence}: {word}").format(
            number=effect.word + 1, sentence=_SEGMENTS[effect.segment], word=code_span(text)
        ),
        anchor=False,
    )
    before, after = whole.probability, effect.without.probability
    show_figure(
        paired_bars(
            ["IsNext"],
            [before],
            [after],
            theme=theme(),
            text=PairedBarsText(_("probability"), _("all words"), _("without it")),
        ),
        key="without",
        file_name="pair-word",
        alt=_("Without {word}: P(IsNext) {before} → {after}; {bits} bits").format(
            word=text, before=percent(before), after=percent(after), bits=signed(effect.bits)
        ),
    )
    st.markdown(
        _(
            "The log-odds tell how much more probable IsNext is than its contrary: the difference of the two logits, "
            "divided by ln 2 to have bits. At 50 % they are 0, and each bit doubles the odds. What the word adds is "
            "the difference between all words and all but this one."
        )
    )
    st.latex(
        rf"\begin{{aligned}} &\frac{{{_minus(whole)}}}{{\ln 2}} - \frac{{{_minus(effect.without)}}}{{\ln 2}} \\[4pt] "
        rf"&= {whole.log_odds:.4f} - {in_brackets(effect.without.log_odds)} = {effect.bits:.4f} \end{{aligned}}"
    )


def _minus(judgement: PairJudgement) -> str:
    """The difference of the two logits, as LaTeX."""
    return f"{judgement.is_next_logit:.4f} - {in_brackets(judgement.not_next_logit)}"


def _notice(reading: Reading, whole: PairJudgement, found: Sequence[PairWordEffect]) -> str:
    """Which words matter most, and whether all effects add up to the whole."""
    best, worst = max(found, key=lambda effect: effect.bits), min(found, key=lambda effect: effect.bits)
    of_second = sum(abs(effect.bits) for effect in found if effect.segment)
    everything = sum(abs(effect.bits) for effect in found)
    lines = [
        _("{word} in {sentence} speaks most for IsNext: {bits} bits.").format(
            word=code_span(_word(reading, best).text), sentence=_SEGMENTS[best.segment], bits=signed(best.bits)
        ),
        _("{word} in {sentence} speaks most against it: {bits} bits.").format(
            word=code_span(_word(reading, worst).text), sentence=_SEGMENTS[worst.segment], bits=signed(worst.bits)
        ),
        _("Of all effects, signs left aside, {share} belong to words of B.").format(
            share=percent(of_second / everything if everything else 0.0)
        ),
        _(
            "The log-odds of the pair are {whole} bits. The effects add up to {sum}: words do not act one by one."
        ).format(whole=signed(whole.log_odds), sum=signed(sum(effect.bits for effect in found))),
    ]
    return listed(_("**Notice.** Measured just now:"), lines)


def _challenge(reading: Reading, whole: PairJudgement, found: Sequence[PairWordEffect]) -> str:
    """A pair that turns on a single word."""
    turning = [effect for effect in found if (effect.without.probability > 0.5) != (whole.probability > 0.5)]
    if turning:
        most = max(turning, key=lambda effect: abs(effect.bits))
        return _("**Challenge.** ✓ Without {word} alone the model turns round: {before} → {after}.").format(
            word=code_span(_word(reading, most).text),
            before=percent(whole.probability),
            after=percent(most.without.probability),
        )
    return _("**Challenge.** Find a pair that turns on one word: without it, P(IsNext) crosses the 50 %.")


def _as_row(reading: Reading, whole: PairJudgement, effect: PairWordEffect) -> Row:
    """One word in numbers."""
    return {
        _("sentence"): _SEGMENTS[effect.segment],
        _("word"): effect.word + 1,
        _("text"): _word(reading, effect).text,
        _("all words"): whole.probability,
        _("without it"): effect.without.probability,
        _("bits"): effect.bits,
    }
