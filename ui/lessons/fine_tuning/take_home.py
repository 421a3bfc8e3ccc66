"""Take it home: the model as a zip, the run as a notebook, its metrics as tables; and the other lessons with it."""

from __future__ import annotations

import io
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import streamlit as st

from lm_core.runs.take_home import TakenRun, held_out_csv, metrics_csv, write_model_zip
from ui.address.session import view
from ui.course import COURSE
from ui.frame.controls import choice, switch
from ui.frame.downloads import download_button
from ui.frame.foot import lesson_link
from ui.frame.notebook import as_notebook
from ui.i18n import _
from ui.lessons.fine_tuning.run_cells import HELD_OUT_FILE, TRAIN_FILE, as_tsv, comparison_cells, is_small
from ui.lessons.fine_tuning.run_models import RunModels, judged_all
from ui.models.own import RUN, own_title
from ui.models.shelf import models, read_anew_with
from ui.plain import code_span

_LOOK_AT = ("masked-words", "many-heads")  # lessons that a fine-tuned body shows most in


def show_take_home(run: RunModels) -> None:
    """What can be taken, and the button that makes this the model of all lessons."""
    st.header(_("Take it home"), anchor=False)
    st.markdown(
        _(
            "A Hugging Face folder as a zip: weights, tokenizer, a model card written from this run, its metrics "
            "and its plan. "
            "`BertForSequenceClassification.from_pretrained` loads it, and so does LM Glassbox, here and elsewhere."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        types = {"float16": _("float16 (half the size)"), "float32": "float32"}
        kind = choice(_("Weights as"), list(types), name="weights", shown=lambda name: types[name])
        film = run.snapshot.film
        with_film = film is not None and bool(film.frames) and switch(_("With the film"), name="with_film")
    name = f"lm-glassbox-{run.snapshot.run_id}"
    cells = comparison_cells(run)  # made here: a button's function runs outside of the page, and has no language
    with st.container(horizontal=True):
        download_button(
            _("Model (zip)"),
            lambda: _model_zip(run, half=kind == "float16", with_film=with_film),
            f"{name}.zip",
            key="take_model",
            is_primary=True,
        )
        if is_small(run.plan):
            download_button(
                _("Notebook of the run (.ipynb)"), lambda: as_notebook(cells), f"{name}.ipynb", key="take_notebook"
            )
        else:
            download_button(
                _("Notebook of the run, with its data (zip)"),
                lambda: _notebook_zip(run, as_notebook(cells)),
                f"{name}-notebook.zip",
                key="take_notebook",
            )
        download_button(
            _("Every step (CSV)"),
            lambda: metrics_csv([each for each in run.snapshot.steps if each.step <= run.step]),
            f"{name}-metrics.csv",
            key="take_metrics",
        )
        download_button(
            _("Held-out answers (CSV)"),
            lambda: held_out_csv(run.plan, judged_all(run)).encode("utf-8-sig"),
            f"{name}-held-out.csv",
            key="take_held_out",
        )
    _look_elsewhere(run)


def _model_zip(run: RunModels, *, half: bool, with_film: bool) -> BinaryIO:
    """The zip, in memory once: the server takes these very bytes."""
    out = io.BytesIO()
    write_model_zip(
        TakenRun(run.snapshot, run.plan, run.after, run.step, judged_all(run)), out, half=half, with_film=with_film
    )
    return out


def _notebook_zip(run: RunModels, notebook: str) -> bytes:
    """The notebook with its data beside it."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("training.ipynb", notebook)
        bundle.writestr(TRAIN_FILE, as_tsv(run.plan.train))
        bundle.writestr(HELD_OUT_FILE, as_tsv(run.plan.held_out))
    return out.getvalue()


def _look_elsewhere(run: RunModels) -> None:
    """A button that makes the run's model the one that all lessons read with, and links to some of them."""
    name = RUN + run.snapshot.run_id
    step = models().step_of(name)
    if view().model != name or step != run.step:
        st.button(
            _("Look at this model in the other lessons"), key="look_elsewhere", on_click=read_anew_with, args=(name,)
        )
        return
    st.markdown(
        _(
            "Every lesson now reads with this model, {title}: its body, under the heads that it was pre-trained with."
        ).format(title=code_span(own_title(name, step)))
    )
    with st.container(horizontal=True):
        for lesson in COURSE:
            if lesson.slug in _LOOK_AT:
                lesson_link(lesson)
