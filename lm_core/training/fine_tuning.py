"""Fine-tuning: load a pre-trained model, add a head, train, evaluate, predict (Devlin et al. 2019, §4.1)."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import nn

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.text.examples import Examples
from lm_core.text.stream import seed_of
from lm_core.training.classifier import Classifier, save_classifier, under_pretraining_heads
from lm_core.training.experiment import Experiment, Models
from lm_core.training.film import Film, Look, look_at, make_probes
from lm_core.training.objectives import classification_loss, classification_scores
from lm_core.training.run import TrainingConfig, TrainingRun, fall_of
from lm_core.transformer.model import ClassificationModel, count_parameters, initialize

# Standard deviation of a new head's weights, BERT's own (Devlin et al. 2019, A.2). A body drawn more widely would give
# its head weights that begin surer of chance answers than of none, and they have to be unlearned first.
HEAD_STD = 0.02
MEASURED_LIVE = 256  # held-out examples that a measurement during training reads


@dataclass(frozen=True)
class FineTuningOptions:
    """What a person decides before a fine-tuning begins."""

    learning_rate: float = 5e-4  # the highest
    schedule: Literal["linear", "cosine", "constant"] = "linear"  # how it falls after the warm-up
    warmup_share: float = 0.1  # of all steps
    batch_size: int = 32
    epochs: float = 4.0  # how often each example is read
    steps: int | None = None  # instead of epochs
    start: Literal["pretrained", "nothing"] = "pretrained"
    frozen_layers: int | None = None  # the embeddings and so many layers do not learn; None: everything does
    layer_decay: float = 1.0  # each layer learns at this share of the rate of the one above it
    weight_decay: float = 0.01
    dropout: float = 0.1
    patience: int | None = None  # measurements without progress before it stops early
    bfloat16: bool = False
    seed: int = 0  # of the head's first weights, of the order of the examples, and of dropout

    def num_steps(self, num_examples: int) -> int:
        """How many steps that makes."""
        return self.steps or max(1, math.ceil(self.epochs * math.ceil(num_examples / self.batch_size)))


@dataclass(frozen=True)
class FineTuningPlan:
    """All that fixes a fine-tuning: whoever has the plan can do it again, with the same numbers."""

    model: str  # name of the pre-trained model
    train: Examples
    held_out: Examples
    options: FineTuningOptions = field(default_factory=FineTuningOptions)
    probes: tuple[str, ...] = ()  # sentences for the film
    data: str = ""  # what the examples are called

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels' names, in the order of the classifier's outputs."""
        return self.train.labels

    @property
    def total_steps(self) -> int:
        """How many steps it takes, if it does not stop early."""
        return self.options.num_steps(len(self.train.rows))

    def num_bytes(self, models: Models) -> int:
        """About what it will take in memory: weights, gradients and two moments of each."""
        return 16 * count_parameters(models(self.model).model)

    def begin(self, models: Models) -> FineTuning:
        """The experiment at its first step.

        Raises:
            LMGlassboxError: the model cannot be had, or a text holds nothing.
        """
        return FineTuning(self, models(self.model))


class FineTuning(Experiment):
    """A copy of a pre-trained body with a new head, learning to label texts."""

    def __init__(self, plan: FineTuningPlan, lm: LanguageModel) -> None:
        """Copy the body and add the head; the given model is never touched."""
        self.plan = plan
        options = plan.options
        decay_share, decay = fall_of(options.schedule, options.warmup_share)
        self.classifier = add_head(lm, plan.labels, options)
        train = self.classifier.encode(plan.train)
        self._held_out = self.classifier.encode(_sample(plan.held_out))
        total_steps = plan.total_steps
        run = TrainingRun(
            self.classifier.model,
            classification_scores,
            lambda start: train.stream(options.batch_size, options.seed, start),
            TrainingConfig(
                learning_rate=options.learning_rate,
                warmup_share=options.warmup_share,
                decay_share=decay_share,
                decay=decay,
                layer_decay=options.layer_decay,
                frozen_layers=options.frozen_layers,
                weight_decay=options.weight_decay,
                bfloat16=options.bfloat16,
                budget_steps=total_steps,
                seed=options.seed,
            ),
        )
        super().__init__(
            run,
            total_steps=total_steps,
            evaluate_every=max(1, min(50, math.ceil(total_steps / 20))),
            patience=options.patience,
            film=Film(make_probes(lm, plan.probes), plan.labels),
        )

    def _evaluate(self) -> tuple[dict[str, float], dict[str, float]]:
        logits = self.classifier.label_logits(self._held_out)
        labels = torch.from_numpy(self._held_out.labels)
        right = int((logits.argmax(-1) == labels).sum())
        return {"label": float(classification_loss(logits, labels))}, {"label": right / len(labels)}

    def save_model(self, folder: Path) -> None:
        """Write the classifier with the heads that its body was pre-trained with."""
        save_classifier(self.classifier, folder)

    def _looks(self) -> tuple[Look, ...]:
        self.classifier.model.eval()  # the next step sets it back
        label_probs = self.classifier.label_probs([probe.text for probe in self.film.probes]).tolist()
        return look_at(self.classifier.lm, self.film.probes, label_probs)


def add_head(lm: LanguageModel, labels: Sequence[str], options: FineTuningOptions) -> Classifier:
    """A copy of a pre-trained body under a new head; or, from nothing, the same shape with fresh weights.

    Fresh are the head's weights always, and the pooler's where the checkpoint has none.
    """
    config = replace(lm.config, hidden_dropout_prob=options.dropout, attention_probs_dropout_prob=options.dropout)
    model = ClassificationModel(config, len(labels)).to(lm.device)
    chance = torch.Generator(lm.device).manual_seed(seed_of(options.seed))
    initialize(model, config.initializer_range, chance)
    nn.init.normal_(model.classifier.weight, std=HEAD_STD, generator=chance)
    if options.start == "pretrained":
        trained = copy.deepcopy(lm.model.body.state_dict())
        if not lm.has_next_sentence:
            trained = {name: tensor for name, tensor in trained.items() if not name.startswith("pooler.")}
        model.body.load_state_dict(trained, strict=False)
    return Classifier(model, tuple(labels), under_pretraining_heads(model.body, lm))


def _sample(examples: Examples) -> Examples:
    """At most MEASURED_LIVE of the examples, spread evenly: a measurement must not take longer than a slice."""
    places = np.linspace(0, len(examples.rows) - 1, min(MEASURED_LIVE, len(examples.rows))).round().astype(int)
    return Examples(tuple(examples.rows[place] for place in places))
