"""Our fine-tuning beside the loop that everybody writes: BertForSequenceClassification, AdamW, a linear schedule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.optim import AdamW
from transformers import BertForSequenceClassification, get_linear_schedule_with_warmup

from lm_core import LanguageModel
from lm_core.text.batching import LabelledBatch
from lm_core.text.examples import Example, Examples
from lm_core.text.stream import Position
from lm_core.training.fine_tuning import FineTuning, FineTuningOptions, FineTuningPlan
from tests.lm_core.conftest import SENTENCES

STEPS = 10
LABELS = ("animal", "drink", "weather")
SINGLE = Examples(tuple(Example(text, LABELS[place % 3]) for place, text in enumerate(SENTENCES * 5)))
PAIRS = Examples(tuple(replace(row, text_pair=SENTENCES[place % 4]) for place, row in enumerate(SINGLE.rows)))
OPTIONS = FineTuningOptions(learning_rate=2e-3, warmup_share=0.0, batch_size=4, steps=STEPS, dropout=0.0, seed=3)


@pytest.mark.parametrize(
    ("examples", "options"),
    [
        (SINGLE, OPTIONS),
        (PAIRS, OPTIONS),
        (SINGLE, replace(OPTIONS, schedule="constant", weight_decay=0.3)),
        (SINGLE, replace(OPTIONS, frozen_layers=2)),
    ],
    ids=["sentences", "pairs", "constant", "frozen"],
)
def test_ten_steps_give_the_losses_of_hugging_faces_model_under_torchs_adamw(
    language_model: LanguageModel, tmp_path: Path, examples: Examples, options: FineTuningOptions
) -> None:
    ours = FineTuningPlan("tiny", examples, examples, options).begin(lambda _: language_model)
    ours.save_model(tmp_path)
    at_first = answer_of_ours(ours)
    theirs = BertForSequenceClassification.from_pretrained(tmp_path).train()
    expected = their_losses(theirs, batches_of(ours, options), options)
    taken = ours.advance(STEPS)
    torch.testing.assert_close([step.losses["label"] for step in taken], expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(answer_of_ours(ours), answer_of_theirs(theirs, ours), atol=1e-4, rtol=1e-4)
    assert (answer_of_ours(ours) - at_first).abs().max() > 0.01  # equal losses of models that stood still say little


def batches_of(ours: FineTuning, options: FineTuningOptions) -> list[LabelledBatch]:
    """The batches that our run reads."""
    stream = ours.classifier.encode(ours.plan.train).stream(options.batch_size, options.seed, Position())
    return [batch for (batch, _), _ in zip(stream, range(STEPS), strict=False)]


def their_losses(
    theirs: BertForSequenceClassification, batches: list[LabelledBatch], options: FineTuningOptions
) -> list[float]:
    """Hugging Face's model, loss and schedule, with the customary two groups: what is decayed and what is not."""
    frozen = [theirs.bert.embeddings, *theirs.bert.encoder.layer[: options.frozen_layers]]
    for module in frozen if options.frozen_layers is not None else []:
        module.requires_grad_(False)
    learned = [parameter for parameter in theirs.parameters() if parameter.requires_grad]
    groups = [
        {"params": [each for each in learned if each.dim() > 1], "weight_decay": options.weight_decay},
        {"params": [each for each in learned if each.dim() == 1], "weight_decay": 0.0},
    ]
    optimizer = AdamW(groups, lr=options.learning_rate, betas=(0.9, 0.98), eps=1e-6)
    schedule = get_linear_schedule_with_warmup(optimizer, num_warmup_steps=0, num_training_steps=STEPS)
    losses = []
    for batch in batches:
        answer = theirs(
            batch.input_ids,
            token_type_ids=batch.token_type_ids,
            attention_mask=batch.attention_mask,
            labels=batch.labels,
        )
        answer.loss.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if options.schedule == "linear":
            schedule.step()
        losses.append(answer.loss.item())
    return losses


def answer_of_ours(ours: FineTuning) -> Tensor:
    """(1, label) what our run makes of one sentence."""
    return ours.classifier.label_probs([SENTENCES[0]])


def answer_of_theirs(theirs: BertForSequenceClassification, ours: FineTuning) -> Tensor:
    """(1, label) what their model makes of the same."""
    input_ids = torch.tensor([ours.classifier.lm.encode(SENTENCES[0]).input_ids])
    with torch.no_grad():
        probs: Tensor = theirs.eval()(input_ids).logits.softmax(-1)
    return probs
