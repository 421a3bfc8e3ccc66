"""What a training run tells: JSON lines for programs, and a line for people."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from lm_core.training.evaluation import Evaluation
from lm_core.training.run import StepMetrics


class RunLog:
    """Metrics as JSON lines in a file, and a line for people on the standard error stream."""

    def __init__(self, file: Path, step: int) -> None:
        """Go on with the file of an interrupted run: what it had written after the given step is dropped."""
        kept = [line for line in _lines(file) if json.loads(line)["step"] <= step]
        file.write_text("".join(kept), encoding="utf-8")
        self._file = file
        self._last: tuple[int, float] | None = None

    def say(self, sentence: str) -> None:
        """Tell the person at the terminal."""
        print(sentence, file=sys.stderr, flush=True)

    def training(self, metrics: list[StepMetrics], share_done: float) -> None:
        """Write the mean losses of these steps, and say how fast it goes and how long it will take."""
        last = metrics[-1]
        losses = {name: sum(step.losses[name] for step in metrics) / len(metrics) for name in last.losses}
        tokens_before, seconds_before = self._last or (0, 0.0)
        speed = (last.tokens - tokens_before) / max(last.seconds - seconds_before, 1e-9)
        self._last = (last.tokens, last.seconds)
        self._write({**asdict(last), "losses": losses, "tokens_per_second": round(speed)})
        left = last.seconds * (1 - share_done) / max(share_done, 1e-9)
        told = "  ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
        self.say(
            f"step {last.step:>6}  {last.tokens / 1e6:7.1f} M tokens  {speed:>7,.0f} a second  {told}  "
            f"gradient {last.gradient_norm:.2f}  {left / 60:.0f} min left"
        )

    def evaluation(self, step: int, by_source: dict[str, Evaluation]) -> None:
        """Write and say how the model does on held-out documents."""
        self._write({"step": step, "held_out": {name: asdict(each) for name, each in by_source.items()}})
        for name, each in by_source.items():
            self.say(
                f"  held out, {name}: masked pieces {each.masked_lm_accuracy:.1%} right "
                f"(loss {each.masked_lm_loss:.3f}), next sentence {each.next_sentence_accuracy:.1%}"
            )

    def _write(self, record: dict[str, object]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def _lines(file: Path) -> list[str]:
    """The whole lines of a file; a last one that was being written when the run died is left out."""
    if not file.is_file():
        return []
    return [line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
