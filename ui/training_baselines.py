"""What can be had without learning from the order of words: the lines that a fine-tuning is held against."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lm_core.fine_tuning import FineTuningPlan

_IN_MEMORY = 64  # two numbers each


@dataclass(frozen=True)
class Baselines:
    """Accuracies on the held-out examples."""

    majority: float  # of whoever always says the label that is most frequent among those to learn from
    naive_bayes: float  # of the words alone, learned from the same examples


def baselines(plan: FineTuningPlan) -> Baselines:
    """The lines of a plan; computed once."""
    return _baselines((plan.train.rows, plan.held_out.rows), plan)


@st.cache_resource(max_entries=_IN_MEMORY, show_spinner=False, hash_funcs={tuple: hash})
def _baselines(rows: tuple[object, ...], _plan: FineTuningPlan) -> Baselines:  # noqa: ARG001 (part of the key)
    """The rows stand for the plan among what is kept."""
    from lm_core.naive_bayes import learn

    train, held_out = _plan.train, _plan.held_out
    most = train.balance.most_common(1)[0][0]
    majority = held_out.balance[most] / len(held_out.rows)
    return Baselines(majority, learn(train).accuracy(held_out))
