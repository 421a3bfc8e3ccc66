"""What is said about a moment of a film: measured statements, and a challenge that the film judges."""

from __future__ import annotations

import math

import streamlit as st

from figures.bars import percent
from lm_core.explain.training.over_time import heads_moved, mean_entropies, settled
from ui.film.moment import Moment
from ui.frame.notice import listed
from ui.i18n import _
from ui.panels.attention import head_name
from ui.plain import code_span


def what_to_notice(moment: Moment) -> None:
    """What has become of the head, the answer and the label since the first frame."""
    moved = float(heads_moved(moment.attentions[0], moment.look.attentions)[moment.layer, moment.head])
    before, now = (
        float(mean_entropies(look.attentions)[moment.layer, moment.head]) for look in (moment.looks[0], moment.look)
    )
    lines = [
        _("{head} has moved by {bits} bits: 0 is the same attention, 1 nothing in common.").format(
            head=head_name(moment.layer, moment.head).capitalize(), bits=f"{moved:.3f}"
        ),
        _("Its entropy was {before} bits and is {now}; everywhere alike would be {most}.").format(
            before=f"{before:.2f}", now=f"{now:.2f}", most=f"{math.log2(len(moment.probe.tokens)):.2f}"
        ),
    ]
    for first, current in zip(moment.looks[0].answers, moment.look.answers, strict=True):
        lines.append(
            _("The first answer was {first} with {before} and is {piece} with {now}.").format(
                first=code_span(first[0].token),
                before=percent(first[0].probability),
                piece=code_span(current[0].token),
                now=percent(current[0].probability),
            )
        )
    if moment.film.labels:
        best = max(range(len(moment.film.labels)), key=lambda label: moment.look.label_probs[label])
        lines.append(
            _("{label} has {now} of the probability; at the beginning it had {before}.").format(
                label=code_span(moment.film.labels[best]),
                now=percent(moment.look.label_probs[best]),
                before=percent(moment.looks[0].label_probs[best]),
            )
        )
    lead = _("**Notice.** From the beginning to step {step}:").format(step=f"{moment.now.step:,}")
    st.markdown(listed(lead, lines))


def challenge(moment: Moment) -> None:
    """Stop the film where the answer, or the label, becomes what it stays to the end."""
    if moment.probe.masked_positions:
        firsts = [look.answers[0][0].token for look in moment.looks]
        task = _("Stop the film at the first frame from which the first answer at [MASK] stays the same to the end.")
    elif moment.film.labels:
        firsts = [moment.film.labels[look.label_probs.index(max(look.label_probs))] for look in moment.looks]
        task = _("Stop the film at the first frame from which the label stays the same to the end.")
    else:
        return
    if len(firsts) < 2 or moment.is_followed:
        return
    if moment.frame == settled(firsts):
        won = _("✓ From step {step} on it is {answer}.").format(
            step=f"{moment.now.step:,}", answer=code_span(firsts[-1])
        )
        st.markdown(_("**Challenge.** {task}").format(task=f"{task} {won}"))
    else:
        st.markdown(_("**Challenge.** {task}").format(task=task))
