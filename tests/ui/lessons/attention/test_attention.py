"""The lesson on one head shows the numbers of the head, and sums that lead to them."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest
from transformers import BertForPreTraining

from lm_core import LanguageModel
from lm_core.checkpoints.pretrained import SHIPPED_FOLDER, SHIPPED_NAME
from lm_core.explain.heads.by_hand import steps_of, weights_of
from ui.i18n import LANGUAGES, Language
from ui.lessons.attention.toy_head import UNTOUCHED, Toy, toy_steps
from ui.lessons.attention.view import STEPS, StepName

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus in the morning."
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_step = pytest.mark.parametrize("step", STEPS)


def matrices(app: AppTest) -> list[dict[str, Any]]:
    """What the matrices of the page were sent, in their order: operands, then the result."""
    return [
        json.loads(mounted.proto.json)
        for mounted in app.get("bidi_component")
        if mounted.proto.component_name == "glassbox_matrix"
    ]


def numbers(sent: dict[str, Any]) -> NDArray[np.float32]:
    shape = (len(sent["rows"]), len(sent["columns"]))
    return np.frombuffer(base64.b64decode(sent["values"]), dtype="<f4").reshape(shape)


def result_of(formula: str) -> float:
    (bold,) = re.findall(r"\\mathbf\{([^}]*)\}", formula)
    return float(bold)


@every_language
@every_step
def test_the_result_of_a_step_is_the_toys_and_the_sum_ends_in_the_number_that_is_asked(
    open_page: Open, step: StepName, language: Language
) -> None:
    app = open_page("attention", step=step, cell="3.2", lang=language)
    expected = getattr(toy_steps(UNTOUCHED)[0], step).numpy()
    assert numbers(matrices(app)[-1]) == pytest.approx(expected, abs=1e-6)
    assert matrices(app)[-1]["picked"] == [2, 1]
    assert result_of(app.latex[0].value) == pytest.approx(float(expected[2, 1]), abs=5e-5)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "probs"])
def test_the_factors_of_a_written_sum_are_the_lit_row_and_column(open_page: Open, step: StepName) -> None:
    app = open_page("attention", step=step, cell="4.2")
    left, right, result = matrices(app)
    row, column = numbers(left)[left["lit"]["row"]], numbers(right)[:, right["lit"]["column"]]
    divisor = 2.0 if step == "scores" else 1.0
    assert row @ column / divisor == pytest.approx(float(numbers(result)[3, 1]), abs=1e-5)
    formula = app.latex[0].value
    pairs = re.findall(r"(\(?-?[\d.]+\)?) \\times (\(?-?[\d.]+\)?)", formula)
    factors = [(float(one.strip("()")), float(other.strip("()"))) for one, other in pairs]
    assert np.asarray(factors) == pytest.approx(np.stack([row, column], axis=1), abs=5e-5)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    layer=st.integers(1, 4),
    head=st.integers(1, 4),
    step=st.sampled_from(STEPS),
    words=st.permutations(SENTENCE.split()),
)
def test_a_head_of_the_model_shows_what_transformers_computes(
    open_page: Open, shipped: LanguageModel, layer: int, head: int, step: StepName, words: list[str]
) -> None:
    sentence = " ".join(words)
    app = open_page(
        "attention", source="model", step=step, layer=str(layer), head=str(head), sentence=sentence, mask=""
    )
    trace = shipped.trace(sentence)
    steps = steps_of(trace, weights_of(shipped, layer - 1, head - 1), layer - 1, head - 1)
    sent = matrices(app)[-1]
    whole = getattr(steps, step).numpy()
    columns = [int(name) - 1 for name in sent["columns"]] if step not in ("scores", "probs") else slice(None)
    assert numbers(sent) == pytest.approx(whole[: len(sent["rows"]), columns], abs=1e-5)
    row, column = sent["picked"]
    assert result_of(app.latex[0].value) == pytest.approx(float(numbers(sent)[row, column]), abs=6e-5)
    if step == "probs":
        import torch

        theirs = BertForPreTraining.from_pretrained(SHIPPED_FOLDER / SHIPPED_NAME, attn_implementation="eager").eval()
        with torch.inference_mode():
            output = theirs(torch.tensor([trace.encoding.input_ids]), output_attentions=True)
        assert numbers(sent) == pytest.approx(output.attentions[layer - 1][0, head - 1].numpy(), abs=1e-5)


def test_a_change_of_the_reader_is_followed_to_the_end_and_marked(open_page: Open) -> None:
    edited = Toy({("x", 1, 0): -0.5}, None, "causal", scaled=False, with_positions=True)
    address = {"edits": "x2.1:-0.5", "masking": "causal", "unscaled": "on"}
    app = open_page("attention", step="query", **address)
    x, weights, query = matrices(app)
    assert numbers(x)[1, 0] == -0.5
    assert x["changed"] == [4]
    assert weights["changed"] == []
    assert query["changed"] == [4 + 1]  # thing asks for what lives
    output = matrices(open_page("attention", step="output", **address))[-1]
    assert numbers(output) == pytest.approx(toy_steps(edited)[0].output.numpy(), abs=1e-6)


def test_in_practice_the_number_is_nowhere_on_the_page_until_it_is_found(open_page: Open) -> None:
    app = open_page("attention", step="scores", practice="3")
    sent = matrices(app)[-1]
    (hidden,) = sent["hidden"]
    row, column = divmod(hidden, len(sent["columns"]))
    truth = float(toy_steps(UNTOUCHED)[0].scores[row, column])
    assert numbers(sent)[row, column] == 0
    assert not app.latex
    app.text_input[0].set_value(str(truth + 1)).run()
    assert not app.latex
    assert app.warning
    app.text_input[0].set_value("nonsense").run()
    assert app.warning
    app.text_input[0].set_value(f"{truth:.2f}").run()
    assert result_of(app.latex[0].value) == pytest.approx(truth, abs=5e-5)
    assert not matrices(app)[-1]["hidden"]


def test_the_challenge_is_judged_by_the_attention(open_page: Open) -> None:
    def is_won(edits: str) -> bool:
        app = open_page("attention", step="probs", edits=edits)
        probs = toy_steps(Toy({} if not edits else {("x", 0, 1): 9.0}, None, "none", True, True))[0].probs
        won = any("**Challenge.** ✓" in each.value for each in app.markdown)
        assert won == (int(probs[3].argmax()) == 0)
        return won

    assert not is_won("")
    assert is_won("x1.2:9")


@pytest.mark.parametrize("step", ["query", "scores", "output"])
def test_a_sentence_of_a_hundred_words_is_drawn_as_far_as_there_is_room(open_page: Open, step: str) -> None:
    app = open_page("attention", source="model", step=step, sentence="no " * 120, mask="", cell="64.60")
    assert len(matrices(app)[-1]["rows"]) == 64
    assert any("64" in each.value and "122" in each.value for each in app.caption)


def test_hostile_addresses_show_the_lesson(open_page: Open) -> None:
    address = {"step": "<b>", "cell": "9999.1", "edits": "x1.1:<script>", "swap": "1-9", "practice": "-1"}
    assert matrices(open_page("attention", **address))
