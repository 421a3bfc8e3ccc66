"""The view that asks the reader's model beside the shipped one, and gives it away: as a folder, or to other lessons."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core.checkpoints.pretrained import LanguageModel, Prediction, load_pretrained
from lm_core.errors import InputError
from lm_core.runs.small_model_zip import write_small_model_zip
from lm_core.text.tokenization import MASK, UNK
from ui.address.entries import text_entry
from ui.address.session import SHIPPED_MODEL, change, view
from ui.frame.downloads import download_button
from ui.frame.notebook import Cell
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.pretraining.train import pretraining_of_page
from ui.models.own import RUN, own_model
from ui.models.shelf import models, read_anew_with
from ui.panels.answer_bars import answers_told, prediction_bars
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot

_LONGEST = 300  # characters
_TOP = 8
_GAPS = 4  # that are drawn


def show(words: DeltaGenerator) -> Shown:
    """A sentence with gaps, what both models put there, and the model to keep.

    Args:
        words: the column of words.

    Raises:
        InputError: the sentence is blank, or has no gap.
    """
    run = pretraining_of_page()
    if run is None:
        st.info(_("No training is chosen yet: this view asks a model that you have trained."))
        st.button(_("To the training"), on_click=lambda: change(view="train"), key="to_training")
        return Shown()
    own = own_model(RUN + run.run_id)
    mine, shipped = _loaded(own.folder), models().fetch(SHIPPED_MODEL)
    sentence = text_entry(
        _("A sentence with [MASK]"), name="ask", longest=_LONGEST, default=run.plan.probes[0] if run.plan.probes else ""
    )
    if MASK not in sentence:
        raise InputError("Write [MASK] where a word is missing.")
    answers = mine.fill_mask(sentence, top_k=_TOP)
    theirs = shipped.fill_mask(sentence, top_k=_TOP)
    rows: list[Row] = []
    for number, (my_gap, their_gap) in enumerate(list(zip(answers, theirs, strict=False))[:_GAPS], 1):
        if len(answers) > 1:
            st.header(_("Gap {number}").format(number=number), anchor=False)
        left, right = st.columns(2)
        with left:
            _bars(my_gap, _("Your model, after step {step}").format(step=f"{own.step:,}"), f"mine_{number}")
        with right:
            _bars(their_gap, _("The model that comes with the app"), f"theirs_{number}")
        rows += [
            {
                _("gap"): number,
                _("rank"): rank,
                _("your model"): one.token,
                _("probability, yours"): one.probability,
                _("shipped model"): other.token,
                _("probability, shipped"): other.probability,
            }
            for rank, (one, other) in enumerate(zip(my_gap, their_gap, strict=False), 1)
        ]
    numbers(rows, alt=_("What both models put into the gaps"), file_name="answers", number_format="%.6f")
    _take_home(run, own.folder)
    with words:
        st.markdown(_notice(mine, shipped, sentence, answers, theirs))
    return Shown((load_pretrained, LanguageModel.fill_mask), _cells(sentence))


@st.cache_resource(max_entries=6, show_spinner=False)
def _loaded(folder: Path) -> LanguageModel:
    """A run's model; a folder of the pool never changes."""
    return load_pretrained(str(folder))


def _bars(gap: list[Prediction], title: str, key: str) -> None:
    st.markdown(f"**{title}**")
    prediction_bars(gap, key=f"bars_{key}", file_name="answers", alt=f"{title}: {answers_told(gap)}")


def _notice(
    mine: LanguageModel,
    shipped: LanguageModel,
    sentence: str,
    answers: list[list[Prediction]],
    theirs: list[list[Prediction]],
) -> str:
    """How each reads the sentence, and how sure it is."""
    tokens = mine.encode(sentence).tokens
    statements = [
        _("Your model reads {mine} tokens of this sentence, the other one {other}.").format(
            mine=len(tokens), other=len(shipped.encode(sentence).tokens)
        ),
        _("Its first answer has {mine}, the other's {other}.").format(
            mine=percent(answers[0][0].probability), other=percent(theirs[0][0].probability)
        ),
        _("It chooses among {mine} pieces, the other among {other}: a blind guess would be right more often.").format(
            mine=f"{mine.tokenizer.vocab_size:,}", other=f"{shipped.tokenizer.vocab_size:,}"
        ),
    ]
    if UNK in tokens:
        statements.append(
            _("{unknown} stands for what has a character that its text does not have.").format(unknown=code_span(UNK))
        )
    return listed(_("**Notice.**"), statements)


def _take_home(run: Snapshot, folder: Path) -> None:
    """The folder as a zip, and the way into the other lessons."""
    st.header(_("Take it home"), anchor=False)
    st.markdown(
        _(
            "A Hugging Face folder as a zip: weights, tokenizer, a model card written from this run, its losses and "
            "its plan. `BertForPreTraining.from_pretrained` loads it, and so does `load_pretrained` of LM Glassbox."
        )
    )
    with st.container(horizontal=True):
        download_button(_("Model (zip)"), lambda: _zip(run, folder), f"lm-glassbox-{run.run_id}.zip", key="take_model")
        name = RUN + run.run_id
        if view().model != name:
            st.button(
                _("Look at this model in the other lessons"),
                key="look_elsewhere",
                on_click=read_anew_with,
                args=(name,),
            )
    if view().model == RUN + run.run_id:
        st.caption(_("Every lesson now reads with this model."))


def _zip(run: Snapshot, folder: Path) -> bytes:
    out = io.BytesIO()
    write_small_model_zip(run, folder, out)
    return out.getvalue()


def _cells(sentence: str) -> list[Cell]:
    return [
        Cell(_("The folder that “Take it home” gives you, unzipped as `my-model`."), "markdown"),
        Cell(
            f'from lm_core import load_pretrained\n\nload_pretrained("my-model").fill_mask({sentence!r}, top_k={_TOP})'
        ),
        Cell(f"load_pretrained().fill_mask({sentence!r}, top_k={_TOP})"),
    ]
