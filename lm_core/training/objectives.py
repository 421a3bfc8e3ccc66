"""What a model is trained to do, as numbers to make small."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lm_core.text.batching import LabelledBatch, PreTrainingBatch
from lm_core.text.masking import NOT_SCORED
from lm_core.transformer.model import ClassificationTrace, PreTrainingTrace


@dataclass(frozen=True)
class Scored:
    """How well a batch answered one question."""

    loss: Tensor  # () nats, the mean over what is scored
    right: Tensor  # () how many first answers are right
    count: Tensor  # () how many are scored


def masked_lm_loss(prediction_logits: Tensor, labels: Tensor) -> Tensor:
    """How surprised the model is by the hidden words, in nats a word (Devlin et al. 2019, §3.1, task 1).

    Args:
        prediction_logits: (..., vocab).
        labels: (...) the hidden ids; -100 is not scored.

    Returns:
        The mean over scored positions; 0 if there is none.
    """
    return _mean_cross_entropy(prediction_logits, labels)


def next_sentence_loss(seq_relationship_logits: Tensor, next_sentence_label: Tensor) -> Tensor:
    """How surprised the model is by whether B follows A, in nats a pair (Devlin et al. 2019, §3.1, task 2).

    Args:
        seq_relationship_logits: (batch, 2).
        next_sentence_label: (batch,) 0: B follows A; 1: B is random; -100: not scored.

    Returns:
        The mean over scored pairs; 0 if there is none.
    """
    return _mean_cross_entropy(seq_relationship_logits, next_sentence_label)


def classification_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """How surprised the model is by the labels, in nats a sequence (Devlin et al. 2019, §4.1).

    Args:
        logits: (batch, label).
        labels: (batch,); -100 is not scored.

    Returns:
        The mean over scored sequences; 0 if there is none.
    """
    return _mean_cross_entropy(logits, labels)


def ask(model: nn.Module, batch: PreTrainingBatch) -> tuple[PreTrainingTrace, Tensor]:
    """Let a model answer a batch, the masked-word head only where it is scored: elsewhere is most of the work.

    Args:
        model: a PreTrainingModel, or one that stands for it among several processes.
        batch: the questions.

    Returns:
        The answers, and the labels of the scored positions in the same order, (scored position,).
    """
    labels = batch.labels.flatten()
    scored = (labels != NOT_SCORED).nonzero().squeeze(1)
    answer: PreTrainingTrace = model(
        batch.input_ids, batch.token_type_ids, batch.attention_mask, scored_positions=scored
    )
    return answer, labels[scored]


def pretraining_scores(model: nn.Module, batch: PreTrainingBatch) -> dict[str, Scored]:
    """The two questions of BERT's pre-training, whose losses are added up (Devlin et al. 2019, §3.1 and A.2)."""
    answer, labels = ask(model, batch)
    pair_logits, pair_label = answer.seq_relationship_logits, batch.next_sentence_label
    return {
        "masked_lm": _scored(masked_lm_loss(answer.prediction_logits, labels), answer.prediction_logits, labels),
        "next_sentence": _scored(next_sentence_loss(pair_logits, pair_label), pair_logits, pair_label),
    }


def classification_scores(model: nn.Module, batch: LabelledBatch) -> dict[str, Scored]:
    """The one question of fine-tuning: which label (Devlin et al. 2019, §4.1)."""
    answer: ClassificationTrace = model(batch.input_ids, batch.token_type_ids, batch.attention_mask)
    return {"label": _scored(classification_loss(answer.logits, batch.labels), answer.logits, batch.labels)}


@torch.no_grad()
def _scored(loss: Tensor, logits: Tensor, labels: Tensor) -> Scored:
    """A loss with how many first answers are right."""
    return Scored(loss, (logits.argmax(-1) == labels).sum(), (labels != NOT_SCORED).sum())


def _mean_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy in float32; unlike PyTorch's mean it is 0, and not NaN, where nothing is scored."""
    total = F.cross_entropy(logits.flatten(0, -2).float(), labels.flatten(), ignore_index=NOT_SCORED, reduction="sum")
    return total / (labels != NOT_SCORED).sum().clamp(min=1)
