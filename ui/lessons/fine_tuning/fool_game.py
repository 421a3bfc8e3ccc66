"""A game: write a sentence that fools the model, and say what it really is; the model's answer is the judge."""

from __future__ import annotations

import streamlit as st

from figures.bars import percent
from lm_core.errors import InputError
from ui.address.entries import text_entry
from ui.address.session import session
from ui.frame.controls import choice
from ui.frame.lesson import failures_told
from ui.i18n import _
from ui.lessons.fine_tuning.run_models import RunModels
from ui.lessons.fine_tuning.state import FineTuningState, Fooled
from ui.plain import code_span

_LONGEST = 200  # characters
_SURE = 0.9  # the model is then really fooled, and not merely unsure
_SHOWN = 5  # tries


def show_game(run: RunModels) -> None:
    """A sentence, the reader's label for it, and whether the model is fooled."""
    st.markdown(
        _(
            "**Challenge.** Fool your model: write a sentence of which any person would say what it is, and "
            "which the model takes "
            "for something else, with {sure} or more."
        ).format(sure=f"{100 * _SURE:.0f}\u00a0%")
    )
    names = [str(number) for number in range(1, len(run.labels) + 1)]
    text = text_entry(_("A sentence that fools it"), name="fool", longest=_LONGEST)
    truth = run.labels[
        int(
            choice(
                _("Any person would say"), names, name="truly", shown=lambda name: code_span(run.labels[int(name) - 1])
            )
        )
        - 1
    ]
    if text.strip():
        with failures_told():
            _judge(run, text.strip(), truth)
    _tries(run)


def _judge(run: RunModels, text: str, truth: str) -> None:
    """The model's answer to one sentence, kept among the tries.

    Raises:
        InputError: the sentence asks for a gap, or holds nothing that the model reads.
    """
    if "[MASK]" in text:
        raise InputError("A sentence with a gap fools nobody: write it without [MASK].")
    probs = run.after.label_probs([text])[0].tolist()
    best = max(range(len(probs)), key=probs.__getitem__)
    attempt = Fooled(*run.key, text, truth, run.labels[best], probs[best])
    tries = session().kept(FineTuningState).fooled
    if attempt not in tries:
        tries.append(attempt)
        del tries[:-100]
    st.markdown(_verdict(attempt))


def _verdict(attempt: Fooled) -> str:
    """What the model says, and whether that counts, as Markdown."""
    told = {"answer": code_span(attempt.answer), "probability": percent(attempt.probability)}
    if attempt.answer == attempt.truth:
        return _("It says {answer} with {probability}: it is not fooled.").format(**told)
    if attempt.probability < _SURE:
        return _("It says {answer}, but only with {probability}: half fooled.").format(**told)
    return _("✓ It says {answer} with {probability}: fooled.").format(**told)


def _tries(run: RunModels) -> None:
    """How often this model was fooled, and the last few sentences."""
    tries = [each for each in session().kept(FineTuningState).fooled if (each.run_id, each.step) == run.key]
    if not tries:
        return
    fooled = sum(each.answer != each.truth and each.probability >= _SURE for each in tries)
    st.caption(_("Fooled in {fooled} of {tries} tries.").format(fooled=fooled, tries=len(tries)))
    if len(tries) > 1:
        lines = [f"- {code_span(each.text)}: {_verdict(each)}" for each in tries[-_SHOWN:]]
        st.markdown("\n".join(lines))
