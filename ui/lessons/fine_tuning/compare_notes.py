"""What is asked, said and set as a task beside a model before and after its training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from lm_core.explain.training.confusion import Judged, flipped
from lm_core.explain.words.deletion import How
from ui.frame.notice import listed
from ui.frame.prediction import Question, predict, show_score
from ui.i18n import _
from ui.lessons.fine_tuning.label_words import label_effects_of
from ui.lessons.fine_tuning.run_models import RunModels, heads_changed, judged_both, measured_examples
from ui.panels.attention import head_name
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core import Encoding
    from lm_core.explain.words.changes import AnswerChange

_CHOICES = 4
_FAR = 0.5  # bits
_HIDE: How = "hide"


def guess_the_layer(run: RunModels) -> None:
    """Which layer's heads have changed most? The figure is in another part of the view."""
    bits = heads_changed(run, st.empty()).mean(dim=1).tolist()
    if len(bits) < 2 or run.step == 0:
        return
    names = [_("Layer {number}").format(number=number) for number in range(1, len(bits) + 1)]
    ranked = sorted(range(len(bits)), key=lambda layer: -bits[layer])
    chosen = sorted(ranked[:1] + ranked[1 :: max(1, (len(ranked) - 1) // (_CHOICES - 1))][: _CHOICES - 1])
    predict(
        Question(
            _("In which layer have the heads changed most, on average, by this training?"),
            tuple(names[layer] for layer in chosen),
            names[ranked[0]],
            _("In bits: {layers}.").format(layers=", ".join(f"{names[layer]} {bits[layer]:.3f}" for layer in chosen)),
        ),
        key=f"layer {run.key}",
    )
    show_score()


def guess_the_word(run: RunModels) -> None:
    """Which word does the surest mistake rest on? The words are in another part of the view."""
    _before, after = judged_both(run, st.empty())
    rows = measured_examples(run)
    numbers = after.most_sure_and_wrong or list(range(len(rows)))
    row = rows[numbers[0]]
    words, found = label_effects_of(run, row.text, row.text_pair, _HIDE)
    by_text = {
        words[each.word].text: each.bits
        for each in sorted(found, key=lambda each: each.bits)
        if any(char.isalnum() for char in words[each.word].text)
    }
    ranked = sorted(by_text, key=lambda text: -by_text[text])
    if len(ranked) < 2:
        return
    stride = max(1, (len(ranked) - 1) // (_CHOICES - 1))
    kept = {ranked[0], *ranked[1::stride][: _CHOICES - 1]}
    chosen = [text for text in dict.fromkeys(word.text for word in words) if text in kept]
    predict(
        Question(
            _("The model takes {text} for {label}. Which of these words, hidden, would cost this answer most?").format(
                text=code_span(row.text), label=code_span(run.labels[int(after.answers[numbers[0]])])
            ),
            tuple(code_span(text) for text in chosen),
            code_span(ranked[0]),
            _("Lost, in bits: {effects}.").format(
                effects=", ".join(f"{code_span(text)} {by_text[text]:.2f}" for text in ranked if text in kept)
            ),
        ),
        key=f"word {run.key} {row.text}",
    )
    show_score()


def answers_noticed(run: RunModels, before: Judged, after: Judged) -> None:
    """How much better it is, what flipped, and how sure it is of its mistakes."""
    better, worse = flipped(before, after)
    lines = [
        _("{better} examples were wrong and are right now, {worse} were right and are wrong now.").format(
            better=len(better), worse=len(worse)
        ),
        _(
            "An untrained head answers by chance: its figures say what the fresh numbers of one seed do, often "
            "one label for "
            "nearly everything."
        ),
    ]
    wrong = after.most_sure_and_wrong
    if wrong:
        lines.append(
            _(
                "It is wrong {count} times, and then believes its wrong label with {mean} on average; when "
                "right, {right}."
            ).format(
                count=len(wrong),
                mean=percent(float(after.probs.max(dim=-1).values[~after.is_right].mean())),
                right=percent(float(after.probs.max(dim=-1).values[after.is_right].mean()))
                if after.is_right.any()
                else "–",
            )
        )
    rarest = min(range(len(run.labels)), key=lambda label: after.scores[label].f1)
    lines.append(
        _("It finds {label} worst: F1 {f1}. Accuracy hides a rare label, macro-F1 does not.").format(
            label=code_span(run.labels[rarest]), f1=f"{after.scores[rarest].f1:.3f}"
        )
    )
    _notice(lines)


def answers_challenge(run: RunModels, after: Judged) -> None:
    """Be right more often than somebody who only counts words."""
    counted = _naive_bayes(*run.key, run)
    if after.accuracy > counted:
        told = _(
            "**Challenge.** ✓ {model} against {counted}: your model knows more about these texts than naive "
            "Bayes, which "
            "counts the words of each label."
        )
    else:
        told = _(
            "**Challenge.** Naive Bayes, which only counts the words of each label, is right on {counted} of these "
            "examples, your model on {model}. Train one that beats it: more epochs, another learning rate."
        )
    st.markdown(told.format(model=percent(after.accuracy), counted=percent(counted)))


def heads_noticed(bits: Tensor, largest: Sequence[tuple[int, int]]) -> None:
    """The heads that changed most, and least, and the layers."""
    named = ", ".join(f"{head_name(layer, head)} ({float(bits[layer, head]):.3f})" for layer, head in largest)
    layers = bits.mean(dim=1)
    lowest = divmod(int(bits.argmin()), bits.shape[1])
    _notice(
        [
            _("Most changed: {heads} bits.").format(heads=named),
            _("Least changed: {head} with {bits} bits.").format(
                head=head_name(*lowest), bits=f"{float(bits[lowest]):.3f}"
            ),
            _("The mean of the first layer is {first} bits, of the last {last}.").format(
                first=f"{float(layers[0]):.3f}", last=f"{float(layers[-1]):.3f}"
            ),
            _(
                "On larger BERTs it was found that fine-tuning changes the upper layers most (Merchant et al. "
                "2020). Is it so "
                "here?"
            ),
        ]
    )


def heads_challenge(bits_here: float) -> None:
    """A sentence on which a head looks elsewhere altogether."""
    told = (
        _("**Challenge.** ✓ On this sentence the picked head has changed by {bits} bits.")
        if bits_here >= _FAR
        else _(
            "**Challenge.** Find a head and a sentence on which it has changed by {far} bits or more; here it is "
            "{bits}."
        )
    )
    st.markdown(told.format(bits=f"{bits_here:.3f}", far=_FAR))


def sentence_noticed(
    run: RunModels, encoding: Encoding, before: Sequence[float], after: Sequence[float], changes: Sequence[AnswerChange]
) -> None:
    """Both labels, and how much the answers to the gaps have lost."""
    then, now = (max(range(len(probs)), key=probs.__getitem__) for probs in (before, after))
    lines = [
        _("Before: {then} with {before}. After: {now} with {after}.").format(
            then=code_span(run.labels[then]),
            before=percent(before[then]),
            now=code_span(run.labels[now]),
            after=percent(after[now]),
        )
    ]
    lines += [
        _("At position {position}, {piece} has lost {bits} bits: nobody trained for gaps any more.").format(
            position=each.before.position, piece=code_span(each.target.token), bits=f"{each.loss:.2f}"
        )
        if each.loss >= 0
        else _("At position {position}, {piece} has gained {bits} bits.").format(
            position=each.before.position, piece=code_span(each.target.token), bits=f"{-each.loss:.2f}"
        )
        for each in changes
    ]
    if encoding.masked_positions:
        lines.append(_("Both read the sentence with its gaps, for the label, too."))
    _notice(lines)


def sentence_challenge(run: RunModels, sentence: str) -> None:
    """A sentence whose label hangs on one word."""
    words, found = label_effects_of(run, sentence, None, _HIDE)
    turned = [each for each in found if max(range(len(each.after)), key=each.after.__getitem__) != each.target]
    if turned:
        st.markdown(
            _("**Challenge.** ✓ Without {word} it would be another label.").format(
                word=code_span(words[turned[0].word].text)
            )
        )
    else:
        st.markdown(_("**Challenge.** Write a sentence that gets another label when one single word is hidden."))


def _notice(lines: Sequence[str]) -> None:
    st.markdown(listed(_("**Notice.** Measured just now:"), lines))


@st.cache_data(max_entries=64, show_spinner=False)
def _naive_bayes(run_id: str, step: int, _run: RunModels) -> float:  # noqa: ARG001 (the key)
    """The accuracy of naive Bayes on the same examples, learned from the same ones."""
    from lm_core.text.examples import Examples
    from lm_core.text.naive_bayes import learn

    return learn(_run.plan.train).accuracy(Examples(measured_examples(_run)))
