"""A training as somebody started it, with what happened and the film of it; it can be stopped and continued."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.text.whole_files import written_at_once
from lm_core.training.film import Film, Frame, Look, frame_steps
from lm_core.training.run import StepMetrics, TrainingRun

Models = Callable[[str], LanguageModel]  # from a model's name to the model; it may be shared, and is never changed


@dataclass(frozen=True)
class HeldOut:
    """How well the model did on examples that it never learned from."""

    step: int
    losses: dict[str, float]  # nats
    accuracies: dict[str, float]  # share of right first answers


@dataclass
class History:
    """What happened, step by step."""

    steps: list[StepMetrics] = field(default_factory=list)
    held_out: list[HeldOut] = field(default_factory=list)
    baselines: dict[str, float] = field(default_factory=dict)  # losses, in nats, of who knows less: by their names

    def until(self, step: int) -> History:
        """What happened up to a step."""
        steps = [each for each in self.steps if each.step <= step]
        return History(steps, [each for each in self.held_out if each.step <= step], self.baselines)

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        with written_at_once(file) as partial:
            partial.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> History:
        """Read what `save` wrote."""
        read = json.loads(file.read_text(encoding="utf-8"))
        steps = [StepMetrics(**each) for each in read["steps"]]
        return cls(steps, [HeldOut(**each) for each in read["held_out"]], read["baselines"])


class Experiment(ABC):
    """One model that learns, with its history and its film; two advances give what one of as many steps gives.

    When it is looked at (measured on held-out examples, filmed) depends on the step alone, so that neither slices nor a
    save and a load change anything.
    """

    def __init__(
        self, run: TrainingRun[Any], *, total_steps: int, evaluate_every: int, patience: int | None, film: Film
    ) -> None:
        """Set out to learn.

        Args:
            run: at its beginning.
            total_steps: of the run.
            evaluate_every: steps between two measurements on held-out examples.
            patience: measurements without a smaller loss after which it stops early and takes the best weights back;
                None never stops early.
            film: without frames; its probes are looked at.
        """
        self.history = History()
        self.film = film
        self.total_steps = total_steps
        self._run = run
        self._evaluate_every = evaluate_every
        self._patience = patience
        self._frame_steps = frozenset(frame_steps(total_steps).tolist())
        self._best: dict[str, Any] | None = None  # weights at the smallest held-out loss, where patience is limited

    @property
    def step(self) -> int:
        """Steps taken."""
        return self._run.progress.step

    @property
    def stopped_early(self) -> bool:
        """Whether the held-out loss has not become smaller for as long as patience lasts."""
        if self._patience is None or not self.history.held_out:
            return False
        totals = [sum(each.losses.values()) for each in self.history.held_out]
        return len(totals) - 1 - totals.index(min(totals)) >= self._patience

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to learn: all steps are taken, or it stopped early."""
        return self._run.share_done >= 1.0 or self.stopped_early

    def advance(self, steps: int) -> list[StepMetrics]:
        """Take so many steps, fewer where the end comes before; the metrics of each."""
        if not self.history.held_out:
            self._look()
        taken: list[StepMetrics] = []
        while len(taken) < steps and not self.is_done:
            taken += self._run.advance(1)
            self.history.steps.append(taken[-1])
            self._look()
            if self.is_done and self._best is not None:
                self._run.model.load_state_dict(self._best)
        return taken

    def _look(self) -> None:
        """Measure and film, if this step is one at which that is done."""
        is_last = self._run.share_done >= 1.0
        if is_last or self.step % self._evaluate_every == 0:
            losses, accuracies = self._evaluate()
            self.history.held_out.append(HeldOut(self.step, losses, accuracies))
            totals = [sum(each.losses.values()) for each in self.history.held_out]
            if self._patience is not None and totals[-1] == min(totals):
                self._best = {name: tensor.clone() for name, tensor in self._run.model.state_dict().items()}
        if self.film.probes and (self.step in self._frame_steps or self.is_done):
            self.film = self.film.with_frame(Frame(self.step, self._run.progress.tokens, self._looks()))

    @abstractmethod
    def _evaluate(self) -> tuple[dict[str, float], dict[str, float]]:
        """Losses and accuracies on held-out examples."""

    @abstractmethod
    def _looks(self) -> tuple[Look, ...]:
        """What the model makes of the film's probes now."""

    @abstractmethod
    def save_model(self, folder: Path) -> None:
        """Write the model as it is now as a Hugging Face folder."""

    @property
    def num_bytes(self) -> int:
        """What it takes in memory: weights, gradients and two moments of each, the best weights, and the film."""
        learned = [parameter for parameter in self._run.model.parameters() if parameter.requires_grad]
        weights = sum(parameter.numel() * parameter.element_size() for parameter in self._run.model.parameters())
        moved = sum(parameter.numel() * parameter.element_size() for parameter in learned)
        best: int = sum(tensor.numel() * tensor.element_size() for tensor in (self._best or {}).values())
        return weights + 3 * moved + best + sum(frame.num_bytes for frame in self.film.frames)

    def save(self, folder: Path) -> None:
        """Write all that is needed to go on; a process killed while it writes leaves the earlier state whole.

        The state is written last: what history and film tell of later steps is forgotten when it is read.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.history.save(folder / "history.json")
        self.film.save(folder / "film.safetensors")
        with written_at_once(folder / "state.pt") as partial:
            torch.save({"run": self._run.state_dict(), "best": self._best}, partial)

    def load(self, folder: Path) -> None:
        """Go on from what `save` wrote; from the beginning, where it never did."""
        if not (folder / "state.pt").is_file():
            return
        state = torch.load(folder / "state.pt", map_location="cpu", weights_only=True)
        self._run.load_state_dict(state["run"])
        self._best = state["best"]
        self.history = History.load(folder / "history.json").until(self.step)
        self.film = Film.load(folder / "film.safetensors").until(self.step)
