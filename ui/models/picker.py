"""Which model reads the sentence: one in memory, or another that is fetched while the page stays in use."""

from __future__ import annotations

import streamlit as st

from ui.address.hiding import offered
from ui.address.session import SHIPPED_MODEL, change, seed_widget, session, view, widget_value
from ui.i18n import _, told
from ui.models.bring_back import bring_back
from ui.models.own import RUN, is_own, own_title
from ui.models.shelf import models
from ui.models.state import ModelsState
from ui.plain import code_span

_POLL_SECONDS = 0.5


def model_picker() -> None:
    """The models that this reader has in memory to choose from, and a box to load another."""
    label = _("Model")
    if not offered("model", label):
        return
    asked = view().model
    fetched = [name for name in session().kept(ModelsState).models if not is_own(name) and models().has(name)]
    own = [name for name in session().kept(ModelsState).models if is_own(name)]
    names = list(
        dict.fromkeys((SHIPPED_MODEL, *fetched, *own, *(RUN + run_id for run_id in session().kept(ModelsState).runs)))
    )
    is_here = models().has(asked)
    if is_here and asked not in names:
        names.append(asked)
    seed_widget("model_picker", asked if is_here else SHIPPED_MODEL)
    st.selectbox(
        label,
        names,
        format_func=lambda name: own_title(name, models().step_of(name)) if is_own(name) else name,
        key="model_picker",
        on_change=lambda: change(model=widget_value("model_picker")),
    )
    _loader("" if is_here or is_own(asked) else asked)


def _loader(asked: str) -> None:
    """The box to load another; what a link asked for stands in it, and is one click away."""
    with st.expander(_("Load another"), expanded=bool(asked or session().kept(ModelsState).loading)):
        if asked and not widget_value("model_name"):
            seed_widget("model_name", asked)
        st.text_input(
            _("Hub id or folder"),
            key="model_name",
            placeholder="bert-base-uncased",
            max_chars=300,
            help=_("A BERT on the Hugging Face hub, or a folder on the computer that runs this app."),
        )
        st.button(_("Load"), key="load_model", on_click=_start)
        failed = session().kept(ModelsState).failure
        if session().kept(ModelsState).loading is not None:
            _progress()
        elif failed is not None:
            st.warning(told(failed))
        bring_back()


def _start() -> None:
    """Begin to fetch what the box names."""
    name = str(widget_value("model_name") or "").strip()
    session().kept(ModelsState).failure = None
    if name:
        session().kept(ModelsState).loading = models().start(name)


@st.fragment(run_every=_POLL_SECONDS)
def _progress() -> None:
    """How far it is; at the end the whole page runs once more, with the new model or with the reason why not."""
    loading = session().kept(ModelsState).loading
    if loading is None:
        return
    if loading.done:
        session().kept(ModelsState).loading = None
        session().kept(ModelsState).failure = loading.error
        if loading.error is None:
            session().kept(ModelsState).models.append(loading.name)
            change(model=loading.name)
        st.rerun()
    st.progress(
        loading.fraction or 0.0,
        text=_("Loading {name}: {file}").format(name=code_span(loading.name), file=code_span(loading.file or "…")),
    )
