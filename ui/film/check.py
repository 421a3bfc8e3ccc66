"""One probability of a film in full, and the way that it went over the whole film."""

from __future__ import annotations

import streamlit as st

from figures.bars import percent
from figures.training.over_steps import StepLine, over_steps
from ui.address.hiding import offered
from ui.address.session import change, seed_widget, widget_value
from ui.appearance import theme
from ui.film.moment import Moment
from ui.frame.figure import show_figure
from ui.i18n import _
from ui.panels.attention import head_name
from ui.plain import code_span


def check_number(moment: Moment) -> None:
    """One probability, picked or the strongest: exactly, in its row, and over all frames."""
    st.header(_("Check this number"), anchor=False)
    query, key = moment.cell
    with st.container(horizontal=True):
        _position_picker(_("query (looks)"), moment, query, name="query")
        _position_picker(_("key (is looked at)"), moment, key, name="key")
    tokens = moment.probe.tokens
    way = [float(prob) for prob in moment.attentions[:, moment.layer, moment.head, query, key]]
    row = moment.look.attentions[moment.layer, moment.head, query].double()
    lowest, highest = (way.index(end) for end in (min(way), max(way)))
    st.markdown(
        _(
            "At step {step}, in {head}, {query} looks at {key} with **{probability}**: {share}. The {count} "
            "probabilities of {query} add up to {total}. Over the film it was lowest at step {low_step} ({low}) and "
            "highest at step {high_step} ({high})."
        ).format(
            step=f"{moment.now.step:,}",
            head=head_name(moment.layer, moment.head),
            query=code_span(tokens[query]),
            key=code_span(tokens[key]),
            probability=f"{way[moment.frame]:.6f}",
            share=percent(way[moment.frame]),
            count=len(row),
            total=f"{float(row.sum()):.6f}",
            low_step=f"{moment.steps[lowest]:,}",
            low=percent(way[lowest]),
            high_step=f"{moment.steps[highest]:,}",
            high=percent(way[highest]),
        )
    )
    show_figure(
        over_steps(
            moment.steps,
            [StepLine(f"{tokens[query]} → {tokens[key]}", way)],
            theme=theme(),
            x_title=_("step"),
            y_title=_("probability"),
            highest=1.0,
            now=moment.frame,
        ),
        key="film_way",
        file_name="probability-over-training",
        alt=_("The probability at {count} moments, from {first} to {last}; the table has the numbers.").format(
            count=len(way), first=percent(way[0]), last=percent(way[-1])
        ),
    )


def _position_picker(label: str, moment: Moment, position: int, *, name: str) -> None:
    """One of the positions, which the address then pins under a name."""
    if not offered(name, label):
        return
    widget = f"{name}_picker"
    seed_widget(widget, position)
    tokens = moment.probe.tokens
    st.selectbox(
        label,
        range(len(tokens)),
        format_func=lambda each: f"{each + 1} · {tokens[each]}",
        key=widget,
        on_change=lambda: change(**{name: widget_value(widget) + 1}),
    )
