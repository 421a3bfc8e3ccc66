"""A model that labels texts, with the heads of its pre-training still beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lm_core.checkpoints.folders import label_names, load_classification_checkpoint, save_fine_tuned
from lm_core.checkpoints.pretrained import LanguageModel, load_pretrained
from lm_core.text.examples import Example, Examples
from lm_core.text.labelled import EncodedExamples
from lm_core.transformer.model import ClassificationModel, PreTrainingModel, TransformerModel

_BATCH = 32


@dataclass(frozen=True, eq=False)
class Classifier:
    """A body with two sets of heads: the label's, and those that it was pre-trained with."""

    model: ClassificationModel
    labels: tuple[str, ...]  # in the order of the model's outputs
    lm: LanguageModel  # the same body, under the masked-word and next-sentence heads

    def encode(self, examples: Examples) -> EncodedExamples:
        """Labelled texts as this model reads them."""
        return EncodedExamples.of(
            examples, self.labels, self.lm.tokenizer, max_length=self.lm.config.max_position_embeddings
        )

    def label_probs(self, texts: Sequence[str] | Sequence[tuple[str, str | None]]) -> Tensor:
        """How probable each label of each text, or of each pair, is.

        Returns:
            (text, label), each row sums to 1.

        Raises:
            InputError: a text is blank.
        """
        pairs = [(each, None) if isinstance(each, str) else each for each in texts]
        rows = tuple(Example(text, self.labels[0], pair) for text, pair in pairs)
        return self.encoded_label_probs(self.encode(Examples(rows)))

    def encoded_label_probs(self, encoded: EncodedExamples) -> Tensor:
        """`label_probs` of texts that are already encoded, in their order."""
        return self.label_logits(encoded).softmax(dim=-1)

    @torch.inference_mode()
    def label_logits(self, encoded: EncodedExamples) -> Tensor:
        """(text, label) the scores before the softmax, in float32; dropout is off."""
        was_training = self.model.training
        self.model.eval()
        device = next(self.model.parameters()).device
        # Texts of like length together, so that little of a batch is padding.
        order = np.argsort([len(ids) for ids in encoded.input_ids], kind="stable")
        logits = torch.empty(len(encoded), len(self.labels))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            batch = encoded.batch(rows).to(device)
            answer = self.model(batch.input_ids, batch.token_type_ids, batch.attention_mask)
            logits[torch.from_numpy(rows)] = answer.logits.float().cpu()
        self.model.train(was_training)
        return logits


def under_pretraining_heads(body: TransformerModel, heads: LanguageModel) -> LanguageModel:
    """A body that was trained further, under the masked-word and next-sentence heads of the model it came from.

    The modules are shared, not copied: the language model follows the body as it learns.
    """
    joined = PreTrainingModel.joined(body, heads.model.masked_lm, heads.model.next_sentence)
    return replace(heads, model=joined)


def save_classifier(classifier: Classifier, folder: Path | str) -> None:
    """Write a folder that `load_classifier`, `load_pretrained` and Hugging Face's `from_pretrained` load."""
    lm = classifier.lm
    save_fine_tuned(classifier.model, classifier.labels, lm.model, lm.tokenizer, folder)


def load_classifier(folder: Path | str, *, device: str = "auto") -> Classifier:
    """Read what `save_classifier` wrote.

    Raises:
        CheckpointError: the folder does not hold a classifier with its pre-training heads.
    """
    lm = load_pretrained(folder, device=device)
    model, _ = load_classification_checkpoint(folder)
    model = model.to(lm.device).eval().requires_grad_(False)
    return Classifier(model, label_names(folder), under_pretraining_heads(model.body, lm))
