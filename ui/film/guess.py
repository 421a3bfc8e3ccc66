"""Questions about a film, each answered by the film itself; best asked before it is played."""

from __future__ import annotations

from typing import Literal

from figures.bars import percent
from lm_core.explain.training.over_time import heads_moved
from ui.film.moment import Moment
from ui.frame.prediction import Question, predict_in_turn, yes_or_no
from ui.i18n import _
from ui.plain import code_span

_MOST_OPTIONS = 4
Subject = Literal["layer", "answer", "label"]


def guess(moment: Moment) -> None:
    """Which layer changes most, whether the answer survives, what the sentence will be labelled; one after another."""
    if len(moment.film.frames) < 2 or moment.is_followed:  # of a run that goes on nobody knows the end
        return
    subjects: list[Subject] = ["layer"] if moment.attentions.shape[1] > 1 else []
    if moment.probe.masked_positions:
        subjects.append("answer")
    if 1 < len(moment.film.labels) <= _MOST_OPTIONS:
        subjects.append("label")
    ask = {"layer": _which_layer, "answer": _does_it_survive, "label": _which_label}
    is_over = moment.frame == len(moment.film.frames) - 1
    predict_in_turn(
        subjects,
        lambda subject: ask[subject](moment),
        series=f"film {moment.probe.text} {moment.steps[-1]} {float(moment.looks[-1].attentions.double().sum())!r} "
        f"{float(moment.looks[-1].attentions[0, 0, 0, 0])!r}",
        is_on_page=lambda subject: is_over and subject != "layer",
    )


def _which_layer(moment: Moment) -> Question:
    """The layer whose heads move farthest from the first frame to the last; of many layers the third of them."""
    moved = heads_moved(moment.attentions[0], moment.attentions[-1]).mean(dim=-1)
    names = [_("Layer {number}").format(number=layer) for layer in range(1, len(moved) + 1)]
    if len(moved) <= _MOST_OPTIONS:
        bits = moved.tolist()
    else:
        thirds = moved.tensor_split(3)
        bits = [float(third.mean()) for third in thirds]
        edges = [0, *(sum(len(third) for third in thirds[: place + 1]) for place in range(3))]
        names = [
            _("Layers {first} to {last}").format(first=edges[place] + 1, last=edges[place + 1]) for place in range(3)
        ]
    return Question(
        text=_("Whose attention to this sentence will have changed most by the end?"),
        options=tuple(names),
        truth=names[bits.index(max(bits))],
        why=_("Divergence of the first frame and the last, mean over heads, in bits: {bits}.").format(
            bits=", ".join(f"{name} {each:.3f}" for name, each in zip(names, bits, strict=True))
        ),
    )


def _does_it_survive(moment: Moment) -> Question:
    """Whether the first answer at the first gap is the same at the beginning and at the end."""
    first, last = moment.looks[0].answers[0][0], moment.looks[-1].answers[0][0]
    options, truth = yes_or_no(first.token_id == last.token_id)
    return Question(
        text=_("At the beginning the first answer at [MASK] is {piece}. Will it be at the end?").format(
            piece=code_span(first.token)
        ),
        options=options,
        truth=truth,
        why=_("It began with {first} at {before}; it ends with {last} at {after}.").format(
            first=code_span(first.token),
            before=percent(first.probability),
            last=code_span(last.token),
            after=percent(last.probability),
        ),
    )


def _which_label(moment: Moment) -> Question:
    """What the trained classifier calls the sentence."""
    names = [code_span(label) for label in moment.film.labels]
    shares = moment.looks[-1].label_probs
    return Question(
        text=_("How will the trained model label this sentence?"),
        options=tuple(names),
        truth=names[shares.index(max(shares))],
        why=_("At the end: {shares}.").format(
            shares=", ".join(f"{name} {percent(share)}" for name, share in zip(names, shares, strict=True))
        ),
    )
