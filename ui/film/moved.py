"""Which heads have moved between two moments of a film, and how widely each of them looked all along."""

from __future__ import annotations

import math

import streamlit as st

from figures.training.over_steps import StepLine, over_steps
from lm_core.explain.training.over_time import heads_moved, mean_entropies, moved_most
from ui.address.entries import slider_entry
from ui.address.session import change
from ui.appearance import theme
from ui.film.moment import Moment
from ui.frame.controls import switch
from ui.frame.figure import show_figure
from ui.i18n import _
from ui.panels.attention import head_name

_NAMED = 3  # heads


def what_changed(moment: Moment) -> None:
    """The heads that moved farthest since an earlier (or later) moment, as buttons that open them."""
    st.header(_("What has changed?"), anchor=False)
    if len(moment.steps) < 2:
        st.markdown(_("So far there is one frame: come back when there are more."))
        return
    step = slider_entry(_("Held against step"), moment.steps, name="since", default=moment.steps[0], unit="")
    since = moment.steps.index(step)
    if since == moment.frame:
        st.markdown(_("No time has passed between the two moments: move the handle, or choose another one here."))
    else:
        _most_moved(moment, since)
    if switch(_("How widely each head looks, all along"), name="entropies"):
        _entropies(moment)


def _most_moved(moment: Moment, since: int) -> None:
    moved = heads_moved(moment.attentions[since], moment.look.attentions)
    first, last = sorted((since, moment.frame))
    st.markdown(
        _("From step {first} to step {last} these heads moved farthest. Press one to see it.").format(
            first=f"{moment.steps[first]:,}", last=f"{moment.steps[last]:,}"
        )
    )
    with st.container(horizontal=True, key="film_moved"):
        for number, (layer, head) in enumerate(moved_most(moved, _NAMED)):
            is_shown = (layer, head) == (moment.layer, moment.head)
            st.button(
                _("{head}: {bits} bits").format(
                    head=head_name(layer, head).capitalize(), bits=f"{float(moved[layer, head]):.3f}"
                ),
                key=f"moved_{number}",
                type="primary" if is_shown else "secondary",
                on_click=lambda layer, head: change(layer=layer, head=head),
                args=(layer, head),
            )
    st.caption(
        _(
            "The Jensen-Shannon divergence between the rows of a head at the two moments (Lin 1991), mean over the "
            "{count} positions that look: 0 bits is the same, 1 bit nothing in common. {head}, which is shown, moved "
            "by {bits} bits."
        ).format(
            count=len(moment.probe.tokens),
            head=head_name(moment.layer, moment.head).capitalize(),
            bits=f"{float(moved[moment.layer, moment.head]):.3f}",
        )
    )


def _entropies(moment: Moment) -> None:
    """The entropy of every head over the film, the one that is shown in front."""
    bits = mean_entropies(moment.attentions)
    most = math.log2(len(moment.probe.tokens))
    layers, heads = bits.shape[1:]
    show_figure(
        over_steps(
            moment.steps,
            [
                StepLine(head_name(layer, head), bits[:, layer, head].tolist(), (layer, head) == shown)
                for shown in [(moment.layer, moment.head)]
                for layer in range(layers)
                for head in range(heads)
            ],
            theme=theme(),
            x_title=_("step"),
            y_title=_("entropy (bits)"),
            highest=most,
            now=moment.frame,
        ),
        key="film_entropies",
        file_name="entropy-over-training",
        alt=_("The entropy of {count} heads at {frames} moments; {head} goes from {first} to {last} bits.").format(
            count=layers * heads,
            frames=len(bits),
            head=head_name(moment.layer, moment.head),
            first=f"{float(bits[0, moment.layer, moment.head]):.2f}",
            last=f"{float(bits[-1, moment.layer, moment.head]):.2f}",
        ),
    )
    st.caption(
        _("Mean over the positions that look. 0 bits: at one position only; {most} bits: everywhere alike.").format(
            most=f"{most:.2f}"
        )
    )
