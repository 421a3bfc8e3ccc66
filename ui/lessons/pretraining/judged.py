"""What is said beside a pre-training: what comes first, what the loss is worth, and a challenge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from ui.frame.notice import listed
from ui.frame.prediction import settle, show_score, wager
from ui.i18n import N_, _
from ui.lessons.pretraining.check import lines_of
from ui.models.shelf import models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lm_core.runs.pool import Snapshot

FIRST: Mapping[str, str] = {
    "frequency": N_("How frequent each piece is"),
    "grammar": N_("Which kind of word fits (grammar)"),
    "meaning": N_("What the sentence is about"),
}
FEW_PARAMETERS = 100_000  # of the challenge
_BELOW = 1.5  # nats under the unigram line, of the challenge


def first_below(run: Snapshot, level: float) -> int | None:
    """The first step at which the mean training loss of the steps before lies below a line; None where there is none.

    A batch of the first pass over the text has not been read before, so it tells as much as a held-out one, and sooner.
    """
    from lm_core.explain.training.histories import running_mean

    means = running_mean([each.losses.get("masked_lm", math.nan) for each in run.steps])
    return next((each.step for each, mean in zip(run.steps, means, strict=True) if mean < level), None)


def guess_what_is_first(run: Snapshot | None) -> None:
    """What a model from nothing learns first; the curve tells.

    Args:
        run: that the page shows, if any.
    """
    key = "what is learned first"
    answer = wager(
        _("A model starts from random weights. What will it learn **first**?"),
        list(FIRST),
        lambda name: _(FIRST[name]),
        key=key,
    )
    if run is None or answer is None or run.plan.options.start != "nothing":
        return
    lines = lines_of(run)
    uniform, unigram = first_below(run, lines["uniform"]), first_below(run, lines["unigram"])
    if uniform is None or unigram is None or not uniform < unigram:
        return
    why = _(
        "The loss was below ln V from step {uniform} on, but below the unigram line only from step {unigram} on: until "
        "then it did no better than the frequencies of the pieces."
    ).format(uniform=f"{uniform:,}", unigram=f"{unigram:,}")
    right = settle("frequency", key=key)
    st.markdown(_("✓ Right: frequencies. {why}").format(why=why) if right else _("Frequencies. {why}").format(why=why))
    show_score()


def notice(run: Snapshot) -> str:
    """What the last measurement says, in words."""
    if not run.held_out or "masked_lm" not in run.held_out[-1].losses:
        return _("**Notice.** The first measurement comes before the first step.")
    last, lines = run.held_out[-1], run.baselines
    loss = last.losses["masked_lm"]
    statements = [_standing(loss, lines)]
    if math.isfinite(loss):
        statements.append(
            _("It is right about {share} of the masked held-out pieces, and as unsure as between {choices}.").format(
                share=percent(last.accuracies["masked_lm"]), choices=f"{math.exp(min(loss, 50)):,.0f}"
            )
        )
    pairs = last.losses.get("next_sentence")
    if pairs is None:
        statements.append(_("The held-out part has no two sentences in a row: whether one follows is not asked."))
    else:
        statements.append(
            _("Whether the second sentence follows: loss {loss}, right {share}. A coin has {coin} and half.").format(
                loss=f"{pairs:.3f}", share=percent(last.accuracies["next_sentence"]), coin=f"{math.log(2):.3f}"
            )
        )
    recent = run.steps[-20:]
    trained = sum(each.losses["masked_lm"] for each in recent) / len(recent) if recent else math.nan
    if math.isfinite(trained) and loss - trained > 1.0:
        statements.append(
            _(
                "On what it has read it is much better ({trained} nats): a text this small is learned by heart before "
                "it is understood."
            ).format(trained=f"{trained:.2f}")
        )
    title = _("**Notice.** Measured at step {step}:").format(step=f"{last.step:,}")
    return listed(title, statements)


def _standing(loss: float, lines: Mapping[str, float]) -> str:
    """Where the loss stands against those who know less."""
    values = {"loss": f"{loss:.3f}", "uniform": f"{lines['uniform']:.3f}", "unigram": f"{lines['unigram']:.3f}"}
    if not math.isfinite(loss):
        return _("The loss is not a number any more.")
    if loss < lines["unigram"]:
        return _(
            "Held-out loss {loss}, below the unigram line ({unigram}): it knows more than word frequencies."
        ).format(**values)
    if loss < lines["uniform"]:
        return _(
            "Held-out loss {loss}, between ln V ({uniform}) and the unigram line ({unigram}): no better than who only "
            "counts."
        ).format(**values)
    return _("Held-out loss {loss}, above ln V ({uniform}): worse than who knows nothing.").format(**values)


def challenge(run: Snapshot) -> str:
    """Far below the unigram line with a small model; judged by the run."""
    parameters = run.plan.num_parameters(models().fetch)  # type: ignore[union-attr]
    below = [run.baselines["unigram"] - each.losses.get("masked_lm", math.inf) for each in run.held_out]
    best = max((each for each in below if math.isfinite(each)), default=-math.inf)
    if run.plan.options.start == "nothing" and parameters <= FEW_PARAMETERS and best >= _BELOW:
        return _("**Challenge.** ✓ {best} nats below the unigram line with {parameters} parameters.").format(
            best=f"{best:.2f}", parameters=f"{parameters:,}"
        )
    return _(
        "**Challenge.** Come {below} nats or more below the unigram line on held-out text, from nothing, with at most "
        "{few} parameters. This run: {best} nats, {parameters} parameters."
    ).format(
        below=f"{_BELOW:g}",
        few=f"{FEW_PARAMETERS:,}",
        best=f"{best:.2f}" if math.isfinite(best) else "–",
        parameters=f"{parameters:,}",
    )
