"""The public face: answers equal the model's, and nothing that is shared ever changes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertForMaskedLM, BertForPreTraining

import lm_core
from lm_core import CheckpointError, InputError, LanguageModel, Tokenizer, TransformerConfig, load_pretrained
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.transformer.model import PreTrainingModel
from tests.lm_core.text.test_tokenization import ANY_TEXT


@torch.no_grad()
def test_fill_mask_gives_hugging_faces_probabilities_for_every_mask(
    language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    text = "The [MASK] sat on the [MASK]."
    encoding = language_model.encode(text)
    logits = hugging_face_model(torch.tensor([encoding.input_ids])).prediction_logits[0]
    answers = language_model.fill_mask(text, top_k=7)
    assert len(answers) == 2
    for position, predictions in zip(encoding.masked_positions, answers, strict=True):
        expected = logits[position].softmax(-1).topk(7)
        assert [each.token_id for each in predictions] == expected.indices.tolist()
        assert [each.probability for each in predictions] == pytest.approx(expected.values.tolist(), abs=1e-5)
        assert [each.token for each in predictions] == [
            language_model.tokenizer.token(each.token_id) for each in predictions
        ]


@torch.no_grad()
def test_next_sentence_gives_hugging_faces_probability_that_b_follows_a(
    language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    encoding = language_model.encode("It rained.", "The street was wet.")
    expected = hugging_face_model(
        torch.tensor([encoding.input_ids]), token_type_ids=torch.tensor([encoding.token_type_ids])
    ).seq_relationship_logits.softmax(-1)[0, 0]
    assert language_model.next_sentence("It rained.", "The street was wet.") == pytest.approx(float(expected), abs=1e-5)


@torch.no_grad()
def test_a_trace_holds_hugging_faces_tensors(
    language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    trace = language_model.trace("The cat sat.", "A dog ran.", masked_words=[1])
    theirs = hugging_face_model(
        torch.tensor([trace.encoding.input_ids]),
        token_type_ids=torch.tensor([trace.encoding.token_type_ids]),
        output_attentions=True,
        output_hidden_states=True,
    )
    for ours, expected in (
        (trace.attentions, theirs.attentions),
        (trace.hidden_states, theirs.hidden_states),
        ((trace.prediction_logits,), (theirs.prediction_logits,)),
        ((trace.seq_relationship_logits,), (theirs.seq_relationship_logits,)),
    ):
        torch.testing.assert_close(ours, tuple(expected), atol=1e-5, rtol=1e-5)


def test_the_fast_answers_are_those_of_the_trace(language_model: LanguageModel) -> None:
    trace = language_model.trace("The [MASK] sat.")
    (fast,) = language_model.fill_mask("The [MASK] sat.", top_k=3)
    traced = trace.prediction_logits[0, trace.encoding.masked_positions[0]].softmax(-1)
    assert [each.probability for each in fast] == pytest.approx(
        [float(traced[each.token_id]) for each in fast], abs=1e-5
    )


def test_a_head_mask_of_ones_changes_nothing_and_of_zeros_leaves_no_context(language_model: LanguageModel) -> None:
    plain = language_model.trace("The cat sat.")
    ones = language_model.trace("The cat sat.", head_mask=torch.ones(3, 4))
    torch.testing.assert_close(ones.prediction_logits, plain.prediction_logits)
    zeros = language_model.trace("The cat sat.", head_mask=torch.zeros(3, 4))
    assert all(layer.attention.context.abs().max() == 0 for layer in zeros.layers)
    assert not torch.equal(zeros.prediction_logits, plain.prediction_logits)


def test_top_k_beyond_the_vocabulary_gives_the_vocabulary(language_model: LanguageModel) -> None:
    (predictions,) = language_model.fill_mask("[MASK]", top_k=10**6)
    assert len(predictions) == language_model.config.vocab_size
    assert sum(each.probability for each in predictions) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["The cat sat.", "the [mask]", "word " * 100 + "[MASK]"])
def test_a_text_without_a_mask_that_is_read_is_told_to_have_one(language_model: LanguageModel, text: str) -> None:
    with pytest.raises(InputError, match=r"Put \[MASK\] where a word is to be guessed"):
        language_model.fill_mask(text)


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT, text_pair=st.none() | ANY_TEXT)
def test_whatever_is_typed_is_answered_with_probabilities_or_a_sentence(
    language_model: LanguageModel, text: str, text_pair: str | None
) -> None:
    try:
        trace = language_model.trace(text, text_pair)
    except InputError:
        return
    for probs in trace.attentions:
        torch.testing.assert_close(probs.sum(-1), torch.ones(probs.shape[:-1]))
    assert trace.prediction_logits.isfinite().all()
    assert trace.prediction_logits.shape[1] == len(trace.encoding.tokens)


def test_thirty_threads_get_the_answers_that_one_gets(language_model: LanguageModel) -> None:
    texts = [f"The [MASK] sat {'on the mat ' * (number % 7)}{number}" for number in range(30)]
    masks = [torch.full((3, 4), number / 30) for number in range(30)]

    def ask(number: int) -> tuple[list[list[lm_core.Prediction]], torch.Tensor]:
        trace = language_model.trace(texts[number], head_mask=masks[number])
        return language_model.fill_mask(texts[number]), trace.prediction_logits

    alone = [ask(number) for number in range(30)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, list(range(30)) * 3))
    for number, (predictions, logits) in enumerate(together):
        expected_predictions, expected_logits = alone[number % 30]
        assert predictions == expected_predictions
        assert torch.equal(logits, expected_logits)


def test_a_shared_model_is_frozen(language_model: LanguageModel) -> None:
    assert not language_model.model.training
    assert not any(parameter.requires_grad for parameter in language_model.model.parameters())
    with pytest.raises(AttributeError):
        language_model.name = "other"  # type: ignore[misc]


def test_a_saved_model_answers_the_same_here_and_in_hugging_faces_code(
    language_model: LanguageModel, tmp_path: Path
) -> None:
    language_model.save(tmp_path)
    again = load_pretrained(tmp_path, device="cpu")
    assert again.fill_mask("The [MASK] sat.") == language_model.fill_mask("The [MASK] sat.")
    theirs = BertForPreTraining.from_pretrained(tmp_path)
    assert torch.equal(theirs.bert.pooler.dense.bias, language_model.model.body.pooler.bias)


def test_a_model_of_masked_words_alone_says_that_it_cannot_judge_pairs(
    hugging_face_model: BertForPreTraining, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    BertForMaskedLM(hugging_face_model.config).save_pretrained(tmp_path)
    tokenizer.save(tmp_path)
    masked_words_only = load_pretrained(tmp_path, device="cpu")
    assert not masked_words_only.has_next_sentence
    assert masked_words_only.fill_mask("The [MASK] sat.")
    with pytest.raises(InputError, match="masked words alone"):
        masked_words_only.next_sentence("a", "b")
    masked_words_only.save(tmp_path / "again")
    assert not load_pretrained(tmp_path / "again", device="cpu").has_next_sentence


def test_a_model_of_one_segment_refuses_pairs(tokenizer: Tokenizer, tmp_path: Path) -> None:
    config = TransformerConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=8, num_attention_heads=2, type_vocab_size=1, num_hidden_layers=1
    )
    save_checkpoint(PreTrainingModel(config), tokenizer, tmp_path)
    with pytest.raises(InputError, match="one sentence at a time"):
        load_pretrained(tmp_path, device="cpu").trace("a", "b")


def test_a_shipped_model_that_is_not_there_is_no_reason_to_ask_the_hub(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("lm_core.checkpoints.pretrained.SHIPPED_FOLDER", tmp_path)
    with pytest.raises(CheckpointError, match="There is no folder"):
        load_pretrained()


def test_a_shipped_model_is_known_by_its_name(
    monkeypatch: pytest.MonkeyPatch, language_model: LanguageModel, tmp_path: Path
) -> None:
    monkeypatch.setattr("lm_core.checkpoints.pretrained.SHIPPED_FOLDER", tmp_path)
    language_model.save(tmp_path / "compact-bert")
    for name in (None, "", "compact-bert"):
        assert load_pretrained(name).name == "compact-bert"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_auto_takes_the_gpu_and_answers_as_the_processor_does(language_model: LanguageModel, checkpoint: Path) -> None:
    on_gpu = load_pretrained(checkpoint)
    assert on_gpu.device.type == "cuda"
    trace = on_gpu.trace("The [MASK] sat.", head_mask=torch.ones(3, 4))
    assert trace.prediction_logits.device.type == "cpu"
    torch.testing.assert_close(
        trace.prediction_logits, language_model.trace("The [MASK] sat.").prediction_logits, atol=1e-4, rtol=1e-4
    )


def test_importing_the_package_loads_neither_torch_nor_a_tokenizer() -> None:
    code = "import sys, lm_core; assert not {'torch', 'tokenizers', 'transformers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_asking_a_model_loads_neither_transformers_nor_the_hub() -> None:
    code = (
        "import sys; from lm_core import load_pretrained, LanguageModel, answer_mask; "
        "assert not {'transformers', 'huggingface_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_can_be_imported_and_no_other() -> None:
    for name in lm_core.__all__:
        assert getattr(lm_core, name) is not None
    assert dir(lm_core) == sorted(lm_core.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        lm_core.nothing_of_the_kind  # noqa: B018
