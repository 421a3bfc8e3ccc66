"""Checkpoints as Hugging Face folders, in and out: config.json, model.safetensors and the tokenizer's files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from lm_core.checkpoints.hugging_face import (
    BUFFER_NAMES,
    MODULE_NAMES,
    config_of,
    hugging_face_name,
    newest_name,
    settings_of,
)
from lm_core.errors import CheckpointError
from lm_core.text.tokenization import Tokenizer
from lm_core.text.whole_files import written_at_once
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import ClassificationModel, PreTrainingModel

# What a checkpoint of masked words alone (BertForMaskedLM) leaves out.
NEXT_SENTENCE_MODULES = ("body.pooler", "next_sentence")
# Beside a classifier's weights, the heads that its body was pre-trained with: Hugging Face does not look there.
HEADS_FILE = "pretraining_heads.safetensors"
WEIGHT_TYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def load_checkpoint(folder: Path | str) -> tuple[PreTrainingModel, Tokenizer]:
    """Read a pre-trained BERT, its weights as float32.

    A checkpoint of masked words alone (BertForMaskedLM) is read, too. The pooler and the next-sentence head that
    it lacks then hold NaN, so that no answer of theirs can be taken for the model's; see `has_next_sentence`. Of a
    classifier that was fine-tuned here (`save_fine_tuned`) the body is read, under the heads it was pre-trained with.

    Raises:
        CheckpointError: naming the file, and what is missing, left over or wrong in it.
    """
    settings, config, tensors = _read_folder(Path(folder))
    heads = Path(folder) / HEADS_FILE
    if heads.is_file():
        tensors = {name: tensor for name, tensor in tensors.items() if not name.startswith("classifier.")}
        tensors |= _read_tensors(heads)
    with torch.device("meta"), _NothingDrawn():
        model = PreTrainingModel(config)
    complete = "BertForPreTraining" in str(settings.get("architectures"))
    _load_weights(model, tensors, Path(folder) / "model.safetensors", () if complete else NEXT_SENTENCE_MODULES)
    return model, _read_tokenizer(Path(folder), config)


def label_names(folder: Path | str) -> tuple[str, ...]:
    """What a classifier's outputs are called, in their order.

    Raises:
        CheckpointError: config.json cannot be read, or names no labels.
    """
    file = Path(folder) / "config.json"
    named = _read_settings(file).get("id2label")
    if not isinstance(named, dict) or not all(str(number) in named for number in range(len(named))):
        raise CheckpointError("{file} names no labels.", file=file)
    return tuple(str(named[str(number)]) for number in range(len(named)))


def load_classification_checkpoint(folder: Path | str) -> tuple[ClassificationModel, Tokenizer]:
    """Read a BERT that was fine-tuned to label sequences (BertForSequenceClassification), its weights as float32.

    Raises:
        CheckpointError: naming the file, and what is missing, left over or wrong in it.
    """
    _, config, tensors = _read_folder(Path(folder))
    bias = tensors.get("classifier.bias")
    with torch.device("meta"), _NothingDrawn():
        model = ClassificationModel(config, num_labels=max(1, 0 if bias is None else bias.numel()))
    _load_weights(model, tensors, Path(folder) / "model.safetensors", ())
    return model, _read_tokenizer(Path(folder), config)


def save_checkpoint(
    model: PreTrainingModel | ClassificationModel,
    tokenizer: Tokenizer,
    folder: Path | str,
    *,
    dtype: torch.dtype = torch.float16,
    labels: Sequence[str] | None = None,
) -> None:
    """Write a folder that Hugging Face's `from_pretrained` loads; the weights appear in it at once or not at all.

    Args:
        model: what to save; a next-sentence head that it lacks is left out again.
        tokenizer: the one that the model was trained with.
        folder: made if it is not there.
        dtype: the type on disk; whoever loads the folder computes in float32.
        labels: names of a classifier's outputs; None numbers them, as Hugging Face does.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = model.state_dict()
    settings = settings_of(model.config) | {
        "model_type": "bert",
        "dtype": "float32",
        "tie_word_embeddings": True,
    }
    if isinstance(model, ClassificationModel):
        names = labels or [f"LABEL_{number}" for number in range(model.classifier.out_features)]
        settings |= {
            "architectures": ["BertForSequenceClassification"],
            "id2label": {str(number): name for number, name in enumerate(names)},
            "label2id": {name: number for number, name in enumerate(names)},
        }
    elif has_next_sentence(model):
        settings["architectures"] = ["BertForPreTraining"]
    else:
        settings["architectures"] = ["BertForMaskedLM"]
        state = {name: tensor for name, tensor in state.items() if not name.startswith(NEXT_SENTENCE_MODULES)}
    (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    tokenizer.save(folder, max_length=model.config.max_position_embeddings)
    _write_tensors(state, folder / "model.safetensors", dtype)


def save_fine_tuned(
    model: ClassificationModel,
    labels: Sequence[str],
    pretrained: PreTrainingModel,
    tokenizer: Tokenizer,
    folder: Path | str,
    *,
    dtype: torch.dtype = torch.float32,
) -> None:
    """Write a classifier as `save_checkpoint` does, and beside it the heads that its body was pre-trained with.

    `BertForSequenceClassification.from_pretrained` loads it, and so does `load_checkpoint`, as a language model.
    """
    heads = {
        name: tensor
        for name, tensor in pretrained.state_dict().items()
        if not name.startswith("body.") and (has_next_sentence(pretrained) or not name.startswith("next_sentence."))
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    _write_tensors(heads, Path(folder) / HEADS_FILE, dtype)
    save_checkpoint(model, tokenizer, folder, dtype=dtype, labels=labels)


def _write_tensors(state: Mapping[str, Tensor], file: Path, dtype: torch.dtype) -> None:
    """Weights under Hugging Face's names; the file is there at once or not at all."""
    tensors = {hugging_face_name(name): tensor.to("cpu", dtype).contiguous() for name, tensor in state.items()}
    with written_at_once(file) as partial:
        # Not save_file, which lets nobody but the owner read what it writes.
        partial.write_bytes(save(tensors, metadata={"format": "pt"}))


def has_next_sentence(model: PreTrainingModel) -> bool:
    """Whether the checkpoint that the model came from held a pooler and a next-sentence head."""
    parts = (model.body.pooler.bias, model.next_sentence.bias)
    return not any(bool(part.isnan().any()) for part in parts)


class _NothingDrawn(TorchFunctionMode):
    """Build modules without drawing weights: they come from a file, and on the meta device the first draw imports
    800 modules, which takes a second.
    """

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: object,
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        return None if func is nn.init.normal_ else func(*args, **(kwargs or {}))


def _read_folder(folder: Path) -> tuple[dict[str, object], TransformerConfig, dict[str, Tensor]]:
    """config.json as it stands, the config it describes, and the tensors under Hugging Face's newest names."""
    if not folder.is_dir():
        raise CheckpointError("There is no folder {folder}.", folder=folder)
    settings = _read_settings(folder / "config.json")
    config = config_of(settings, folder / "config.json")
    if not (folder / "model.safetensors").is_file():
        raise _no_weights(folder)
    tensors = _read_tensors(folder / "model.safetensors")
    if config.num_hidden_layers > len(tensors):
        raise CheckpointError(
            "{file} names {layers} layers, but model.safetensors holds only {tensors} tensors.",
            file=folder / "config.json",
            layers=config.num_hidden_layers,
            tensors=len(tensors),
        )
    return settings, config, tensors


def _read_settings(file: Path) -> dict[str, object]:
    """config.json, or a sentence that says what is wrong with it."""
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CheckpointError("{folder} has no config.json.", folder=file.parent) from error
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError("{file} is not readable JSON: {reason}.", file=file, reason=error) from error
    if not isinstance(settings, dict):
        raise CheckpointError("{file} is not a JSON object.", file=file)
    return settings


def _read_tensors(file: Path) -> dict[str, Tensor]:
    """Every tensor of a file under its newest name, tied ones once."""
    try:
        stored = load_file(file)
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError("{file} is damaged: {reason}.", file=file, reason=error) from error
    tensors: dict[str, Tensor] = {}
    for stored_name, tensor in stored.items():
        name = newest_name(stored_name)
        if name in BUFFER_NAMES:
            continue
        if tensor.dtype not in WEIGHT_TYPES:
            raise CheckpointError(
                "{file} holds {name} as {dtype}; only float16, bfloat16, float32 and float64 can be read.",
                file=file,
                name=name,
                dtype=str(tensor.dtype).removeprefix("torch."),
            )
        if not tensor.isfinite().all():
            raise CheckpointError("{file} holds a {name} that is not finite.", file=file, name=name)
        if name in tensors and not torch.equal(tensors[name], tensor):
            raise CheckpointError(
                "{file} holds two different tensors for {name}; a decoder of its own cannot be computed here.",
                file=file,
                name=name,
            )
        tensors[name] = tensor
    return tensors


def _no_weights(folder: Path) -> CheckpointError:
    """Why a folder without model.safetensors cannot be read."""
    if (folder / "model.safetensors.index.json").is_file():
        return CheckpointError("{folder} is split into several files; save it as one model.safetensors.", folder=folder)
    pickles = sorted(file.name for pattern in ("*.bin", "*.pt", "*.ckpt") for file in folder.glob(pattern))
    if pickles:
        return CheckpointError(
            "{folder} holds its weights as a pickle ({file}), which can run any program when it is opened; "
            "only model.safetensors is read.",
            folder=folder,
            file=pickles[0],
        )
    return CheckpointError("{folder} has no model.safetensors.", folder=folder)


def _load_weights(model: nn.Module, tensors: dict[str, Tensor], file: Path, optional: tuple[str, ...]) -> None:
    """Fill a model on the meta device; modules in `optional` may be absent as a whole and then hold NaN."""
    expected = {hugging_face_name(name): parameter for name, parameter in model.state_dict().items()}
    absent = {
        hugging_face_name(f"{module}.{leaf}")
        for module in optional
        if not any(name.startswith(MODULE_NAMES[module]) for name in tensors)
        for leaf in ("weight", "bias")
    }
    missing = sorted(expected.keys() - tensors.keys() - absent)
    left_over = sorted(tensors.keys() - expected.keys())
    wrong_shape = [
        f"{name} {tuple(tensors[name].shape)} instead of {tuple(parameter.shape)}"
        for name, parameter in expected.items()
        if name in tensors and tensors[name].shape != parameter.shape
    ]
    if missing or left_over or wrong_shape:
        raise CheckpointError(
            "{file} is not the model that config.json describes. Missing: {missing}. Left over: {left_over}. "
            "Wrong shape: {wrong_shape}.",
            file=file,
            missing=_listed(missing),
            left_over=_listed(left_over),
            wrong_shape=_listed(wrong_shape),
        )
    state = {}
    for name, parameter in model.state_dict().items():
        stored = tensors.get(hugging_face_name(name))
        nothing = torch.full(parameter.shape, math.nan)
        state[name] = nothing if stored is None else stored.to(torch.float32, copy=True)
    model.load_state_dict(state, assign=True)


def _read_tokenizer(folder: Path, config: TransformerConfig) -> Tokenizer:
    """The folder's tokenizer, if the model knows all of its pieces."""
    tokenizer = Tokenizer.from_folder(folder)
    if tokenizer.vocab_size > config.vocab_size:
        raise CheckpointError(
            "{folder} has a tokenizer of {pieces} pieces, but a model that knows only {vocab_size}.",
            folder=folder,
            pieces=tokenizer.vocab_size,
            vocab_size=config.vocab_size,
        )
    return tokenizer


def _listed(names: list[str], limit: int = 6) -> str:
    """The first few names, and how many more there are."""
    rest = f", … (+{len(names) - limit})" if len(names) > limit else ""
    return (", ".join(names[:limit]) or "–") + rest
