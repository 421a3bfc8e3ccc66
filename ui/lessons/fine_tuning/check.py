"""Check this number: the learning rate of one step, what AdamW does with it, and the held-out accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lm_core.explain.training.histories import before
from lm_core.training.fine_tuning import MEASURED_LIVE, FineTuningPlan
from ui.address.entries import index_option, number_entry
from ui.frame.latex import digits
from ui.i18n import _

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from lm_core.training.fine_tuning import FineTuningOptions


def chosen_step(snapshot: Snapshot) -> int | None:
    """The step that the address asks about; None where it asks about none that has been taken."""
    place = index_option("at", len(snapshot.steps)) if snapshot.steps else None
    return None if place is None else place + 1


def check_shown(snapshot: Snapshot, step: int | None) -> None:
    """One step with its numbers written out.

    Args:
        snapshot: of a fine-tuning that has taken a step.
        step: as of `chosen_step`; None means the last one.
    """
    number = 1 + number_entry(_("Step"), len(snapshot.steps), name="at", default=(step or len(snapshot.steps)) - 1)
    metrics = snapshot.steps[number - 1]
    plan = snapshot.plan
    assert isinstance(plan, FineTuningPlan)
    st.markdown(
        _("**The learning rate** of step {step} of {total}: up in a line while it warms up, then down.").format(
            step=number, total=snapshot.total_steps
        )
    )
    st.latex(rate_written_out(plan.options, number, snapshot.total_steps, metrics.learning_rate))
    if plan.options.layer_decay < 1:
        st.caption(
            _(
                "This is the rate of the head; each layer below learns at {share} times the rate of the one above."
            ).format(share=plan.options.layer_decay)
        )
    st.markdown(
        _(
            "**The step.** The batch gives each weight $w$ a gradient $g$: how the loss would change with it. All "
            "gradients together have the norm **{norm}**; where it is above 1 they are scaled down to 1. AdamW "
            "(Loshchilov and Hutter 2019) keeps a running mean $m$ of $g$ and $v$ of $g^2$, so that weights with "
            "small and with large gradients move alike, and pulls each matrix a little towards 0, by $\\lambda$ = "
            "{decay}:"
        ).format(norm=f"{metrics.gradient_norm:.3f}", decay=f"{plan.options.weight_decay:g}")
    )
    st.latex(r"w \leftarrow w - \eta \left( \frac{\hat m}{\sqrt{\hat v} + \varepsilon} + \lambda w \right)")
    if not snapshot.held_out:
        return
    measured = before(snapshot.held_out, number)
    count = min(MEASURED_LIVE, len(plan.held_out.rows))
    accuracy = measured.accuracies["label"]
    st.markdown(
        _("**The held-out accuracy**, last measured at step {step}: right answers of all.").format(step=measured.step)
    )
    st.latex(rf"\frac{{{round(accuracy * count)}}}{{{count}}} = {accuracy:.4f}")


def rate_written_out(options: FineTuningOptions, step: int, total: int, rate: float) -> str:
    """The sum of `lm_core.training.run.learning_rate` with its numbers, as LaTeX.

    Args:
        options: of the run.
        step: from 1.
        total: steps of the run.
        rate: what came out, as the run has used it.
    """
    share = (step - 1) / total
    warmup = options.warmup_share
    lines = [rf"s &= \frac{{{step} - 1}}{{{total}}} = {share:.4f}"]
    parts = ["1"]
    if warmup > 0:
        least = warmup / 200
        top = f"{share:.4f}" if share >= least else rf"\max({share:.4f},\ {warmup:g}/200)"
        lines.append(rf"\text{{up}} &= \frac{{{top}}}{{{warmup:g}}} = {max(share, least) / warmup:.4f}")
        parts.append(f"{max(share, least) / warmup:.4f}")
    if options.schedule != "constant":
        fall = min(1.0, (1 - share) / (1 - warmup))
        lines.append(rf"\text{{down}} &= \min\left(1,\ \frac{{1 - {share:.4f}}}{{1 - {warmup:g}}}\right) = {fall:.4f}")
        shown = f"{fall:.4f}" if options.schedule == "linear" else rf"\tfrac{{1 - \cos(\pi \cdot {fall:.4f})}}{{2}}"
        parts.append(shown)
    least_of = ", ".join(parts)
    lines.append(rf"\eta &= {digits(options.learning_rate)} \cdot \min({least_of})")
    lines.append(f"&= {digits(rate)}")
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
