"""Pre-training on a small text, live: masked words and next sentences, from nothing or from a model."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import torch

from lm_core.checkpoints.folders import save_checkpoint
from lm_core.checkpoints.pretrained import LanguageModel, best_device
from lm_core.errors import InputError
from lm_core.text.batching import PreTrainingBatch
from lm_core.text.small_text import learn_vocabulary, pack_text, read_text, unigram_loss
from lm_core.text.stream import Position, PreTrainingStream, held_out_batches, seed_of
from lm_core.text.tokenization import Tokenizer
from lm_core.training.experiment import Experiment, Models
from lm_core.training.film import Film, Look, look_at, make_probes
from lm_core.training.objectives import pretraining_scores
from lm_core.training.run import TrainingConfig, TrainingRun, fall_of
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel, count_parameters, initialize


@dataclass(frozen=True)
class PreTrainingOptions:
    """What a person decides before a pre-training begins; the shape counts only where it starts from nothing."""

    start: Literal["nothing", "pretrained"] = "nothing"
    vocab_size: int = 1000  # pieces at most
    hidden_size: int = 64
    num_hidden_layers: int = 2
    num_attention_heads: int = 4
    max_length: int = 32  # positions
    learning_rate: float = 5e-3  # the highest
    schedule: Literal["linear", "cosine", "constant"] = "linear"  # how it falls after the warm-up
    warmup_share: float = 0.05  # of all steps
    steps: int = 3000
    tokens_per_batch: int = 512  # padding included
    masking_rate: float = 0.3
    optimizer: Literal["adamw", "muon"] = "muon"
    weight_decay: float = 0.01
    dropout: float = 0.0
    patience: int | None = None  # measurements without progress before it stops early
    bfloat16: bool = False
    seed: int = 0  # of the first weights, of what is masked, and of dropout


@dataclass(frozen=True)
class PreTrainingPlan:
    """All that fixes a pre-training: whoever has the plan can do it again, with the same numbers."""

    text: str
    options: PreTrainingOptions = field(default_factory=PreTrainingOptions)
    model: str = ""  # name of the model to start from; none where it starts from nothing
    probes: tuple[str, ...] = ()  # sentences for the film
    data: str = ""  # what the text is called

    @property
    def total_steps(self) -> int:
        """How many steps it takes, if it does not stop early."""
        return self.options.steps

    def num_bytes(self, models: Models) -> int:
        """About what it will take in memory: weights, gradients and two moments of each."""
        return 16 * self.num_parameters(models)

    def num_parameters(self, models: Models) -> int:
        """How many numbers are learned; where the text has fewer pieces than asked for, a little less."""
        if self.options.start == "pretrained":
            return count_parameters(models(self.model).model)
        with torch.device("meta"):
            return count_parameters(PreTrainingModel(_shape(self.options, self.options.vocab_size)))

    def begin(self, models: Models) -> PreTraining:
        """The experiment at its first step.

        Raises:
            LMGlassboxError: the model cannot be had, or the text is too short or too long.
        """
        return PreTraining(self, models(self.model) if self.options.start == "pretrained" else None)


class PreTraining(Experiment):
    """A model that learns to fill gaps and to judge pairs, from the text of its plan."""

    def __init__(self, plan: PreTrainingPlan, lm: LanguageModel | None) -> None:
        """Learn a vocabulary and draw weights; or copy the given model, which is never touched."""
        self.plan = plan
        options = plan.options
        decay_share, decay = fall_of(options.schedule, options.warmup_share)
        documents = read_text(plan.text)
        tokenizer = lm.tokenizer if lm else learn_vocabulary(documents, options.vocab_size)
        self._corpus = pack_text(documents, tokenizer)
        model = _copied(lm, options) if lm else _fresh(options, tokenizer)
        self.lm = LanguageModel("", model.config, tokenizer, model, next(model.parameters()).device, Path())
        self._max_length = min(options.max_length, model.config.max_position_embeddings)
        super().__init__(
            TrainingRun(
                model,
                pretraining_scores,
                self._batches,
                TrainingConfig(
                    learning_rate=options.learning_rate,
                    optimizer=options.optimizer,
                    warmup_share=options.warmup_share,
                    decay_share=decay_share,
                    decay=decay,
                    weight_decay=options.weight_decay,
                    bfloat16=options.bfloat16,
                    budget_steps=options.steps,
                    seed=options.seed,
                ),
            ),
            total_steps=options.steps,
            evaluate_every=max(1, options.steps // 20),
            patience=options.patience,
            film=Film(make_probes(self.lm, plan.probes), ()),
        )
        vocab_size = tokenizer.vocab_size
        self.history.baselines = {
            "uniform": float(torch.tensor(float(vocab_size)).log()),
            "unigram": unigram_loss(self._corpus, vocab_size),
        }

    def _batches(self, start: Position) -> Iterator[tuple[PreTrainingBatch, Position]]:
        options = self.plan.options
        return iter(
            PreTrainingStream(
                corpus=self._corpus,
                tokenizer=self.lm.tokenizer,
                max_length=self._max_length,
                tokens_per_batch=options.tokens_per_batch,
                masking_rate=options.masking_rate,
                short_rate=0.3,
                single_rate=0.1,
                seed=options.seed,
                start=start,
            )
        )

    def save_model(self, folder: Path) -> None:
        """Write the model with its tokenizer."""
        save_checkpoint(self.lm.model, self.lm.tokenizer, folder, dtype=torch.float32)

    @torch.inference_mode()
    def _evaluate(self) -> tuple[dict[str, float], dict[str, float]]:
        self.lm.model.eval()  # the next step sets it back
        losses: dict[str, float] = {}
        right: dict[str, float] = {}
        counts: dict[str, float] = {}
        batches = held_out_batches(
            self._corpus,
            self.lm.tokenizer,
            max_length=self._max_length,
            tokens_per_batch=self.plan.options.tokens_per_batch,
        )
        for _, batch in batches:
            for name, scored in pretraining_scores(self.lm.model, batch.to(self.lm.device)).items():
                count = float(scored.count)
                losses[name] = losses.get(name, 0.0) + float(scored.loss) * count
                right[name] = right.get(name, 0.0) + float(scored.right)
                counts[name] = counts.get(name, 0.0) + count
        asked = {name: count for name, count in counts.items() if count}  # a text of lone sentences has no pairs
        return (
            {name: losses[name] / count for name, count in asked.items()},
            {name: right[name] / count for name, count in asked.items()},
        )

    def _looks(self) -> tuple[Look, ...]:
        self.lm.model.eval()  # the next step sets it back
        return look_at(self.lm, self.film.probes)


def _shape(options: PreTrainingOptions, vocab_size: int) -> TransformerConfig:
    """The model that starts from nothing; its feed-forward layers are four times as wide as its stream, as BERT's."""
    return TransformerConfig(
        vocab_size=vocab_size,
        hidden_size=options.hidden_size,
        num_hidden_layers=options.num_hidden_layers,
        num_attention_heads=options.num_attention_heads,
        intermediate_size=4 * options.hidden_size,
        max_position_embeddings=options.max_length,
        hidden_dropout_prob=options.dropout,
        attention_probs_dropout_prob=options.dropout,
        initializer_range=options.hidden_size**-0.5,
    )


def _fresh(options: PreTrainingOptions, tokenizer: Tokenizer) -> PreTrainingModel:
    """A model of the chosen shape, its weights drawn from the seed."""
    model = PreTrainingModel(_shape(options, tokenizer.vocab_size))
    initialize(model, model.config.initializer_range, torch.Generator().manual_seed(seed_of(options.seed)))
    return model.to(best_device())


def _copied(lm: LanguageModel, options: PreTrainingOptions) -> PreTrainingModel:
    """A copy of a model, free to learn, with the dropout that was chosen."""
    if not lm.has_next_sentence:
        raise InputError(
            "{name} was trained on masked words alone: it has no next-sentence head to train further.", name=lm.name
        )
    rate = options.dropout
    model = PreTrainingModel(replace(lm.config, hidden_dropout_prob=rate, attention_probs_dropout_prob=rate))
    model.load_state_dict(copy.deepcopy(lm.model.state_dict()))
    return model.to(lm.device)
