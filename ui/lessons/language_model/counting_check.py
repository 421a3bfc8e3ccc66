"""How a probability of an n-gram model came about: its counts, and what smoothing does with them, written out."""

from __future__ import annotations

import streamlit as st

from figures.bars import percent
from lm_core.explain.sentences.ngram import ADDED, DISCOUNT, Context, NgramModel
from lm_core.explain.sentences.smoothing import Step, written_out
from ui.i18n import _
from ui.lessons.language_model.ngrams import context_shown, word_shown
from ui.plain import code_span


def sum_written_out(model: NgramModel, context: Context, word: str, *, heading: bool = True) -> None:
    """The formula of the smoothing with the numbers of this text, one line for each length of context."""
    if heading:
        st.header(_("How this number came about"), anchor=False)
    steps = written_out(model, context, word)
    first = steps[0]
    if model.smoothing == "mle" and not first.total:
        st.markdown(
            _("The text never has {context}. A count of 0 divided by a sum of 0 says nothing at all.").format(
                context=context_shown(context)
            )
        )
        return
    lines = [_line(model, step, len(context) - place + 1) for place, step in enumerate(steps)]
    st.latex(r"\begin{aligned} " + r" \\[4pt] ".join(lines) + r" \end{aligned}")
    st.markdown(_told(model, first, word))
    if len(steps) > 1:
        names = [
            f"$p_{{{len(context) - place + 1}}}$ {_lower(step) if step.context else _shortest(model)}"
            for place, step in enumerate(steps[1:], 1)
        ]
        st.caption("; ".join(names))


def _line(model: NgramModel, step: Step, length: int) -> str:
    """One context's line, as LaTeX; numbers alone, since words are text from outside."""
    count, total, size = step.count, step.total, len(model.vocabulary)
    result = f"{step.probability:.5f}"
    name = "p" if length == model.order and model.smoothing in ("mle", *ADDED) else f"p_{{{length}}}"
    if model.smoothing in ADDED:
        added = f"{ADDED[model.smoothing]:g}"
        return rf"{name} &= \frac{{{count} + {added}}}{{{total} + {added} \times {size}}} = {result}"
    if model.smoothing == "mle" or not step.context:
        return rf"{name} &= \frac{{{count}}}{{{total}}} = {result}"
    below = rf"\,p_{{{length - 1}}}"
    if not total:
        return rf"{name} &= {below} = {result}"
    if model.smoothing == "witten-bell":
        kinds = rf"{total} + {step.kinds}"
        return rf"{name} &= \frac{{{count}}}{{{kinds}}} + \frac{{{step.kinds}}}{{{kinds}}}{below} = {result}"
    kept = rf"\frac{{{count} - {DISCOUNT:g}}}{{{total}}}" if count else "0"  # nothing is taken off nothing
    return rf"{name} &= {kept} + \frac{{{DISCOUNT:g} \times {step.kinds}}}{{{total}}}{below} = {result}"


def _told(model: NgramModel, step: Step, word: str) -> str:
    """The first line in words."""
    fields = {
        "context": context_shown(step.context),
        "word": code_span(word_shown(word)),
        "count": step.count,
        "total": step.total,
        "kinds": step.kinds,
        "size": len(model.vocabulary),
        "probability": percent(step.probability),
    }
    if model.smoothing == "kneser-ney" and not step.context:
        return _(
            "Counted is not how often {word} stands in the text, but after how many different words: {count} of "
            "{total} different pairs. That is {probability}."
        ).format(**fields)
    seen = (
        _("The text has {context} {total} times, and {count} of them go on with {word}.")
        if step.context
        else _("{count} of the {total} words of the text, sentence ends among them, are {word}.")
    ).format(**fields)
    rest = {
        "mle": _("The share is its probability: {probability}."),
        "laplace": _("Every one of the {size} words of the vocabulary gets 1 more, so that none has 0: {probability}."),
        "lidstone": _(
            "Every one of the {size} words of the vocabulary gets 0.1 more, so that none has 0: {probability}."
        ),
        "witten-bell": _(
            "{kinds} different words follow; the more these are, the more is left to the shorter context: "
            "{probability}."
        ),
        "kneser-ney": _(
            "0.75 is taken off each of the {kinds} counts, and what is gained goes to the shorter context: "
            "{probability}."
        ),
    }[model.smoothing]
    if step.context and not step.total and model.smoothing not in ADDED:
        rest = _("So the shorter context decides alone: {probability}.")
    return f"{seen} {rest.format(**fields)}"


def _lower(step: Step) -> str:
    """What a shorter context's line is about."""
    return _("after {context}").format(context=context_shown(step.context))


def _shortest(model: NgramModel) -> str:
    """What the last line is about."""
    if model.smoothing == "kneser-ney":
        return _("after how many different words it stands, whatever these are")
    return _("how often it stands anywhere")
