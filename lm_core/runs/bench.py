"""Where one process works on runs that are sent to it: what comes in and what goes out can travel between machines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from lm_core.checkpoints.pretrained import LanguageModel, load_pretrained
from lm_core.runs.local_pool import go_on
from lm_core.text.whole_files import written_at_once
from lm_core.training.experiment import Experiment, HeldOut
from lm_core.training.film import Film
from lm_core.training.plans import Plan
from lm_core.training.run import StepMetrics

Files = dict[str, bytes]  # a folder: what each file in it holds


@dataclass(frozen=True)
class News:
    """What happened to a run since it was last asked."""

    steps: list[StepMetrics]
    held_out: list[HeldOut]
    baselines: dict[str, float]
    film: Film | None  # None: as it was
    is_done: bool
    num_bytes: int  # that it takes in memory


class Bench:
    """Some runs in the memory of one process, by keys that the sender chose.

    What is asked of a run that is not here, since the process began anew, is answered by None.
    """

    def __init__(self) -> None:
        torch.set_num_threads(1)  # the same sums in the same order as anywhere else
        self._runs: dict[str, Experiment] = {}
        self._told: dict[str, tuple[int, int, Film | None]] = {}  # steps, measurements and film that were told of
        self._model: tuple[str, LanguageModel] | None = None  # the last one, since runs often share it

    def process_id(self) -> int:
        """The number of this process, which shows that it is alive."""
        return os.getpid()

    def begin(self, key: str, plan: Plan, model: Mapping[str, bytes], saved: Mapping[str, bytes]) -> News:
        """Take in a run as it was last saved.

        Args:
            key: what it will be asked for by.
            plan: of the run.
            model: the folder of its pre-trained model; nothing, where it begins without one.
            saved: the folder that `Experiment.save` wrote; nothing begins at the first step.

        Raises:
            LMGlassboxError: a folder is damaged, or the plan cannot be carried out.
        """
        if model and (self._model is None or self._model[0] != plan.model):
            with tempfile.TemporaryDirectory() as folder:
                write_folder(model, Path(folder))
                self._model = plan.model, load_pretrained(folder)

        def models(_: str) -> LanguageModel:
            assert self._model is not None  # it was sent, if the plan asks for it
            return self._model[1]

        with tempfile.TemporaryDirectory() as folder:
            write_folder(saved, Path(folder))
            self._runs[key] = go_on(plan, models, Path(folder))
        self._told[key] = (0, 0, None)
        return self._news(key)

    def advance(self, key: str, steps: int) -> News | None:
        """Take so many steps of a run."""
        if key not in self._runs:
            return None
        self._runs[key].advance(steps)
        return self._news(key)

    def saved(self, key: str) -> Files | None:
        """The folder of all that is needed to go on with a run."""
        return self._written(key, Experiment.save)

    def model(self, key: str) -> Files | None:
        """The model of a run as it is now, as a Hugging Face folder."""
        return self._written(key, lambda run, folder: run.save_model(folder))

    def drop(self, key: str) -> None:
        """Forget a run."""
        self._runs.pop(key, None)
        self._told.pop(key, None)

    def _written(self, key: str, write: Callable[[Experiment, Path], None]) -> Files | None:
        """What a run writes into a folder; None if there is no such run."""
        if key not in self._runs:
            return None
        with tempfile.TemporaryDirectory() as folder:
            write(self._runs[key], Path(folder))
            return read_folder(Path(folder))

    def _news(self, key: str) -> News:
        run = self._runs[key]
        steps, held_out, film = self._told[key]
        self._told[key] = len(run.history.steps), len(run.history.held_out), run.film
        return News(
            run.history.steps[steps:],
            run.history.held_out[held_out:],
            run.history.baselines,
            None if run.film is film else run.film,
            run.is_done,
            run.num_bytes,
        )


def read_folder(folder: Path) -> Files:
    """The files that stand in a folder, but for those that are being written."""
    files = (file for file in folder.iterdir() if file.is_file() and file.suffix != ".partial")
    return {file.name: file.read_bytes() for file in files}


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a folder, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with written_at_once(folder / name) as partial:
            partial.write_bytes(content)
