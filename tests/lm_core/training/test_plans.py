"""A plan that is written and read is the same plan."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lm_core.text.examples import Example, Examples
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from lm_core.training.plans import Plan, plan_from_json, plan_to_json
from lm_core.training.small_pretraining import PreTrainingOptions, PreTrainingPlan

WORDS = st.text(max_size=12)
EXAMPLES = st.lists(st.builds(Example, WORDS, WORDS, st.none() | WORDS), max_size=4).map(
    lambda rows: Examples(tuple(rows))
)
OPTIONS = st.builds(
    FineTuningOptions,
    learning_rate=st.floats(1e-9, 1),
    schedule=st.sampled_from(["linear", "cosine", "constant"]),
    steps=st.none() | st.integers(1, 10**6),
    start=st.sampled_from(["pretrained", "nothing"]),
    frozen_layers=st.none() | st.integers(0, 12),
    patience=st.none() | st.integers(1, 9),
    bfloat16=st.booleans(),
)
PLANS = st.builds(
    FineTuningPlan,
    model=WORDS,
    train=EXAMPLES,
    held_out=EXAMPLES,
    options=OPTIONS,
    probes=st.lists(WORDS, max_size=4).map(tuple),
    data=WORDS,
)


PRE_TRAININGS = st.builds(
    PreTrainingPlan,
    text=WORDS,
    options=st.builds(PreTrainingOptions, start=st.sampled_from(["pretrained", "nothing"]), bfloat16=st.booleans()),
    model=WORDS,
    probes=st.lists(WORDS, max_size=4).map(tuple),
)


@given(PLANS | PRE_TRAININGS)
def test_a_plan_is_the_same_after_a_round_trip(plan: Plan) -> None:
    assert plan_from_json(plan_to_json(plan)) == plan
