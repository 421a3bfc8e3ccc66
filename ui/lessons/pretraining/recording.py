"""The view of the recording: the film of a long pre-training with the recipe of the shipped model, and what it is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core.measured.recording import AboutRun, Recording, read_recording
from lm_core.training.film import look_at, make_probes
from ui.address.entries import index_option
from ui.address.session import SHIPPED_MODEL
from ui.film.losses import LossCurve
from ui.film.view import show_film
from ui.frame.notice import listed
from ui.frame.numbers import Row
from ui.frame.views import Shown
from ui.i18n import _
from ui.models.shelf import models
from ui.plain import code_span

_FOLDER = Path(__file__).parents[3] / "checkpoints" / SHIPPED_MODEL
_TASKS = ("masked_lm", "next_sentence")


def show(words: DeltaGenerator) -> Shown:
    """The film with the losses of its run, and beside its last frame the answers of the released weights.

    Args:
        words: the column of words.
    """
    recording = _recording()
    if recording is None:
        st.info(_("The recording is not part of this installation."))
        return Shown()
    st.markdown(_what_it_is(recording))
    _commands(recording.about)
    shown = show_film(recording.film, _curves(recording), key="recording", words=words)
    _released(recording)
    with words:
        st.markdown(_lines(recording))
    return Shown((read_recording, *shown.functions), shown.cells)


def _commands(about: AboutRun) -> None:
    """The command that was run, and the one that does the same today."""
    if about.command_now is None:
        st.code(about.command, language=None, wrap_lines=True)
        return
    st.caption(_("The command that was run, and below it what it is called now:"))
    st.code(f"{about.command}\n{about.command_now}", language=None, wrap_lines=True)


@st.cache_resource(show_spinner=False)
def _recording() -> Recording | None:
    return read_recording(_FOLDER)


def _what_it_is(recording: Recording) -> str:
    """Which run this is, how long, and what it is not."""
    about, last = recording.about, recording.film.frames[-1]
    return _(
        "**A recording.** One run of {command} from fresh weights, with the code, the shape ({parameters} parameters) "
        "and the texts of the model that comes with this app, and a vocabulary of {vocab_size} pieces of its own: "
        "{steps} steps, {tokens} M tokens, {minutes} minutes of one processor core up to the last frame. {frames} "
        "checkpoints were kept, and every frame is computed from one. The released weights come from a longer chain of "
        "runs, not from this one."
    ).format(
        command=code_span("python -m lm_core pretrain"),
        parameters=f"{about.parameters:,}",
        vocab_size=f"{about.vocab_size:,}",
        steps=f"{last.step:,}",
        tokens=f"{last.tokens / 1e6:.1f}",
        minutes=f"{recording.minutes:.0f}",
        frames=len(recording.film.frames),
    )


def _curves(recording: Recording) -> list[LossCurve]:
    """The losses of the run's log, and those measured on its checkpoints."""
    about = recording.about
    return [
        LossCurve(
            name,
            tuple((each.step, each.losses[name]) for each in about.training if name in each.losses),
            tuple((each.step, each.losses[name]) for each in about.held_out if name in each.losses),
        )
        for name in _TASKS
    ]


def _lines(recording: Recording) -> str:
    """When the loss of the recorded run passed those who know less."""
    about = recording.about
    first = {
        name: next(
            (
                frame.tokens
                for frame, each in zip(recording.film.frames, about.held_out, strict=True)
                if each.losses["masked_lm"] < level
            ),
            None,
        )
        for name, level in about.baselines.items()
    }
    last = about.held_out[-1]
    told = [
        _("On {pieces} masked held-out pieces: {loss} nats, {share} right, after {tokens} M tokens.").format(
            pieces=f"{about.held_out_pieces:,}",
            loss=f"{last.losses['masked_lm']:.3f}",
            share=percent(last.accuracies["masked_lm"]),
            tokens=f"{recording.film.frames[-1].tokens / 1e6:.1f}",
        )
    ]
    if first["unigram"] is not None:
        told.append(
            _("Below the unigram line ({level} nats) from the frame after {tokens} tokens on.").format(
                level=f"{about.baselines['unigram']:.3f}", tokens=f"{first['unigram']:,}"
            )
        )
    return listed(_("**Measured.**"), told)


def _released(recording: Recording) -> None:
    """What the released weights answer to the same sentence, asked now."""
    film = recording.film
    probe = film.probes[index_option("probe", len(film.probes)) or 0]
    if not probe.masked_positions:
        return
    st.header(_("The released weights, asked now"), anchor=False)
    st.caption(
        _("The model {model} as it is in every other lesson: from a longer training, not the end of this film.").format(
            model=code_span(SHIPPED_MODEL)
        )
    )
    lm = models().fetch(SHIPPED_MODEL)
    (look,) = look_at(lm, make_probes(lm, (probe.text,)))
    rows: list[Row] = [
        {_("gap"): gap, _("rank"): rank, _("piece"): answer.token, _("probability"): answer.probability}
        for gap, answers in enumerate(look.answers, 1)
        for rank, answer in enumerate(answers, 1)
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={_("probability"): st.column_config.NumberColumn(format="%.4f")},
        alt=_("What the released weights answer"),
        key="released",
    )
