"""What a model is trained to do, as numbers to make small."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from lm_core.batching import NOT_SCORED, PreTrainingBatch
from lm_core.model import PreTrainingTrace


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


def pretraining_losses(model: nn.Module, batch: PreTrainingBatch) -> dict[str, Tensor]:
    """The two losses that BERT's pre-training adds up, in nats (Devlin et al. 2019, §3.1 and A.2)."""
    answer, labels = ask(model, batch)
    return {
        "masked_lm": masked_lm_loss(answer.prediction_logits, labels),
        "next_sentence": next_sentence_loss(answer.seq_relationship_logits, batch.next_sentence_label),
    }


def _mean_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy in float32; unlike PyTorch's mean it is 0, and not NaN, where nothing is scored."""
    total = F.cross_entropy(logits.flatten(0, -2).float(), labels.flatten(), ignore_index=NOT_SCORED, reduction="sum")
    return total / (labels != NOT_SCORED).sum().clamp(min=1)
