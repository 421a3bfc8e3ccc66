"""Which words a label rests on: each hidden or left out in turn, shown on the words, and one of them written out."""

from __future__ import annotations

import math

import streamlit as st

from figures.bars import percent
from figures.sentences.bits import signed
from lm_core.explain.training.label_words import LabelEffect
from lm_core.explain.words.deletion import How
from lm_core.text.tokenization import Word
from ui.address.entries import index_option
from ui.address.session import change
from ui.components.word_row import RowLabels, RowWord, word_row
from ui.frame.controls import choice
from ui.frame.latex import decimal
from ui.i18n import _
from ui.lessons.fine_tuning.label_bars import label_bars_of_two
from ui.lessons.fine_tuning.run_models import RunModels
from ui.plain import code_span

_HOW: dict[str, How] = {"hide": "hide", "delete": "leave out"}  # in the address, in lm_core
_KEPT = 256  # texts: a few numbers for each word


def show_label_words(run: RunModels, text: str, text_pair: str | None, *, truth: int | None = None) -> None:
    """The words of a text coloured by what the trained model's label loses without each, and one word in full.

    Args:
        run: whose model after the training answers.
        text, text_pair: what is labelled.
        truth: the label that is true; where it is not the model's, the reader can ask about it, too.
    """
    st.header(_("Which words did it"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {"hide": _("hidden"), "delete": _("left out")}
        how = _HOW[choice(_("Each word in turn is"), list(names), name="how", shown=lambda name: names[name])]
        words, found = label_effects_of(run, text, text_pair, how)
        answer = found[0].target if found else None
        target = answer
        if answer is not None and truth is not None and truth != answer:
            about = {
                "answer": _("its answer, {label}").format(label=code_span(run.labels[answer])),
                "truth": _("the true label, {label}").format(label=code_span(run.labels[truth])),
            }
            asked = choice(_("Asked about"), list(about), name="about", shown=lambda name: about[name])
            target = answer if asked == "answer" else truth
    if target is None:
        st.caption(_("There is no word to take away."))
        return
    found = tuple(LabelEffect(each.word, each.before, each.after, target) for each in found)
    asked_word = index_option("without", len(words))
    picked = next(
        (each for each in found if each.word == asked_word), max(found, key=lambda each: (each.bits, -each.word))
    )
    by_word = {each.word: each for each in found}
    word_row(
        [_row_word(word, by_word.get(number)) for number, word in enumerate(words)],
        key="label_words",
        labels=RowLabels(
            _("Bits that {label} loses without each word. Click a word to see both answers.").format(
                label=run.labels[target]
            ),
            low=_("more probable without it"),
            high=_("rests on it"),
        ),
        picked=picked.word,
        on_pick=lambda number: change(without=number + 1),
    )
    _one_word(run, words[picked.word], picked)


def label_effects_of(
    run: RunModels, text: str, text_pair: str | None, how: How
) -> tuple[tuple[Word, ...], tuple[LabelEffect, ...]]:
    """The words of a text, and what the trained model says without each; its own answer is the target.

    Raises:
        InputError: the text is blank.
    """
    return _effects(*run.key, text, text_pair, how, run)


def _row_word(word: Word, effect: LabelEffect | None) -> RowWord:
    """One word of the row; one that is hidden already cannot be asked about."""
    if effect is None:
        return RowWord(word.text, kind="masked", is_open=False)
    return RowWord(
        word.text,
        effect.bits,
        below=signed(effect.bits),
        told=_("Without {word}: {before} → {after}; {bits} bits").format(
            word=word.text,
            before=percent(effect.before[effect.target]),
            after=percent(effect.after[effect.target]),
            bits=signed(effect.bits),
        ),
    )


def _one_word(run: RunModels, word: Word, effect: LabelEffect) -> None:
    """The labels with and without one word, and the difference written out."""
    st.markdown(_("**Without {word}:**").format(word=code_span(word.text)))
    label_bars_of_two(
        run.labels,
        effect.before,
        effect.after,
        key="without_word",
        truth=None,
        names=(_("all words"), _("without it")),
    )
    before, after = effect.before[effect.target], effect.after[effect.target]
    logs = [math.log2(max(each, 1e-300)) for each in (before, after)]
    st.latex(
        rf"\begin{{aligned}} &\log_2 {decimal(before)} - \log_2 {decimal(after)} \\ "
        rf"&\quad = {logs[0]:.4f} - ({logs[1]:.4f}) = {effect.bits:.4f} \text{{ bits}} \end{{aligned}}"
    )


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _effects(
    run_id: str,  # noqa: ARG001 (part of the key)
    step: int,  # noqa: ARG001
    text: str,
    text_pair: str | None,
    how: How,
    _run: RunModels,
) -> tuple[tuple[Word, ...], tuple[LabelEffect, ...]]:
    """All variants of the text in one batched pass."""
    from lm_core.explain.training.label_words import label_effects

    return label_effects(_run.after, text, text_pair, how=how)
