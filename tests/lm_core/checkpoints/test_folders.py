"""Checkpoint folders in and out: what Hugging Face wrote in eight years, and what must be refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import (
    AutoTokenizer,
    BertForMaskedLM,
    BertForPreTraining,
    BertForSequenceClassification,
    BertModel,
)

from lm_core import CheckpointError, Tokenizer
from lm_core.checkpoints.folders import (
    has_next_sentence,
    load_checkpoint,
    load_classification_checkpoint,
    save_checkpoint,
)
from lm_core.transformer.model import ClassificationModel, PreTrainingModel

NOTHING_TO_REPORT: dict[str, object] = {
    "missing_keys": set(),
    "unexpected_keys": set(),
    "mismatched_keys": set(),
    "error_msgs": [],
}
Tensors = dict[str, Tensor]


@pytest.fixture
def folder(checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the checkpoint, to be spoiled."""
    return Path(shutil.copytree(checkpoint, tmp_path / "copy"))


def change_settings(folder: Path, **changes: object) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def change_tensors(folder: Path, change: Callable[[Tensors], Tensors]) -> None:
    file = folder / "model.safetensors"
    save_file(change(load_file(file)), file, metadata={"format": "pt"})


def assert_equal(ours: torch.nn.Module, theirs: torch.nn.Module) -> None:
    for name, parameter in theirs.state_dict().items():
        assert torch.equal(parameter, ours.state_dict()[name]), name


# What must load


def test_saving_and_loading_gives_the_same_model_back(
    model: PreTrainingModel, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    save_checkpoint(model, tokenizer, tmp_path, dtype=torch.float32)
    again, their_tokenizer = load_checkpoint(tmp_path)
    assert again.config == model.config
    assert_equal(again, model)
    assert their_tokenizer.vocab_size == tokenizer.vocab_size


def test_half_precision_is_stored_and_single_precision_is_loaded_here_and_there(
    model: PreTrainingModel, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    save_checkpoint(model, tokenizer, tmp_path)
    stored = load_file(tmp_path / "model.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16}
    again, _ = load_checkpoint(tmp_path)
    for name, parameter in again.state_dict().items():
        assert torch.equal(parameter, model.state_dict()[name].half().float())
    theirs = BertForPreTraining.from_pretrained(tmp_path)
    assert theirs.dtype == torch.float32
    assert torch.equal(theirs.bert.pooler.dense.weight, again.body.pooler.weight)


def test_hugging_face_finds_nothing_missing_or_left_over_in_what_we_save(
    model: PreTrainingModel, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    save_checkpoint(model, tokenizer, tmp_path)
    theirs, report = BertForPreTraining.from_pretrained(tmp_path, output_loading_info=True)
    assert report == NOTHING_TO_REPORT
    assert theirs.cls.predictions.decoder.weight is theirs.bert.embeddings.word_embeddings.weight
    settings = json.loads((tmp_path / "config.json").read_text())
    assert settings["architectures"] == ["BertForPreTraining"]
    assert settings["model_type"] == "bert"
    assert AutoTokenizer.from_pretrained(tmp_path).model_max_length == model.config.max_position_embeddings
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.txt",
    ]


def test_a_folder_can_be_saved_over_itself(folder: Path, model: PreTrainingModel) -> None:
    loaded, tokenizer = load_checkpoint(folder)
    save_checkpoint(loaded, tokenizer, folder, dtype=torch.float32)
    assert_equal(load_checkpoint(folder)[0], model)


def oldest_names(tensors: Tensors) -> Tensors:
    old = {name.replace("LayerNorm.weight", "LayerNorm.gamma"): tensor for name, tensor in tensors.items()}
    return {name.replace("LayerNorm.bias", "LayerNorm.beta"): tensor for name, tensor in old.items()}


def without_prefix(tensors: Tensors) -> Tensors:
    return {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}


def with_the_decoder_written_out(tensors: Tensors) -> Tensors:
    return tensors | {
        "cls.predictions.decoder.weight": tensors["bert.embeddings.word_embeddings.weight"].clone(),
        "cls.predictions.decoder.bias": tensors["cls.predictions.bias"].clone(),
    }


def with_the_decoders_name_only(tensors: Tensors) -> Tensors:
    renamed = dict(tensors)
    renamed["cls.predictions.decoder.weight"] = renamed.pop("bert.embeddings.word_embeddings.weight")
    renamed["cls.predictions.decoder.bias"] = renamed.pop("cls.predictions.bias")
    return renamed


def with_buffers(tensors: Tensors) -> Tensors:
    positions = torch.arange(32)[None]
    return tensors | {"bert.embeddings.position_ids": positions, "bert.embeddings.token_type_ids": 0 * positions}


def in_double_precision(tensors: Tensors) -> Tensors:
    return {name: tensor.double() for name, tensor in tensors.items()}


@pytest.mark.parametrize(
    "change",
    [
        oldest_names,
        without_prefix,
        with_the_decoder_written_out,
        with_the_decoders_name_only,
        with_buffers,
        in_double_precision,
        lambda tensors: without_prefix(oldest_names(with_buffers(tensors))),
    ],
)
def test_every_way_in_which_a_bert_was_ever_saved_loads(
    folder: Path, model: PreTrainingModel, change: Callable[[Tensors], Tensors]
) -> None:
    change_tensors(folder, change)
    assert_equal(load_checkpoint(folder)[0], model)


def test_bfloat16_becomes_float32(folder: Path) -> None:
    change_tensors(folder, lambda tensors: {name: tensor.bfloat16() for name, tensor in tensors.items()})
    assert {parameter.dtype for parameter in load_checkpoint(folder)[0].parameters()} == {torch.float32}


@pytest.mark.parametrize("silent", ["model_type", "pad_token_id", "layer_norm_eps", "architectures", "hidden_act"])
def test_a_config_that_is_silent_means_what_hugging_face_takes_it_for(
    folder: Path, model: PreTrainingModel, silent: str
) -> None:
    settings = json.loads((folder / "config.json").read_text())
    del settings[silent]
    (folder / "config.json").write_text(json.dumps(settings))
    assert load_checkpoint(folder)[0].config == model.config


def test_a_null_pad_token_is_the_first_token(folder: Path, model: PreTrainingModel) -> None:
    change_settings(folder, pad_token_id=None)
    assert load_checkpoint(folder)[0].config == model.config


def test_the_folder_of_a_masked_word_model_loads_without_inventing_a_next_sentence_head(
    hugging_face_model: BertForPreTraining, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    theirs = BertForMaskedLM(hugging_face_model.config).eval()
    theirs.save_pretrained(tmp_path)
    tokenizer.save(tmp_path)
    ours, _ = load_checkpoint(tmp_path)
    assert not has_next_sentence(ours)
    input_ids = torch.tensor([[2, 7, 8, 3]])
    with torch.no_grad():
        answer = ours.eval()(input_ids)
        torch.testing.assert_close(answer.prediction_logits, theirs(input_ids).logits, atol=1e-5, rtol=1e-5)
    assert answer.seq_relationship_logits.isnan().all()

    save_checkpoint(ours, tokenizer, tmp_path / "again", dtype=torch.float32)
    again, report = BertForMaskedLM.from_pretrained(tmp_path / "again", output_loading_info=True)
    assert report == NOTHING_TO_REPORT
    assert json.loads((tmp_path / "again" / "config.json").read_text())["architectures"] == ["BertForMaskedLM"]
    assert torch.equal(again.cls.predictions.bias, theirs.cls.predictions.bias)


@pytest.mark.parametrize("num_labels", [1, 2, 5])
def test_a_classifier_loads_in_both_directions(
    hugging_face_model: BertForPreTraining, tokenizer: Tokenizer, tmp_path: Path, num_labels: int
) -> None:
    config = type(hugging_face_model.config)(**hugging_face_model.config.to_dict() | {"num_labels": num_labels})
    theirs = BertForSequenceClassification(config).eval()
    theirs.save_pretrained(tmp_path)
    tokenizer.save(tmp_path)
    ours, _ = load_classification_checkpoint(tmp_path)
    input_ids = torch.tensor([[2, 7, 8, 3]])
    with torch.no_grad():
        logits = ours.eval()(input_ids).logits
        torch.testing.assert_close(logits, theirs(input_ids).logits, atol=1e-5, rtol=1e-5)
    save_checkpoint(ours, tokenizer, tmp_path / "again", dtype=torch.float32)
    again, report = BertForSequenceClassification.from_pretrained(tmp_path / "again", output_loading_info=True)
    assert report == NOTHING_TO_REPORT
    assert again.num_labels == num_labels
    assert torch.equal(again.classifier.weight, theirs.classifier.weight)


# What must be refused


def assert_refused(folder: Path, *said: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder)
    message = str(caught.value)
    assert message == caught.value.template.format(**caught.value.fields)
    for each in said:
        assert each in message


def test_a_pickle_is_refused_with_the_reason(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    assert_refused(folder, "pytorch_model.bin", "pickle", "can run any program", "only model.safetensors is read")


def test_a_checkpoint_in_several_files_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    (folder / "model.safetensors.index.json").write_text("{}")
    assert_refused(folder, "several files", "one model.safetensors")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert_refused(folder, f"has no {name}")


def test_a_missing_tokenizer_is_named(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").unlink()
    assert_refused(folder, "neither tokenizer.json nor vocab.txt")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert_refused(tmp_path / "nowhere", "no folder", "nowhere")


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '"bert"', "[" * 100_000, '{"vocab_size": ' + "9" * 5000 + "}"])
def test_a_config_that_is_no_json_object_is_refused(folder: Path, content: str) -> None:
    (folder / "config.json").write_text(content)
    assert_refused(folder, "config.json")


def test_a_config_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "config.json").write_bytes(b"\xff\xfe\x00\x01")
    assert_refused(folder, "config.json is not readable JSON")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model_type", "roberta"),
        ("model_type", ["bert"]),
        ("hidden_act", "silu"),
        ("hidden_act", {"a": 1}),
        ("position_embedding_type", "relative_key"),
        ("is_decoder", True),
        ("add_cross_attention", True),
        ("hidden_size", "24"),
        ("hidden_size", 24.0),
        ("hidden_size", True),
        ("hidden_size", -24),
        ("hidden_size", 10**30),
        ("num_hidden_layers", 0),
        ("num_hidden_layers", 10**6),
        ("num_attention_heads", 5),
        ("vocab_size", 10_000_000),
        ("max_position_embeddings", 9_999_999),
        ("layer_norm_eps", float("nan")),
        ("layer_norm_eps", float("inf")),
        ("layer_norm_eps", 0),
        ("hidden_dropout_prob", 1.5),
        ("pad_token_id", 10**6),
    ],
)
def test_a_setting_that_this_code_does_not_compute_is_refused_by_name(folder: Path, name: str, value: object) -> None:
    change_settings(folder, **{name: value})
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder)
    said = str(caught.value)
    assert "config.json" in said
    if name not in ("vocab_size", "max_position_embeddings", "num_hidden_layers") or value == 0:
        assert name in said


def test_a_missing_and_a_left_over_tensor_are_listed(folder: Path) -> None:
    def rename(tensors: Tensors) -> Tensors:
        tensors["bert.encoder.layer.1.output.dense.strange"] = tensors.pop("bert.encoder.layer.1.output.dense.weight")
        return tensors

    change_tensors(folder, rename)
    assert_refused(
        folder,
        "Missing: bert.encoder.layer.1.output.dense.weight.",
        "Left over: bert.encoder.layer.1.output.dense.strange.",
    )


def test_a_tensor_of_the_wrong_shape_is_listed_with_both_shapes(folder: Path) -> None:
    change_tensors(folder, lambda tensors: tensors | {"bert.pooler.dense.weight": torch.zeros(24, 25)})
    assert_refused(folder, "Wrong shape: bert.pooler.dense.weight (24, 25) instead of (24, 24).")


@pytest.mark.parametrize("change", ["hidden_size", "num_hidden_layers", "vocab_size", "intermediate_size"])
def test_a_config_of_another_model_is_refused(folder: Path, change: str) -> None:
    change_settings(folder, **{change: 4})
    assert_refused(folder, "is not the model that config.json describes")


def test_half_a_next_sentence_head_is_refused(folder: Path) -> None:
    change_settings(folder, architectures=["BertForMaskedLM"])
    change_tensors(folder, lambda tensors: {n: t for n, t in tensors.items() if n != "cls.seq_relationship.bias"})
    assert_refused(folder, "Missing: cls.seq_relationship.bias")


def test_a_model_for_both_tasks_must_hold_both_heads(folder: Path) -> None:
    change_tensors(folder, lambda tensors: {n: t for n, t in tensors.items() if "seq_relationship" not in n})
    assert_refused(folder, "Missing: cls.seq_relationship.bias, cls.seq_relationship.weight")


def test_a_body_without_heads_is_refused_and_the_heads_are_named(
    hugging_face_model: BertForPreTraining, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    BertModel(hugging_face_model.config).save_pretrained(tmp_path)
    tokenizer.save(tmp_path)
    assert_refused(tmp_path, "Missing: cls.predictions.bias", "Left over: –")


def test_a_decoder_of_its_own_is_refused(folder: Path) -> None:
    def untie(tensors: Tensors) -> Tensors:
        words = tensors["bert.embeddings.word_embeddings.weight"]
        return tensors | {"cls.predictions.decoder.weight": words + 1}

    change_tensors(folder, untie)
    assert_refused(folder, "two different tensors for bert.embeddings.word_embeddings.weight")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_weight_that_is_no_finite_number_is_refused(folder: Path, value: float) -> None:
    change_tensors(folder, lambda tensors: tensors | {"bert.pooler.dense.bias": torch.full((24,), value)})
    assert_refused(folder, "bert.pooler.dense.bias", "not finite")


def test_quantised_weights_are_refused(folder: Path) -> None:
    change_tensors(folder, lambda tensors: tensors | {"bert.pooler.dense.bias": torch.ones(24, dtype=torch.int8)})
    assert_refused(folder, "bert.pooler.dense.bias as int8")


@pytest.mark.parametrize("length", [0, 4, 8, 100, 5000, -1])
def test_a_file_that_was_cut_off_is_called_damaged(folder: Path, length: int) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:length])
    assert_refused(folder, "model.safetensors is damaged")


@pytest.mark.parametrize("content", [b"\xff" * 64, b"\x80\x04K\x01." * 20, b"not a tensor in sight, only words"])
def test_a_file_that_is_something_else_is_called_damaged(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors").write_bytes(content)
    assert_refused(folder, "model.safetensors is damaged")


def test_a_tokenizer_larger_than_the_models_vocabulary_is_refused(folder: Path, tokenizer: Tokenizer) -> None:
    tokens = [tokenizer.token(id_) for id_ in range(tokenizer.vocab_size)] + ["one", "more"]
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    assert_refused(folder, f"a tokenizer of {tokenizer.vocab_size + 2} pieces", f"only {tokenizer.vocab_size}")


def test_a_classifier_is_no_language_model_and_the_other_way_round(
    folder: Path, model: PreTrainingModel, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    classifier = ClassificationModel(model.config, num_labels=2)
    save_checkpoint(classifier, tokenizer, tmp_path / "classifier")
    assert_refused(tmp_path / "classifier", "Left over: classifier.bias, classifier.weight")
    with pytest.raises(CheckpointError, match=r"Missing: classifier\.bias, classifier\.weight"):
        load_classification_checkpoint(folder)


def test_loading_a_model_does_not_import_half_of_pytorch(checkpoint: Path) -> None:
    code = (
        "import sys, lm_core.checkpoints.pretrained; before = set(sys.modules); "
        f"lm_core.checkpoints.pretrained.load_pretrained({str(checkpoint)!r}, device='cpu'); "
        "new = set(sys.modules) - before; assert len(new) < 100, sorted(new)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_saved_can_be_read_by_every_account_that_the_system_lets_in(
    model: PreTrainingModel, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    save_checkpoint(model, tokenizer, tmp_path)
    assert len({file.stat().st_mode for file in tmp_path.iterdir()}) == 1
