"""A trained model with its tokenizer, ready to be asked: the object that lessons, tests and notebooks talk to."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TypeVar, cast

import torch
from torch import Tensor

from lm_core.checkpoints import hub
from lm_core.checkpoints.folders import has_next_sentence, load_checkpoint, save_checkpoint
from lm_core.errors import InputError
from lm_core.text.tokenization import Encoding, Tokenizer
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.encoder import EmbeddingTrace, LayerTrace
from lm_core.transformer.model import PreTrainingModel, PreTrainingTrace

SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "checkpoints"
SHIPPED_NAME = "compact-bert"

Record = TypeVar("Record")


@dataclass(frozen=True)
class Prediction:
    """One answer of the masked-word head."""

    token: str  # a piece of the vocabulary; one that starts with ## continues a word
    token_id: int
    probability: float  # between 0 and 1, over the whole vocabulary


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything that one forward pass computed, in float32 on the processor; the batch holds one input."""

    encoding: Encoding
    embeddings: EmbeddingTrace
    layers: tuple[LayerTrace, ...]
    pooled: Tensor  # (1, hidden); NaN if the checkpoint has no pooler
    prediction_logits: Tensor  # (1, position, vocab)
    seq_relationship_logits: Tensor  # (1, 2) index 0: B follows A; NaN if the checkpoint has no such head

    @property
    def attentions(self) -> tuple[Tensor, ...]:
        """Per layer, (1, head, query, key) probabilities, before any head mask."""
        maps = [layer.attention.map for layer in self.layers]
        return tuple(formed.probs for formed in maps if formed is not None)

    @property
    def hidden_states(self) -> tuple[Tensor, ...]:
        """The residual stream: the embeddings' output, then each layer's, (1, position, hidden) each."""
        return (self.embeddings.output, *(layer.output for layer in self.layers))


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """A pre-trained BERT and its tokenizer.

    It never changes: many sessions and threads may ask the same one at once. To train it, copy `model` first.
    """

    name: str
    config: TransformerConfig
    tokenizer: Tokenizer
    model: PreTrainingModel  # in eval mode, without gradients
    device: torch.device
    folder: Path  # where it was read from; what was measured on its weights lies there, too

    @property
    def has_next_sentence(self) -> bool:
        """Whether the checkpoint can judge pairs; one of masked words alone (BertForMaskedLM) cannot."""
        return has_next_sentence(self.model)

    def encode(self, text: str, text_pair: str | None = None, *, masked_words: Collection[int] = ()) -> Encoding:
        """Turn text into the model's input; what is too long is cut, and the encoding says where.

        Args:
            text: anything but blank. A literal "[MASK]" asks for a word there.
            text_pair: the second sentence.
            masked_words: numbers of words of the first text, from 0, to hide from the model.

        Raises:
            InputError: a text is blank, a masked word is not there, or the model reads no pairs.
        """
        if text_pair is not None and self.config.type_vocab_size < 2:
            raise InputError("This model reads one sentence at a time, not a pair.")
        return self.tokenizer.encode(
            text, text_pair, masked_words=masked_words, max_length=self.config.max_position_embeddings
        )

    def fill_mask(self, text: str, top_k: int = 5) -> list[list[Prediction]]:
        """Answer each [MASK] in the text with the most probable pieces, the best first.

        Raises:
            InputError: there is no [MASK] in the part of the text that the model reads.
        """
        encoding = self.encode(text)
        if not encoding.masked_positions:
            raise InputError("Put [MASK] where a word is to be guessed.")
        positions = torch.tensor(encoding.masked_positions, device=self.device)
        logits = self._forward(encoding, scored_positions=positions).prediction_logits.float().cpu()
        return [most_probable(row.softmax(dim=-1), self.tokenizer, top_k) for row in logits]

    def next_sentence(self, text: str, text_pair: str) -> float:
        """How probable the model finds it that the second text followed the first, between 0 and 1.

        Raises:
            InputError: a text is blank, or the checkpoint has no next-sentence head.
        """
        if not self.has_next_sentence:
            raise InputError("{name} was trained on masked words alone: it cannot judge pairs.", name=self.name)
        no_position = torch.tensor([], dtype=torch.long, device=self.device)
        answer = self._forward(self.encode(text, text_pair), scored_positions=no_position)
        return float(answer.seq_relationship_logits.float().softmax(dim=-1)[0, 0])

    def trace(
        self,
        text: str,
        text_pair: str | None = None,
        *,
        masked_words: Collection[int] = (),
        head_mask: Tensor | None = None,
    ) -> Trace:
        """Run the model once and keep everything that it computed.

        Args:
            text, text_pair, masked_words: as in `encode`.
            head_mask: (layer, head) a factor for each head's context: 0 turns a head off, 1 leaves it.

        Raises:
            InputError: as in `encode`.
            ValueError: head_mask has another shape.
        """
        return self.trace_encoding(self.encode(text, text_pair, masked_words=masked_words), head_mask=head_mask)

    def trace_encoding(self, encoding: Encoding, *, head_mask: Tensor | None = None) -> Trace:
        """`trace` for an input that is already encoded."""
        answer = _on_processor(self._forward(encoding, head_mask=head_mask, trace=True))
        return Trace(
            encoding=encoding,
            embeddings=answer.body.embeddings,
            layers=answer.body.layers,
            pooled=answer.body.pooled,
            prediction_logits=answer.prediction_logits,
            seq_relationship_logits=answer.seq_relationship_logits,
        )

    def save(self, folder: Path | str, *, dtype: torch.dtype = torch.float32) -> None:
        """Write a folder that `load_pretrained` and `BertForPreTraining.from_pretrained` load."""
        save_checkpoint(self.model, self.tokenizer, folder, dtype=dtype)

    @torch.inference_mode()
    def _forward(
        self,
        encoding: Encoding,
        *,
        scored_positions: Tensor | None = None,
        head_mask: Tensor | None = None,
        trace: bool = False,
    ) -> PreTrainingTrace:
        """Run the model on one input, which has no padding and so needs no mask."""
        return cast(
            "PreTrainingTrace",
            self.model(
                torch.tensor([encoding.input_ids], device=self.device),
                torch.tensor([encoding.token_type_ids], device=self.device),
                scored_positions=scored_positions,
                head_mask=None if head_mask is None else head_mask.to(self.device),
                trace=trace,
            ),
        )


def load_pretrained(
    name_or_path: str | Path | None = None,
    *,
    device: str | torch.device = "auto",
    on_progress: Callable[[hub.DownloadProgress], None] | None = None,
    cache_dir: Path | None = None,
) -> LanguageModel:
    """Load a BERT: the one that comes with the app, one from a folder, or one from the hub.

    Args:
        name_or_path: None or "compact-bert" for the shipped model; a folder; or a hub id such as
            "google-bert/bert-base-uncased", of which safetensors, config and tokenizer are downloaded.
        device: "auto" takes a GPU where there is one.
        on_progress: called now and then while a checkpoint is downloaded.
        cache_dir: where downloads are kept; None means Hugging Face's own cache.

    Raises:
        CheckpointError: the folder does not hold a BERT that this code computes.
        HubError: the name is no folder, and the hub did not answer with a checkpoint.
    """
    name = str(name_or_path or SHIPPED_NAME)
    places = (SHIPPED_FOLDER / name, Path(name))
    # os.path.isdir, unlike Path.is_dir, answers False to a name that no file system takes.
    folder = next((place for place in places if os.path.isdir(place)), None)
    if folder is None and name != SHIPPED_NAME:
        folder = hub.download(name, on_progress=on_progress, cache_dir=cache_dir)
    folder = folder or places[0]
    model, tokenizer = load_checkpoint(folder)
    chosen = best_device() if device == "auto" else torch.device(device)
    model = model.to(chosen).eval().requires_grad_(False)
    return LanguageModel(name, model.config, tokenizer, model, chosen, Path(folder))


def most_probable(probabilities: Tensor, tokenizer: Tokenizer, top_k: int) -> list[Prediction]:
    """The top_k pieces of one distribution, (vocab,), the most probable first."""
    best = probabilities.topk(min(top_k, len(probabilities)))
    return [
        Prediction(tokenizer.token(token_id), token_id, probability)
        for probability, token_id in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]


def best_device() -> torch.device:
    """A GPU where there is one."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _on_processor(record: Record) -> Record:
    """The same record with every tensor in it as float32 on the processor."""
    if isinstance(record, Tensor):
        return cast("Record", record.to("cpu", torch.float32))
    if isinstance(record, tuple):
        return cast("Record", tuple(_on_processor(each) for each in record))
    if is_dataclass(record) and not isinstance(record, type):
        return replace(record, **{field.name: _on_processor(getattr(record, field.name)) for field in fields(record)})
    return record
