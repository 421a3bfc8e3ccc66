"""The shipped model is what its card says, and Hugging Face's BERT with the same numbers."""

from __future__ import annotations

import re

import pytest
import torch
from transformers import AutoTokenizer, BertForPreTraining

from lm_core import LanguageModel, load_pretrained
from lm_core.checkpoints.pretrained import SHIPPED_FOLDER, SHIPPED_NAME
from lm_core.measured.dependencies import read_table
from lm_core.transformer.model import count_parameters

FOLDER = SHIPPED_FOLDER / SHIPPED_NAME
PAIRS = [
    ("The farmer milks the [MASK] every morning.", None),
    ("It rained all night.", "In the morning the [MASK] was wet."),
    ("a " * 300, "b"),
]


@pytest.fixture(scope="module")
def lm() -> LanguageModel:
    return load_pretrained(device="cpu")


@pytest.mark.parametrize(("text", "text_pair"), PAIRS)
def test_hugging_face_reads_the_same_tokens_and_computes_the_same_numbers(
    lm: LanguageModel, text: str, text_pair: str | None
) -> None:
    theirs = BertForPreTraining.from_pretrained(FOLDER, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    trace = lm.trace(text, text_pair)
    inputs = tokenizer(text, text_pair, return_tensors="pt", truncation="longest_first")
    assert inputs["input_ids"][0].tolist() == list(trace.encoding.input_ids)
    with torch.inference_mode():
        output = theirs(**inputs, output_attentions=True, output_hidden_states=True)
    ours = (trace.prediction_logits, trace.seq_relationship_logits, *trace.hidden_states, *trace.attentions)
    others = (output.prediction_logits, output.seq_relationship_logits, *output.hidden_states, *output.attentions)
    for mine, other in zip(ours, others, strict=True):
        # Of the largest entry: a logit of 10 is a sum of 256 products, which float32 rounds by more than one of 0.1.
        torch.testing.assert_close(mine, other, atol=1e-5 * max(1.0, float(other.abs().max())), rtol=1e-5)


def test_it_is_small_enough_to_ship_and_as_large_as_its_card_says(lm: LanguageModel) -> None:
    assert (FOLDER / "model.safetensors").stat().st_size < 12_000_000
    card = FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    assert f"{count_parameters(lm.model):,} parameters" in card
    assert "license: cc-by-sa-4.0" in card


def test_its_card_names_the_licence_of_every_source() -> None:
    card = FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| source \|.*?\n\n", card, re.DOTALL | re.MULTILINE)
    for row in table.strip().splitlines()[2:]:
        assert re.search(r"CC BY|CDLA|public domain", row), row


def test_it_has_learned_what_words_mean(lm: LanguageModel) -> None:
    """Of two words that both fit the grammar, the one that fits the sentence is the more probable."""
    for sentence, fitting, strange in [
        ("The [MASK] barked at the cat all night.", "dog", "book"),
        ("She drinks a cup of [MASK] every morning.", "tea", "paper"),
        ("The sun rises in the [MASK].", "morning", "kitchen"),
    ]:
        (answers,) = lm.fill_mask(sentence, top_k=lm.config.vocab_size)
        probability = {each.token: each.probability for each in answers}
        assert probability[fitting] > probability[strange], sentence


def test_the_table_of_dependencies_was_measured_on_these_very_weights() -> None:
    table = read_table(FOLDER)
    assert table is not None, "new weights: run the command that stands in dependencies.json again"
    assert table.command_now is not None
    assert table.command_now.startswith("python -m lm_core measure dependencies checkpoints/compact-bert ")
    assert table.answers
