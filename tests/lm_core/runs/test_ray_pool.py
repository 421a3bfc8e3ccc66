"""On a Ray cluster of two machines a run gives the numbers that it gives here, whatever is lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from lm_core import LanguageModel
from lm_core.errors import InputError, TrainingError
from lm_core.runs.ray_pool import RayPool, RemoteWork, connect
from lm_core.runs.run_book import Entry
from lm_core.text.examples import Example, Examples
from lm_core.training.plans import Plan
from tests.lm_core.runs.tiny_runs import PROBES, assert_ends_as_alone, make_plan, make_pretraining_plan
from tests.patience import wait_until

ray = pytest.importorskip("ray", reason="Ray is an extra: pip install -r requirements-ray.txt")
if TYPE_CHECKING:
    from ray.cluster_utils import Cluster


class WatchedPool(RayPool):
    """A pool that tells at which step it took runs up, and at which they had been saved."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        self.taken_up: list[tuple[int, int]] = []
        super().__init__(*arguments)

    def _begin(self, entry: Entry, number: int | None) -> RemoteWork:
        state = entry.folder / "state.pt"
        saved = torch.load(state, weights_only=True)["run"]["progress"]["step"] if state.is_file() else 0
        work = super()._begin(entry, number)
        self.taken_up.append((saved, work.history.steps[-1].step if work.history.steps else 0))
        return work


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two machines of one core each, with the second one to be lost."""
    from ray.cluster_utils import Cluster

    started = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 1,
            "object_store_memory": 80 * 2**20,
            "include_dashboard": False,
            "_system_config": {"worker_niceness": 0},  # Ray's own 15 starves them on a busy machine
        },
    )
    started.second = started.add_node(num_cpus=1, object_store_memory=80 * 2**20)
    yield started
    started.shutdown()


@pytest.fixture(scope="module")
def pool(
    cluster: Cluster, language_model: LanguageModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WatchedPool]:
    limits = connect(cluster.address)
    assert limits.workers == 2
    opened = WatchedPool(tmp_path_factory.mktemp("runs"), lambda _: language_model, limits)
    yield opened
    opened.close()


def test_runs_give_the_same_numbers_as_here(pool: WatchedPool, language_model: LanguageModel, tmp_path: Path) -> None:
    name = str(language_model.folder)
    plans: list[Plan] = [*(make_plan(name, probes=PROBES, seed=seed) for seed in range(2)), make_pretraining_plan()]
    run_ids = [pool.submit(plan, paused=True) for plan in plans]
    pool.step(run_ids[0], 3)
    wait_until(lambda: pool.snapshot(run_ids[0]).status == "paused")
    assert pool.snapshot(run_ids[0]).step == 3
    for run_id in run_ids:
        pool.resume(run_id)
    for number, (run_id, plan) in enumerate(zip(run_ids, plans, strict=True)):
        assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / str(number))


def test_an_error_of_ours_comes_back_as_it_is(pool: WatchedPool, language_model: LanguageModel) -> None:
    blank = Examples((Example(" ", "calm"), Example("The cat sat.", "loud")))
    plan = replace(make_plan(str(language_model.folder)), train=blank)
    run_id = pool.submit(plan)
    wait_until(lambda: pool.snapshot(run_id).status == "failed")
    with pytest.raises(InputError) as here:
        plan.begin(lambda _: language_model)
    error = pool.snapshot(run_id).error
    assert type(error) is InputError
    assert str(error) == str(here.value)


def test_a_killed_process_and_a_lost_machine_cost_only_the_steps_since_the_last_save(
    cluster: Cluster,
    pool: WatchedPool,
    language_model: LanguageModel,
    tmp_path: Path,
) -> None:
    plans = [make_plan(str(language_model.folder), seed=seed, steps=300) for seed in range(2)]
    pool.taken_up.clear()
    run_ids = [pool.submit(plan) for plan in plans]
    wait_until(lambda: len(pool.taken_up) >= 2 and min(pool.snapshot(run_id).step for run_id in run_ids) > 20)
    for run_id in run_ids:  # a pause is a save
        state = pool._entries[run_id].folder / "state.pt"
        pool.pause(run_id)
        wait_until(state.is_file)
        pool.resume(run_id)
    at_kill = [pool.snapshot(run_id).step for run_id in run_ids]
    os.kill(ray.get(pool._benches[0].process_id.remote()), signal.SIGKILL)
    wait_until(lambda: len(pool.taken_up) >= 3)
    wait_until(lambda: all(pool.snapshot(run_id).step > step for run_id, step in zip(run_ids, at_kill, strict=True)))
    cluster.remove_node(cluster.second, allow_graceful=False)
    for number, (run_id, plan) in enumerate(zip(run_ids, plans, strict=True)):
        assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / str(number))
    assert all(step == saved for saved, step in pool.taken_up)
    assert min(step for _, step in pool.taken_up[2:]) > 20


def test_no_cluster_at_an_address_is_told() -> None:
    with pytest.raises(TrainingError, match=r"No Ray cluster answers at 127\.0\.0\.1:1\."):
        connect("127.0.0.1:1")
