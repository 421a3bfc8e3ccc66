"""What is said beside a fine-tuning: measured statements, and the challenge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lm_core.explain.training.histories import SMOOTHED_OVER, best
from ui.frame.notice import listed
from ui.i18n import _

if TYPE_CHECKING:
    from lm_core.runs.pool import Snapshot
    from ui.lessons.fine_tuning.baselines import Baselines

_SOON = 60  # steps of the challenge
_FIRMLY = 3  # measurements: fewer tell little


def notice(run: Snapshot, lines: Baselines) -> str:
    """What the run has come to, in its own numbers."""
    notes = [
        _(
            "Whoever always says the most frequent label has {majority} right; naive Bayes, which sees words without "
            "their order, {bayes}."
        ).format(majority=f"{lines.majority:.3f}", bayes=f"{lines.naive_bayes:.3f}")
    ]
    if len(run.held_out) >= _FIRMLY and all(math.isfinite(loss) for loss in run.held_out[-1].losses.values()):
        top = best(run.held_out, "label")
        lowest = min(run.held_out, key=lambda each: each.losses["label"])
        notes.append(
            _("Best held-out accuracy so far: **{accuracy}**, at step {step}.").format(
                accuracy=f"{top.accuracies['label']:.3f}", step=top.step
            )
        )
        recent = run.steps[-SMOOTHED_OVER:]
        training = math.fsum(each.losses["label"] for each in recent) / len(recent)
        notes.append(
            _(
                "Held-out loss: lowest at step {step} ({lowest} nats), now {last}; training loss over the last {count} "
                "steps: {training}."
            ).format(
                step=lowest.step,
                lowest=f"{lowest.losses['label']:.3f}",
                last=f"{run.held_out[-1].losses['label']:.3f}",
                count=len(recent),
                training=f"{training:.3f}",
            )
        )
    return listed(_("**Notice.**"), notes)


def challenge(run: Snapshot, lines: Baselines) -> str:
    """A model that beats the words alone, and soon."""
    bar = max(lines.naive_bayes, lines.majority)
    soon = [each for each in run.held_out if 0 < each.step <= _SOON and each.accuracies["label"] > bar]
    if soon:
        return _("**Challenge.** ✓ At step {step} the held-out accuracy is {accuracy}, above naive Bayes.").format(
            step=soon[0].step, accuracy=f"{soon[0].accuracies['label']:.3f}"
        )
    return _("**Challenge.** Find options that beat naive Bayes within the first {steps} steps.").format(steps=_SOON)
