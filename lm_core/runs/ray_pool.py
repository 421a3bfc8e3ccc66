"""Many trainings on the machines of a Ray cluster: the queue and the folders are here, the steps are taken there.

Between its turns a run stays in the memory of the process that had it last. What is saved of it comes back as bytes and
lies on the disk of this machine, so that no disk has to be shared and any machine of the cluster may be lost.
"""

from __future__ import annotations

import socket
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from lm_core.errors import TrainingError
from lm_core.runs.bench import Bench, Files, News, read_folder, write_folder
from lm_core.runs.pool import Limits
from lm_core.runs.run_book import Entry
from lm_core.runs.turns import TakingTurns, WorkLostError
from lm_core.training.experiment import History, Models
from lm_core.training.film import Film
from lm_core.training.run import StepMetrics
from lm_core.training.small_pretraining import PreTrainingPlan

_PATIENCE = 2.0  # seconds until a process that does not answer counts as gone
_SAVED = ("history.json", "film.safetensors", "state.pt")  # the state last: it says up to where the others count
_MODEL = ("*.json", "*.safetensors", "*.txt")  # of the folder of a pre-trained model, what is read
_SHARE = 0.8  # of the cluster's free memory that trainings may take


def connect(address: str) -> Limits:
    """Join a Ray cluster, and say how much it has to give.

    Args:
        address: as `ray.init` takes it: "auto", or host:port of a cluster that this machine is part of.

    Raises:
        TrainingError: Ray is not installed, or no cluster answers.
    """
    try:
        import ray
    except ImportError as error:
        raise TrainingError(
            "LM_GLASSBOX_RAY_ADDRESS names a Ray cluster, but Ray is not installed: run "
            "pip install -r requirements-ray.txt."
        ) from error
    try:
        _call(address)
        ray.init(address, log_to_driver=False, logging_level="error")
    except (OSError, ValueError, RuntimeError) as error:
        raise TrainingError("No Ray cluster answers at {address}.", address=address) from error
    resources = ray.cluster_resources()
    return Limits(
        workers=max(1, int(resources.get("GPU", 0) or resources.get("CPU", 1))),
        memory_bytes=int(_SHARE * resources.get("memory", Limits.memory_bytes)),
        slice_seconds=2.0,  # a run that changes machines is sent over
    )


class RemoteWork:
    """A run in the memory of a process somewhere; it is forgotten there when nobody holds this any more."""

    def __init__(self, bench: Any, entry: Entry, model: Any) -> None:  # noqa: ANN401 (Ray's handles have no types)
        """Send a run there, as it was last saved here.

        Args:
            bench: the handle of a `Bench`.
            entry: of the run.
            model: the folder of its pre-trained model, or a reference of it.
        """
        self.bench = bench
        self.history = History()
        self.film = Film((), ())
        self.is_done = False
        self.num_bytes = 0
        self._key = uuid4().hex
        weakref.finalize(self, _drop, bench, self._key).atexit = False
        saved = read_folder(entry.folder) if (entry.folder / "state.pt").is_file() else {}
        self._hear(self._ask("begin", entry.plan, model, saved))

    def advance(self, steps: int) -> list[StepMetrics]:
        """Take so many steps; the metrics of each."""
        news: News = self._ask("advance", steps)
        self._hear(news)
        return news.steps

    def save(self, folder: Path) -> None:
        """Fetch all that is needed to go on, and write it here."""
        files: Files = self._ask("saved")
        write_folder({name: files[name] for name in _SAVED}, folder)

    def save_model(self, folder: Path) -> None:
        """Fetch the model as it is now, and write it here."""
        write_folder(self._ask("model"), folder)

    def _hear(self, news: News) -> None:
        self.history.baselines = news.baselines
        self.history.held_out += news.held_out
        self.history.steps += news.steps
        self.film = self.film if news.film is None else news.film
        self.is_done, self.num_bytes = news.is_done, news.num_bytes

    def _ask(self, what: str, *arguments: Any) -> Any:  # noqa: ANN401
        """Let the process do something with the run.

        Raises:
            WorkLostError: the process is gone, or has begun anew.
        """
        answer = _answer(getattr(self.bench, what).remote(self._key, *arguments))
        if answer is None:
            raise _lost()
        return answer


class RayPool(TakingTurns):
    """A `Pool` whose workers are actors, one for each core of a Ray cluster, placed and started anew by Ray.

    A worker that is killed costs the steps since the last save of the runs that it had in memory.
    """

    def __init__(
        self, folder: Path, models: Models, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start the workers of a cluster that `connect` has joined; see `TakingTurns`."""
        import ray

        actor = ray.remote(Bench).options(
            num_cpus=1, num_gpus=1 if ray.cluster_resources().get("GPU") else 0, max_restarts=-1
        )
        self._benches = [actor.remote() for _ in range(limits.workers)]
        self._sent: dict[str, Any] = {}  # by a model's name, the reference of its folder
        super().__init__(folder, models, limits, clock)

    def close(self) -> None:
        """Save all runs, stop the workers, and leave the cluster."""
        import ray

        super().close()
        ray.shutdown()

    def _can_work(self, number: int) -> bool:
        return _is_there(self._benches[number])

    def _is_at_hand(self, work: Any, number: int) -> bool:  # noqa: ANN401
        return work.bench is self._benches[number]

    def _begin(self, entry: Entry, number: int | None) -> RemoteWork:
        import ray

        bench = self._benches[number] if number is not None else next(filter(_is_there, self._benches), None)
        if bench is None:
            raise TrainingError("No machine of the Ray cluster answers.")
        if isinstance(entry.plan, PreTrainingPlan) and entry.plan.options.start == "nothing":
            return RemoteWork(bench, entry, {})
        name = entry.plan.model
        if name not in self._sent:
            folder = self._models(name).folder
            files = sorted({file for pattern in _MODEL for file in folder.glob(pattern)})
            self._sent[name] = ray.put({file.name: file.read_bytes() for file in files})
        return RemoteWork(bench, entry, self._sent[name])


def _call(address: str) -> None:
    """Raise an OSError where nobody listens at host:port: Ray would go on trying for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


def _answer(reference: Any) -> Any:  # noqa: ANN401
    """Wait for what an actor answers; an error of ours is raised as it is.

    Raises:
        WorkLostError: the actor is gone.
    """
    import ray
    from ray.exceptions import RayError, RayTaskError

    try:
        return ray.get(reference)
    except RayTaskError as error:
        raise error.cause from error
    except RayError as error:
        raise _lost() from error


def _is_there(bench: Any) -> bool:  # noqa: ANN401
    """Whether an actor answers."""
    import ray
    from ray.exceptions import RayError

    with suppress(RayError):
        return bool(ray.get(bench.process_id.remote(), timeout=_PATIENCE))
    return False


def _drop(bench: Any, key: str) -> None:  # noqa: ANN401
    """Let an actor forget a run; if it is gone, it has."""
    import ray

    if ray.is_initialized():
        with suppress(Exception):
            bench.drop.remote(key)


def _lost() -> WorkLostError:
    return WorkLostError("The machine that this training ran on was lost again and again.")
