"""The attention film: drag along the loss of a training, and the heads and the answers of that moment appear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.address.entries import index_option
from ui.address.hiding import offered
from ui.address.session import change, seed_widget, widget_value
from ui.components.film import HeadPicture, film_player
from ui.film.losses import LossCurve, losses_of
from ui.film.moment import Moment, asked_moment, go_to
from ui.frame.controls import choice
from ui.frame.lesson import failures_told
from ui.frame.views import Shown, View
from ui.i18n import N_, _
from ui.runs.pool import current_snapshot

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from lm_core.training.film import Film

FILM = View(
    N_("Film"),
    N_(
        "**Read.** While a model learns, its heads change, too. This film keeps what it made of a few sentences at "
        "moments of its training: where every head looked, what stood in the gaps, which label was given. Drag the "
        "handle along the loss, and the moment appears below. Every number is the model's of that step; between two "
        "frames nothing is made up."
    ),
    "ui.film.view",
)
"""The view, on every page of a training."""

POLL = 2.0  # seconds, as long as more frames may come


def show(words: DeltaGenerator) -> Shown:
    """The film of the run that the address names; what there is to do, where there is none."""
    snapshot = current_snapshot()
    if snapshot is None:
        st.info(_("There is no film yet: it is taken while a model learns. Start a training first."))
        st.button(_("To the training"), on_click=lambda: change(view="train"), key="film_to_training")
        return Shown()
    _watch(_state(snapshot))
    film = snapshot.film
    if film is None or not film.frames:
        st.info(
            _("This training looks at no sentences, so there is no film of it.")
            if not snapshot.plan.probes
            else _("The first frame comes with the first step.")
        )
        return Shown()
    return show_film(
        film,
        losses_of(snapshot.steps, snapshot.held_out),
        key="film",
        words=words,
        total=snapshot.total_steps,
        is_active=_is_active(snapshot),
    )


def show_film(
    film: Film,
    curves: Sequence[LossCurve],
    *,
    key: str,
    words: DeltaGenerator,
    total: int | None = None,
    is_active: bool = False,
) -> Shown:
    """A film to drag along, one of its numbers in full, and what has changed.

    Args:
        film: with at least one frame and one probe.
        curves: the losses of its training.
        key: names the instance, and the files that are taken along.
        words: the column of words.
        total: steps of the whole run; None: the film is of all of it.
        is_active: whether more frames may come.
    """
    # Not before the words are on the page: what computes takes its time to be imported.
    from lm_core.explain.heads.attention import entropy
    from lm_core.explain.training.over_time import heads_moved, settled
    from lm_core.training.film import look_at
    from ui.film import cells, check, guess, moved, notes, numbers

    with st.container(horizontal=True, vertical_alignment="bottom", key="film_controls"):
        place = _probe_picker(film)
        view = _picture_picker()
        curve = _loss_picker(curves)
    moment = asked_moment(film, place, is_active=is_active)
    sent = film_player(
        moment.reel,
        curve.lines if curve else [],
        key=key,
        total=total or moment.steps[-1],
        at=moment.looked,
        view=view,
        is_active=is_active,
        names=film.labels,
        labels=_labels(moment, curve),
        on_look=go_to,
    )
    _told(moment, curve, sent)
    numbers.take_away(moment, curves, file_name=key)
    check.check_number(moment)
    moved.what_changed(moment)
    with words, failures_told():
        guess.guess(moment)
        notes.what_to_notice(moment)
        notes.challenge(moment)
    return Shown((look_at, heads_moved, entropy, settled), cells.film_cells(moment, file_name=key))


def _probe_picker(film: Film) -> int:
    """Which of the sentences is looked at."""
    count = len(film.probes)
    place = index_option("probe", count) or 0
    label = _("Sentence of the film")
    if count > 1 and offered("probe", label):
        seed_widget("probe_picker", place)
        st.selectbox(
            label,
            range(count),
            format_func=lambda each: film.probes[each].text,
            key="probe_picker",
            on_change=lambda: change(probe=widget_value("probe_picker") + 1, query=None, key=None),
        )
    return place


def _picture_picker() -> HeadPicture:
    """How one head is drawn."""
    names = {"lines": _("Lines"), "words": _("Word by word")}
    return cast("HeadPicture", choice(_("One head as"), list(names), name="as", shown=lambda name: names[name]))


def _loss_picker(curves: Sequence[LossCurve]) -> LossCurve | None:
    """Which of the losses is drawn."""
    by_name = {curve.name: curve for curve in curves}
    if len(by_name) < 2:
        return next(iter(by_name.values()), None)
    return by_name[choice(_("Loss"), list(by_name), name="loss", shown=lambda name: by_name[name].title)]


def _told(moment: Moment, curve: LossCurve | None, sent: int) -> None:
    """The sentence, and what the reader should know of the figure."""
    frames = len(moment.film.frames)
    st.caption(
        _(
            "Drag the handle, or use the arrow keys. Each mark on the axis is a frame; the axis gives equal room to "
            "equal factors, as most happens in the beginning. Every picture and bar has a fixed scale from 0 to 1."
        )
    )
    if sent < frames:
        st.caption(
            _("This film is large: {sent} of its {frames} frames are here to be dragged along.").format(
                sent=sent, frames=frames
            )
        )
    broken = [step for step, loss in (curve.training if curve else ()) if loss - loss != 0.0]
    if broken:
        st.warning(
            _("From step {step} on the loss is not a number any more: the training has broken down.").format(
                step=f"{broken[0]:,}"
            )
        )


def _labels(moment: Moment, curve: LossCurve | None) -> Mapping[str, Any]:
    """What the player says, in the reader's language."""
    gaps = moment.probe.masked_positions
    return {
        "film": _("Attention film"),
        "play": _("Play film"),
        "pause": _("Pause"),
        "next": _("Next"),
        "handle": _("Moment of the training"),
        "step": _("Step {step} of {total}"),
        "read": _("{tokens} tokens read"),
        "loss": _("loss (nats): {name}").format(name=curve.title if curve else "–"),
        "all": _("Heads, layer by layer"),
        "one": _("Layer {layer}, head {head}"),
        "lines": {
            "query": _("query (looks)"),
            "key": _("key (is looked at)"),
            "announce_query": _("{token} looks at {others}"),
            "announce_key": _("{token} is looked at by {others}"),
        },
        "grid": {"grid": _("All layers and heads"), "layer": _("Layer {number}"), "head": _("Head {number}")},
        "gaps": [
            _("Answers at [MASK]") if len(gaps) == 1 else _("Answers at [MASK] {number}").format(number=number)
            for number in range(1, len(gaps) + 1)
        ],
        "marked": _("First at the beginning:"),
        "labels": _("Label of the sentence"),
    }


def _is_active(snapshot: Snapshot) -> bool:
    return snapshot.status in ("waiting", "running")


def _state(snapshot: Snapshot) -> tuple[object, ...]:
    """What has to change for the page to be drawn anew."""
    return snapshot.status, snapshot.step, len(snapshot.film.frames) if snapshot.film else 0


def _watch(seen: tuple[object, ...]) -> None:
    """As long as more frames may come: look at the run, and draw the page anew when it has gone on."""
    is_active = seen[0] in ("waiting", "running")

    @st.fragment(run_every=POLL if is_active else None)
    def watch() -> None:
        if not is_active:
            return
        snapshot = current_snapshot()
        if snapshot is not None and _state(snapshot) != seen:
            st.rerun()

    watch()
