"""The loop that makes losses small: one run, advanced step by step, that can be stopped and continued."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import torch
from torch import distributed, nn
from torch.optim import AdamW, Muon, Optimizer

from lm_core.text.batching import Batch
from lm_core.text.stream import Position, seed_of
from lm_core.text.whole_files import written_at_once
from lm_core.training.objectives import Scored
from lm_core.transformer.dropout import set_dropout

BatchType = TypeVar("BatchType", bound=Batch)
# From a model and a batch to named scores; the sum of their losses is made small.
Objective = Callable[[nn.Module, BatchType], dict[str, Scored]]


@dataclass(frozen=True)
class TrainingConfig:
    """How a run trains. Give one budget: of tokens, of minutes or of steps.

    Raises:
        ValueError: no budget or several, or a share outside [0, 1].
    """

    learning_rate: float = 1e-3  # the highest, after warm-up
    optimizer: Literal["adamw", "muon"] = "adamw"
    warmup_share: float = 0.02  # share of the budget in which the rate rises from zero
    decay_share: float = 0.98  # share of the budget, at its end, in which the rate falls to zero; 0: it stays
    decay: Literal["linear", "cosine"] = "linear"  # the line of the fall
    layer_decay: float = 1.0  # each layer learns at this share of the rate of the one above it
    frozen_layers: int | None = None  # the embeddings and so many layers do not learn; None: everything does
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    bfloat16: bool = True  # autocast matrix products; weights and sums stay float32
    budget_tokens: int | None = None
    budget_minutes: float | None = None
    budget_steps: int | None = None
    seed: int = 0  # of dropout

    def __post_init__(self) -> None:
        budgets = (self.budget_tokens, self.budget_minutes, self.budget_steps)
        if sum(budget is not None for budget in budgets) != 1:
            raise ValueError("give either budget_tokens, budget_minutes or budget_steps")
        for name in ("warmup_share", "decay_share", "layer_decay"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be in [0, 1], not {getattr(self, name)}")


def fall_of(
    schedule: Literal["linear", "cosine", "constant"], warmup_share: float
) -> tuple[float, Literal["linear", "cosine"]]:
    """`decay_share` and `decay` of a rate that falls, if it does, from the end of the warm-up to the end of the run."""
    return 0.0 if schedule == "constant" else 1.0 - warmup_share, "cosine" if schedule == "cosine" else "linear"


@dataclass(frozen=True)
class Progress:
    """How far a run has come."""

    step: int = 0
    tokens: int = 0  # read by all processes, padding not counted
    seconds: float = 0.0  # spent in steps, interruptions not counted
    position: Position = field(default_factory=Position)  # in the stream of batches


@dataclass(frozen=True)
class StepMetrics:
    """What one step did."""

    step: int
    tokens: int  # read so far
    seconds: float  # spent so far
    learning_rate: float
    gradient_norm: float  # before clipping
    losses: dict[str, float]  # nats
    accuracies: dict[str, float]  # share of right first answers in this batch; 0 where nothing is scored
    examples: int  # sequences in this step, of one process
    step_seconds: float  # that this step took

    @property
    def examples_per_second(self) -> float:
        """How fast this step was."""
        return self.examples / max(self.step_seconds, 1e-9)


class TrainingRun(Generic[BatchType]):
    """One model being trained; `advance(a)` and `advance(b)` give the same as `advance(a + b)`.

    In a process group (started by torchrun) each process reads its own batches and the gradients are averaged.
    """

    def __init__(
        self,
        model: nn.Module,
        objective: Objective[BatchType],
        batches: Callable[[Position], Iterator[tuple[BatchType, Position]]],
        config: TrainingConfig,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Train this very model, in place, on its own device.

        Args:
            model: its weights change; copy it first if somebody else uses it.
            objective: the scores of a batch.
            batches: gives the batches from a position on, each with the position after it.
            config: how to train.
            clock: counts the seconds of the budget; `time.process_time` leaves out what else the machine does.
        """
        self.model = model
        self.config = config
        self.progress = Progress()
        self._objective = objective
        self._batches = batches
        self._clock = clock
        self._stream: Iterator[tuple[BatchType, Position]] | None = None
        self._optimizers = _optimizers(model, config)
        self._device = next(model.parameters()).device
        self._chance = torch.Generator(self._device)  # of this run's dropout
        set_dropout(model, generator=self._chance)
        self._in_group = distributed.is_available() and distributed.is_initialized()
        self._rank = distributed.get_rank() if self._in_group else 0
        self._replica = nn.parallel.DistributedDataParallel(model) if self._in_group else model

    @property
    def share_done(self) -> float:
        """How much of the budget is spent, between 0 and 1."""
        if self.config.budget_tokens is not None:
            return min(1.0, self.progress.tokens / self.config.budget_tokens)
        if self.config.budget_steps is not None:
            return min(1.0, self.progress.step / self.config.budget_steps)
        assert self.config.budget_minutes is not None
        return min(1.0, self.progress.seconds / 60 / self.config.budget_minutes)

    def advance(self, steps: int) -> list[StepMetrics]:
        """Take so many steps, fewer if the budget ends before; the metrics of each."""
        if self._stream is None:
            self._stream = self._batches(self.progress.position)
        self.model.train()
        metrics: list[StepMetrics] = []
        while len(metrics) < steps and self.share_done < 1.0:
            metrics.append(self._step(self._stream))
        return metrics

    def _step(self, stream: Iterator[tuple[BatchType, Position]]) -> StepMetrics:
        """One batch forward, back, and into the weights."""
        began = self._clock()
        # Dropout's chance depends on the step and not on what ran before, or a continued run would differ.
        self._chance.manual_seed(seed_of(self.config.seed, self.progress.step, self._rank))
        batch, position = next(stream)
        rate = learning_rate(self.config, self.share_done)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group["rate_share"]
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self.config.bfloat16):
            scores = self._objective(self._replica, batch.to(self._device))
        torch.stack([scored.loss for scored in scores.values()]).sum().backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_gradient_norm)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        losses = {name: scored.loss.item() for name, scored in scores.items()}
        accuracies = {name: scored.right.item() / max(1, scored.count.item()) for name, scored in scores.items()}
        tokens, seconds = self._over_group(batch.num_tokens, self._clock() - began)
        self.progress = Progress(
            self.progress.step + 1, self.progress.tokens + tokens, self.progress.seconds + seconds, position
        )
        return StepMetrics(
            step=self.progress.step,
            tokens=self.progress.tokens,
            seconds=self.progress.seconds,
            learning_rate=rate,
            gradient_norm=norm.item(),
            losses=losses,
            accuracies=accuracies,
            examples=batch.num_examples,
            step_seconds=seconds,
        )

    def _over_group(self, tokens: int, seconds: float) -> tuple[int, float]:
        """Tokens of all processes together, and their mean time, so that all agree when the budget is spent."""
        if not self._in_group:
            return tokens, seconds
        both = torch.tensor([tokens, seconds], dtype=torch.float64, device=self._device)
        distributed.all_reduce(both)
        return int(both[0]), float(both[1]) / distributed.get_world_size()

    def save(self, file: Path) -> None:
        """Write all that is needed to go on; a run killed while it writes leaves the earlier file whole."""
        with written_at_once(file) as partial:
            torch.save(self.state_dict(), partial)

    def load(self, file: Path) -> None:
        """Go on from what `save` wrote."""
        self.load_state_dict(torch.load(file, map_location=self._device, weights_only=True))

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on: tensors of this run, not copies of them, and plain numbers."""
        return {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
            "progress": asdict(self.progress),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state that `state_dict` gave."""
        self.model.load_state_dict(state["model"])
        for optimizer, its_state in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(its_state)
        progress = state["progress"]
        self.progress = Progress(**{**progress, "position": Position(**progress["position"])})
        self._stream = None


def learning_rate(config: TrainingConfig, share_done: float) -> float:
    """The rate after this share of the budget: up in a line, level, and down to zero in a line or half a cosine.

    Args:
        config: the highest rate, and the shares of rise and fall.
        share_done: between 0 and 1.
    """
    # The very first step is at the middle of the first hundredth of the rise: a rate of zero would waste it.
    rise = 1.0 if config.warmup_share == 0 else max(share_done, config.warmup_share / 200) / config.warmup_share
    fall = 1.0 if config.decay_share == 0 else min(1.0, (1.0 - share_done) / config.decay_share)
    if config.decay == "cosine":
        fall = (1.0 - math.cos(math.pi * fall)) / 2
    return config.learning_rate * min(1.0, rise, fall)


def depth_of(name: str, num_layers: int) -> int:
    """How high in the model a parameter stands: 0 in the embeddings, 1 … in the layers, above them all in the heads."""
    if "embeddings." in name:
        return 0
    _, is_in_layer, rest = name.partition("encoder.layers.")
    return int(rest.split(".")[0]) + 1 if is_in_layer else num_layers + 1


def _optimizers(model: nn.Module, config: TrainingConfig) -> list[Optimizer]:
    """AdamW for all (Loshchilov and Hutter 2019), or Muon (Jordan et al. 2024) for the matrices of the layers.

    Neither biases nor norms are decayed. Muon's updates are scaled to AdamW's size (Liu et al. 2025), so that one
    learning rate serves both. A parameter's rate falls with its depth where the configuration asks for it (Howard and
    Ruder 2018, §3.2), and what is frozen belongs to no optimizer.
    """
    num_layers = max(depth_of(name, 0) for name, _ in model.named_parameters())
    groups: dict[tuple[str, float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        depth = depth_of(name, num_layers)
        is_frozen = config.frozen_layers is not None and depth <= config.frozen_layers
        parameter.requires_grad_(not is_frozen)
        if is_frozen:
            continue
        is_matrix = parameter.dim() >= 2
        kind = "muon" if is_matrix and config.optimizer == "muon" and ".layers." in name else "adamw"
        key = (kind, config.weight_decay if is_matrix else 0.0, config.layer_decay ** (num_layers + 1 - depth))
        groups.setdefault(key, []).append(parameter)
    by_kind: dict[str, list[dict[str, Any]]] = {"adamw": [], "muon": []}
    for (kind, weight_decay, share), parameters in groups.items():
        by_kind[kind].append({"params": parameters, "weight_decay": weight_decay, "rate_share": share})
    optimizers: list[Optimizer] = [
        AdamW(by_kind["adamw"], lr=config.learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
    ]
    if by_kind["muon"]:
        optimizers.append(Muon(by_kind["muon"], lr=config.learning_rate, adjust_lr_fn="match_rms_adamw"))
    return optimizers
