"""What can be had without learning from the order of words: the lines that a fine-tuning is held against."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from lm_core.training.fine_tuning import FineTuningPlan

_IN_MEMORY = 64  # two numbers each


@dataclass(frozen=True)
class Baselines:
    """What the held-out examples give who knows less."""

    majority: float  # accuracy of whoever always says the label that is most frequent among those to learn from
    naive_bayes: float  # accuracy of the words alone, learned from the same examples
    guessing: float  # nats: the loss of whoever always gives the shares of the labels among those to learn from


def baselines(plan: FineTuningPlan) -> Baselines:
    """The lines of a plan; computed once."""
    return _baselines((plan.train.rows, plan.held_out.rows), plan)


@st.cache_resource(max_entries=_IN_MEMORY, show_spinner=False, hash_funcs={tuple: hash})
def _baselines(rows: tuple[object, ...], _plan: FineTuningPlan) -> Baselines:  # noqa: ARG001 (part of the key)
    """The rows stand for the plan among what is kept."""
    from lm_core.text.naive_bayes import learn

    train, held_out = _plan.train, _plan.held_out
    most = train.balance.most_common(1)[0][0]
    majority = held_out.balance[most] / len(held_out.rows)
    shares = {label: count / len(train.rows) for label, count in train.balance.items()}
    guessing = -math.fsum(math.log(shares[row.label]) for row in held_out.rows) / len(held_out.rows)
    return Baselines(majority, learn(train).accuracy(held_out), guessing)
