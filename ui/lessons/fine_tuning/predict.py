"""The view “Predict and take home”: what the trained model says to the reader's sentences, a game, and its zip."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core.errors import InputError
from lm_core.explain.words.softmax import SoftmaxStep, softmax_of
from lm_core.runs.take_home import write_model_zip
from lm_core.training.classifier import Classifier, load_classifier
from ui.address.entries import index_option, lines_entry
from ui.address.session import change, view
from ui.components.matrix import MatrixLabels, matrix
from ui.frame.controls import choice, switch
from ui.frame.latex import in_brackets
from ui.frame.notebook import imports
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.fine_tuning.fool_game import show_game
from ui.lessons.fine_tuning.label_bars import label_bars
from ui.lessons.fine_tuning.run_cells import prediction_cells
from ui.lessons.fine_tuning.run_models import RunModels, run_of_page
from ui.lessons.fine_tuning.steps import steps_shown
from ui.lessons.fine_tuning.take_home import show_take_home
from ui.plain import code_span

MOST_LINES, LONGEST = 8, 1200  # sentences, and characters of all of them


def show(words: DeltaGenerator) -> Shown:
    """Sentences, their labels and entropies; the sum; the code; the game; and the model to take home."""
    steps_shown((5,))
    run = run_of_page()
    if run is None:
        return Shown()
    st.caption(
        _("The model after step {step} of {total}.").format(step=f"{run.step:,}", total=f"{run.snapshot.total_steps:,}")
    )
    texts = _texts()
    if not texts:
        raise InputError("Type a sentence first.")
    logits = _logits(run, texts)
    probs = logits.softmax(dim=-1)
    place = index_option("line", len(texts)) or 0
    if len(texts) > 1:
        _overview(run, texts, probs, place)
    _one(run, texts[place], logits[place])
    numbers(
        [_as_row(run, text, row) for text, row in zip(texts, probs.tolist(), strict=True)],
        alt=_("The labels of each sentence with their probabilities"),
        file_name="predictions",
        number_format="%.6f",
    )
    if switch(_("The code, and the same in transformers"), name="beside_code"):
        _code(texts)
    show_take_home(run)
    with words:
        show_game(run)
        _notice(run, texts, probs)
    return Shown((Classifier.label_probs, softmax_of, load_classifier, write_model_zip), prediction_cells(run, texts))


def _texts() -> list[str]:
    """The sentences that were typed, a line each; the sentence of all lessons, where none were."""
    typed = lines_entry(_("Sentences, a line each"), name="texts", longest=LONGEST, height=110, clears=("line",))
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        st.caption(_("The first {drawn} of {count} lines are read.").format(drawn=MOST_LINES, count=len(lines)))
    if not lines:
        st.caption(_("As long as nothing is typed here, the sentence at the side is read."))
    return lines[:MOST_LINES] or [view().sentence.strip()][: bool(view().sentence.strip())]


def _logits(run: RunModels, texts: Sequence[str]) -> torch.Tensor:
    """(text, label) the scores of the trained model, in double precision.

    Raises:
        InputError: the model was trained on pairs, or a text holds nothing that the model reads.
    """
    from lm_core.text.examples import Example, Examples

    rows = tuple(Example(text, run.labels[0]) for text in texts)
    return run.after.label_logits(run.after.encode(Examples(rows))).double()


def _overview(run: RunModels, texts: Sequence[str], probs: torch.Tensor, place: int) -> None:
    """All sentences at a glance; a click picks one."""
    matrix(
        probs.float().numpy(),
        key="predictions",
        rows=[f"{number} {text[:36]}{'…' * (len(text) > 36)}" for number, text in enumerate(texts, 1)],
        columns=list(run.labels),
        labels=MatrixLabels(_("Probability of each label, for each sentence"), row=_("sentence"), column=_("label")),
        scale="sequential",
        picked=(place, int(probs[place].argmax())),
        on_pick=lambda row, _column: change(line=row + 1),
    )


def _one(run: RunModels, text: str, logits: torch.Tensor) -> None:
    """One sentence: bars, entropy, and one probability written out."""
    probs = logits.softmax(dim=-1).tolist()
    best = max(range(len(probs)), key=probs.__getitem__)
    st.markdown(
        _("{text}: **{label}** with {probability}. Entropy {bits} bits, of at most {most}.").format(
            text=code_span(text),
            label=code_span(run.labels[best]),
            probability=percent(probs[best]),
            bits=f"{entropy_bits(probs):.3f}",
            most=f"{math.log2(len(probs)):.3f}",
        )
    )
    label_bars(run.labels, probs, key="label_bars")
    st.header(_("How this number came about"), anchor=False)
    names = [str(number) for number in range(1, len(run.labels) + 1)]
    asked = choice(
        _("Probability of"),
        names,
        name="check",
        shown=lambda name: code_span(run.labels[int(name) - 1]),
        default=str(best + 1),
    )
    _softmax_written_out(softmax_of(logits, int(asked) - 1), logits.tolist(), probs)


def _softmax_written_out(step: SoftmaxStep, logits: Sequence[float], probs: Sequence[float]) -> None:
    """The softmax over the labels, and the entropy, with their numbers."""
    shown = [f"e^{{{logit:.4f}}}" for logit in logits]
    total = " + ".join(shown if len(shown) <= 3 else [shown[0], r"\dots", shown[-1]])
    st.latex(
        rf"\begin{{aligned}} p &= \frac{{e^{{z}}}}{{\sum_j e^{{z_j}}}} = \frac{{e^{{{step.logit:.4f}}}}}{{{total}}} \\"
        rf"&= e^{{\,{step.logit:.4f} - {in_brackets(step.log_sum_exp)}}} = {step.probability:.6f} \end{{aligned}}"
    )
    parts = [rf"{prob:.4f} \cdot {-math.log2(prob):.4f}" for prob in probs if prob >= 1e-4]
    added = " + ".join(parts if len(parts) <= 2 else [parts[0], r"\dots", parts[-1]])
    st.latex(
        rf"\begin{{aligned}} H &= \sum_j p_j \cdot (-\log_2 p_j) \\ &= {added} \\ "
        rf"&= {entropy_bits(probs):.4f} \text{{ bits}} \end{{aligned}}"
    )


def entropy_bits(probs: Sequence[float]) -> float:
    """How unsure a distribution is, in bits: 0 is certain."""
    return float(-sum(prob * math.log2(prob) for prob in probs if prob > 0))


def _as_row(run: RunModels, text: str, probs: Sequence[float]) -> Row:
    """One sentence in numbers."""
    return {
        _("sentence"): text,
        **dict(zip(run.labels, map(float, probs), strict=True)),
        _("entropy (bits)"): entropy_bits(probs),
    }


def _code(texts: Sequence[str]) -> None:
    """Both ways to ask the model that was taken home, side by side."""
    listed = list(texts)
    with st.container(key="beside"):
        for title, code in (
            (
                "lm_core",
                f"{imports(load_classifier)}"
                'classifier = load_classifier("my-model")\n'
                f"texts = {listed!r}\n"
                "for text, probs in zip(texts, classifier.label_probs(texts).tolist()):\n"
                "    print(text, dict(zip(classifier.labels, probs)))",
            ),
            (
                "transformers",
                "from transformers import pipeline\n\n"
                'classify = pipeline("text-classification", model="my-model", top_k=None)\n'
                f"texts = {listed!r}\n"
                "for text, answers in zip(texts, classify(texts)):\n"
                '    print(text, {each["label"]: each["score"] for each in answers})',
            ),
        ):
            with st.container():
                st.caption(title)
                st.code(code, language="python", wrap_lines=True)
    st.caption(
        _("Both give the same numbers, of the folder that “Take it home” gives you, unzipped as {folder}.").format(
            folder="`my-model`"
        )
    )


def _notice(run: RunModels, texts: Sequence[str], probs: torch.Tensor) -> None:
    """How sure it is, and what a probability does not say."""
    entropies = np.array([entropy_bits(row) for row in probs.tolist()])
    unsure = int(entropies.argmax())
    lines = [
        _(
            "It always gives one of its {count} labels, also to what belongs to none of them: try a sentence "
            "about something else."
        ).format(count=len(run.labels)),
        _("Least sure: {text}, {bits} bits.").format(text=code_span(texts[unsure]), bits=f"{entropies[unsure]:.3f}"),
        _(
            "A probability says how sure the model is, not how often it is right: “Before and after” has its "
            "surest mistakes."
        ),
    ]
    st.markdown(listed(_("**Notice.** Measured just now:"), lines))
