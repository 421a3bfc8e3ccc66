"""What is said about a head: measured statements, and a challenge that the same numbers judge."""

from __future__ import annotations

import streamlit as st

from figures.bars import percent
from ui.frame.notice import listed
from ui.i18n import _
from ui.panels.attention import HeadView, head_name
from ui.plain import code_span


def what_to_notice(view: HeadView) -> None:
    """What this head does with this sentence, in measured statements."""
    from lm_core.explain.heads.attention import summarise

    probs = view.reading.trace.attentions[view.layer]
    seen = summarise(probs, view.head, view.reading.trace.encoding)
    statements = (
        _("The strongest link from word to word: {query} looks at {key} with {share}.").format(
            query=code_span(view.tokens[seen.strongest.query]),
            key=code_span(view.tokens[seen.strongest.key]),
            share=percent(seen.strongest.probability),
        ),
        _("The rows have an entropy of {bits} bits on average: 0 is one word only, {most} all alike.").format(
            bits=f"{seen.entropy:.2f}", most=f"{seen.most_entropy:.2f}"
        ),
        _("{previous} of its attention rests on the position just before, {next} on the one just after.").format(
            previous=percent(seen.previous_share), next=percent(seen.next_share)
        ),
        _(
            "A head that finds nothing to look for often rests on [SEP] or [CLS] (Clark et al. 2019). This one has "
            "{special} of its attention there."
        ).format(special=percent(seen.special_share)),
    )
    lead = _("**Notice.** In {head}:").format(head=head_name(view.layer, view.head))
    st.markdown(listed(lead, statements))


def challenge(view: HeadView) -> None:
    """Find a head by what it does; judged by the same numbers."""
    from lm_core.explain.heads.attention import head_with_most, share_on_previous

    attentions = view.reading.trace.attentions
    most = head_with_most([share_on_previous(probs) for probs in attentions])
    if (most.layer, most.head) == (view.layer, view.head):
        st.markdown(
            _("**Challenge.** ✓ Of all {count} heads this one looks most at the position just before: {share}.").format(
                count=len(attentions) * attentions[0].shape[1], share=percent(most.share)
            )
        )
    else:
        st.markdown(_("**Challenge.** Find the head that looks most at the position just before."))
