"""The loop that makes losses small: one run, advanced step by step, that can be stopped and continued."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, distributed, nn
from torch.optim import AdamW, Muon, Optimizer

from lm_core.batching import PreTrainingBatch
from lm_core.stream import Position, seed_of

# From a model and a batch to named losses, whose sum is made small.
Objective = Callable[[nn.Module, PreTrainingBatch], dict[str, Tensor]]


@dataclass(frozen=True)
class TrainingConfig:
    """How a run trains. Give either a budget of tokens or one of minutes.

    Raises:
        ValueError: both budgets, or neither, or a share outside [0, 1].
    """

    learning_rate: float = 1e-3  # the highest, after warm-up
    optimizer: Literal["adamw", "muon"] = "adamw"
    warmup_share: float = 0.02  # share of the budget in which the rate rises from zero
    decay_share: float = 0.98  # share of the budget, at its end, in which the rate falls to zero
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    bfloat16: bool = True  # autocast matrix products; weights and sums stay float32
    budget_tokens: int | None = None
    budget_minutes: float | None = None
    seed: int = 0  # of dropout

    def __post_init__(self) -> None:
        if (self.budget_tokens is None) == (self.budget_minutes is None):
            raise ValueError("give either budget_tokens or budget_minutes")
        for name in ("warmup_share", "decay_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be in [0, 1], not {getattr(self, name)}")


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


class TrainingRun:
    """One model being trained; `advance(a)` and `advance(b)` give the same as `advance(a + b)`.

    In a process group (started by torchrun) each process reads its own batches and the gradients are averaged.
    """

    def __init__(
        self,
        model: nn.Module,
        objective: Objective,
        batches: Callable[[Position], Iterator[tuple[PreTrainingBatch, Position]]],
        config: TrainingConfig,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Train this very model, in place, on its own device.

        Args:
            model: its weights change; copy it first if somebody else uses it.
            objective: the losses of a batch.
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
        self._stream: Iterator[tuple[PreTrainingBatch, Position]] | None = None
        self._optimizers = _optimizers(model, config)
        self._device = next(model.parameters()).device
        self._in_group = distributed.is_available() and distributed.is_initialized()
        self._rank = distributed.get_rank() if self._in_group else 0
        self._replica = nn.parallel.DistributedDataParallel(model) if self._in_group else model

    @property
    def share_done(self) -> float:
        """How much of the budget is spent, between 0 and 1."""
        if self.config.budget_tokens is not None:
            return min(1.0, self.progress.tokens / self.config.budget_tokens)
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

    def _step(self, stream: Iterator[tuple[PreTrainingBatch, Position]]) -> StepMetrics:
        """One batch forward, back, and into the weights."""
        began = self._clock()
        # Dropout's chance depends on the step and not on what ran before, or a continued run would differ.
        torch.manual_seed(seed_of(self.config.seed, self.progress.step, self._rank))
        batch, position = next(stream)
        rate = learning_rate(self.config, self.share_done)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self.config.bfloat16):
            losses = self._objective(self._replica, batch.to(self._device))
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_gradient_norm)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        named = {name: loss.item() for name, loss in losses.items()}
        tokens, seconds = self._over_group(batch.num_tokens, self._clock() - began)
        self.progress = Progress(
            self.progress.step + 1, self.progress.tokens + tokens, self.progress.seconds + seconds, position
        )
        return StepMetrics(self.progress.step, self.progress.tokens, self.progress.seconds, rate, norm.item(), named)

    def _over_group(self, tokens: int, seconds: float) -> tuple[int, float]:
        """Tokens of all processes together, and their mean time, so that all agree when the budget is spent."""
        if not self._in_group:
            return tokens, seconds
        both = torch.tensor([tokens, seconds], dtype=torch.float64, device=self._device)
        distributed.all_reduce(both)
        return int(both[0]), float(both[1]) / distributed.get_world_size()

    def save(self, file: Path) -> None:
        """Write all that is needed to go on; a run killed while it writes leaves the earlier file whole."""
        state = {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
            "progress": asdict(self.progress),
        }
        partial = file.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, file)

    def load(self, file: Path) -> None:
        """Go on from what `save` wrote."""
        state = torch.load(file, map_location=self._device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimizer, its_state in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(its_state)
        progress = state["progress"]
        self.progress = Progress(**{**progress, "position": Position(**progress["position"])})
        self._stream = None


def learning_rate(config: TrainingConfig, share_done: float) -> float:
    """The rate after this share of the budget: up in a line, level, and down in a line to zero.

    Args:
        config: the highest rate, and the shares of rise and fall.
        share_done: between 0 and 1.
    """
    # The very first step is at the middle of the first hundredth of the rise: a rate of zero would waste it.
    rise = 1.0 if config.warmup_share == 0 else max(share_done, config.warmup_share / 200) / config.warmup_share
    fall = 1.0 if config.decay_share == 0 else (1.0 - share_done) / config.decay_share
    return config.learning_rate * min(1.0, rise, fall)


def _optimizers(model: nn.Module, config: TrainingConfig) -> list[Optimizer]:
    """AdamW for all (Loshchilov and Hutter 2019), or Muon (Jordan et al. 2024) for the matrices of the layers.

    Neither biases nor norms are decayed. Muon's updates are scaled to AdamW's size (Liu et al. 2025), so that one
    learning rate serves both.
    """
    matrices: list[nn.Parameter] = []
    decayed: list[nn.Parameter] = []
    undecayed: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.dim() < 2:
            undecayed.append(parameter)
        elif config.optimizer == "muon" and ".layers." in name:
            matrices.append(parameter)
        else:
            decayed.append(parameter)
    groups = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": undecayed, "weight_decay": 0.0},
    ]
    adamw = AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
    if not matrices:
        return [adamw]
    muon = Muon(matrices, lr=config.learning_rate, weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw")
    return [adamw, muon]
