"""A pool lets many runs share few workers: in turn, within bounds, and without losing or mixing anything."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

from lm_core import InputError, LanguageModel, load_pretrained
from lm_core.errors import CheckpointError, TrainingError
from lm_core.runs.local_pool import LocalPool
from lm_core.runs.pool import Limits
from lm_core.runs.run_book import Entry
from lm_core.training.classifier import load_classifier
from tests.lm_core.runs.tiny_runs import PROBES, assert_ends_as_alone, make_plan, saved_weights
from tests.patience import wait_until

OpenPool = Callable[..., "WatchedPool"]


class WatchedPool(LocalPool):
    """A pool whose slices are counted, and can be held up."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        self.slices: list[str] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        super().__init__(*arguments, **named)

    def _slice(self, entry: Entry, number: int) -> None:
        self.slices.append(entry.run_id)
        self.may_go_on.wait()
        super()._slice(entry, number)


@pytest.fixture
def open_pool(tmp_path: Path, language_model: LanguageModel) -> Iterator[OpenPool]:
    """A pool by whose clock each look takes a second, so that a slice is a few steps; closed at the end."""
    opened = []

    def models(name: str) -> LanguageModel:
        if name == "absent":
            raise CheckpointError("There is no folder {folder}.", folder=name)
        if name == "broken":
            raise RuntimeError("nobody has thought of this")
        return language_model

    def open_one(
        folder: Path = tmp_path / "runs", clock: Callable[[], float] | None = None, **limits: float
    ) -> WatchedPool:
        chosen: dict[str, Any] = {
            "workers": 2,
            "slice_seconds": 4.0,
            "lease_seconds": 1e9,
            "save_seconds": 10.0,
            **limits,
        }
        pool = WatchedPool(folder, models, Limits(**chosen), clock or count().__next__)
        opened.append(pool)
        return pool

    yield open_one
    for pool in opened:
        pool.may_go_on.set()
        pool.close()


def status_of(pool: LocalPool, run_id: str) -> str:
    return pool.snapshot(run_id).status


def ends(pool: LocalPool, *run_ids: str) -> None:
    wait_until(lambda: all(status_of(pool, run_id) in ("done", "failed") for run_id in run_ids))


def test_many_runs_come_to_what_each_comes_to_alone_and_take_fair_turns(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    pool = open_pool()
    plans = [make_plan(probes=PROBES[:1], seed=seed, steps=16) for seed in range(6)]
    pool.may_go_on.clear()
    run_ids = [pool.submit(plan) for plan in plans]
    pool.may_go_on.set()
    ends(pool, *run_ids)
    for number, (run_id, plan) in enumerate(zip(run_ids, plans, strict=True)):
        assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / str(number))
    for run_id in run_ids:
        turns = [number for number, each in enumerate(pool.slices) if each == run_id]
        assert len(turns) > 2
        assert all(after - before <= 2 * len(run_ids) for before, after in pairwise(turns))


def test_a_run_says_how_many_are_before_it(open_pool: OpenPool) -> None:
    pool = open_pool(workers=1)
    pool.may_go_on.clear()
    in_hand = pool.submit(make_plan())
    wait_until(lambda: status_of(pool, in_hand) == "running")
    waiting = [pool.submit(make_plan()) for _ in range(3)]
    assert [pool.snapshot(run_id).place for run_id in waiting] == [0, 1, 2]
    assert pool.snapshot(in_hand).active_runs == 4
    pool.pause(waiting[0])
    assert [pool.snapshot(run_id).place for run_id in waiting[1:]] == [0, 1]


def test_pause_resume_and_steps_do_not_change_the_numbers(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    pool = open_pool()
    plan = make_plan(probes=PROBES)
    run_id = pool.submit(plan, paused=True)
    assert pool.snapshot(run_id).step == 0
    for step in (1, 2, 5):
        pool.step(run_id, step - pool.snapshot(run_id).step)
        wait_until(lambda: status_of(pool, run_id) == "paused")
        assert pool.snapshot(run_id).step == step
    pool.resume(run_id)
    pool.pause(run_id)
    pool.resume(run_id)
    ends(pool, run_id)
    assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / "alone")
    pool.resume(run_id)  # nothing is left to do
    assert status_of(pool, run_id) == "done"


def test_pausing_and_resuming_all_the_time_loses_nothing(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    pool = open_pool()
    plan = make_plan(steps=40)
    run_id = pool.submit(plan)
    while status_of(pool, run_id) != "done":
        pool.pause(run_id)
        pool.resume(run_id)
        time.sleep(0.001)
    wait_until(lambda: not pool._queue)
    assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / "alone")


def test_a_reset_run_begins_again_and_gives_the_same_numbers_also_while_it_is_in_hand(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    pool = open_pool()
    plan = make_plan()
    run_id = pool.submit(plan)
    wait_until(lambda: pool.snapshot(run_id).step >= 3)
    pool.reset(run_id)
    snapshot = pool.snapshot(run_id)
    assert (snapshot.status, snapshot.step, snapshot.held_out, snapshot.film) == ("paused", 0, (), None)
    pool.may_go_on.clear()
    pool.resume(run_id)
    wait_until(lambda: status_of(pool, run_id) == "running")
    pool.reset(run_id)
    pool.may_go_on.set()
    pool.resume(run_id)
    ends(pool, run_id)
    assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / "alone")
    pool.reset(run_id)
    assert pool.snapshot(run_id).step == 0
    assert [path.name for path in (tmp_path / "runs" / run_id).iterdir() if path.is_dir()] == ["4"]


def test_a_removed_run_is_gone_also_while_it_is_in_hand(open_pool: OpenPool, tmp_path: Path) -> None:
    pool = open_pool(workers=1)
    pool.may_go_on.clear()
    run_ids = [pool.submit(make_plan()) for _ in range(2)]
    wait_until(lambda: status_of(pool, run_ids[0]) == "running")
    for run_id in run_ids:
        pool.remove(run_id)
        with pytest.raises(InputError, match="no training"):
            pool.snapshot(run_id)
    pool.may_go_on.set()
    wait_until(lambda: not list((tmp_path / "runs").iterdir()))
    after = pool.submit(make_plan())
    ends(pool, after)
    assert status_of(pool, after) == "done"


def test_a_full_pool_refuses_with_a_sentence_and_takes_runs_in_again_later(open_pool: OpenPool) -> None:
    pool = open_pool(active_runs=2)
    pool.may_go_on.clear()
    run_ids = [pool.submit(make_plan()) for _ in range(2)]
    paused = run_ids[0]
    with pytest.raises(InputError, match="2 trainings are under way"):
        pool.submit(make_plan())
    pool.pause(paused)
    third = pool.submit(make_plan())
    with pytest.raises(InputError, match="2 trainings are under way"):
        pool.resume(paused)
    assert status_of(pool, paused) == "paused"
    pool.may_go_on.set()
    ends(pool, run_ids[1], third)
    pool.resume(paused)
    ends(pool, paused)


def test_runs_that_do_not_fit_into_memory_together_all_end_with_the_same_numbers(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    plans = [make_plan(seed=seed) for seed in range(4)]
    needed = plans[0].num_bytes(lambda _: language_model)
    pool = open_pool(memory_bytes=int(1.5 * needed))
    run_ids = [pool.submit(plan) for plan in plans]
    counts: set[int] = set()

    def are_done() -> bool:
        counts.add(sum(entry.work is not None for entry in list(pool._entries.values())))
        return all(status_of(pool, run_id) == "done" for run_id in run_ids)

    wait_until(are_done)
    assert counts <= {0, 1}
    for number, (run_id, plan) in enumerate(zip(run_ids, plans, strict=True)):
        assert_ends_as_alone(pool, run_id, plan, language_model, tmp_path / str(number))


def test_a_model_that_is_too_large_for_the_memory_is_refused_with_both_numbers(open_pool: OpenPool) -> None:
    pool = open_pool(memory_bytes=100)
    run_id = pool.submit(make_plan())
    ends(pool, run_id)
    assert isinstance(pool.snapshot(run_id).error, TrainingError)
    assert "MB of memory" in str(pool.snapshot(run_id).error)


def test_a_run_that_nobody_looks_at_is_put_away_and_comes_back_at_a_look(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    now = 0.0
    pool = open_pool(clock=lambda: now, slice_seconds=0.0, lease_seconds=60.0)
    plan = make_plan(steps=3000)
    run_id = pool.submit(plan)
    wait_until(lambda: pool.snapshot(run_id).step > 2)
    now = 61.0
    wait_until(lambda: not pool._entries)  # nobody has looked
    now = 62.0
    snapshot = pool.snapshot(run_id)
    assert snapshot.step > 2
    assert snapshot.status == "waiting"
    wait_until(lambda: pool.snapshot(run_id).step > snapshot.step)
    pool.pause(run_id)
    wait_until(lambda: pool._entries[run_id].worker is None or not pool._entries[run_id].lock.locked())
    step = pool.snapshot(run_id).step
    alone = plan.begin(lambda _: language_model)
    alone.advance(step)
    alone.save_model(tmp_path / "alone")
    assert saved_weights(pool.model_folder(run_id)) == saved_weights(tmp_path / "alone")


def test_another_process_finds_the_runs_and_goes_on_with_them(
    open_pool: OpenPool, language_model: LanguageModel, tmp_path: Path
) -> None:
    first = open_pool()
    plans = [make_plan(seed=seed, steps=60) for seed in range(3)]
    active, resting, ended = (first.submit(plan, paused=True) for plan in plans)
    first.step(resting, 2)
    first.resume(ended)
    ends(first, ended)
    wait_until(lambda: status_of(first, resting) == "paused")
    first.resume(active)
    wait_until(lambda: first.snapshot(active).step > 0)
    first.close()
    second = open_pool()
    assert second.snapshot(active).status in ("waiting", "running")
    assert (second.snapshot(resting).status, second.snapshot(resting).step) == ("paused", 2)
    assert second.snapshot(ended).status == "done"
    second.resume(resting)
    ends(second, active, resting)
    for number, (run_id, plan) in enumerate(zip((active, resting, ended), plans, strict=True)):
        assert_ends_as_alone(second, run_id, plan, language_model, tmp_path / str(number))


@pytest.mark.parametrize(("model", "sentence"), [("absent", "There is no folder"), ("broken", "nobody has thought")])
def test_a_run_that_fails_says_why_and_hurts_no_other(open_pool: OpenPool, model: str, sentence: str) -> None:
    pool = open_pool(workers=1)
    failed, good = pool.submit(make_plan(model)), pool.submit(make_plan())
    ends(pool, failed, good)
    assert status_of(pool, good) == "done"
    assert status_of(pool, failed) == "failed"
    assert sentence in str(pool.snapshot(failed).error)
    pool.close()
    later = open_pool()  # another process knows why, too
    assert str(later.snapshot(failed).error) == str(pool.snapshot(failed).error)
    later.reset(failed)
    assert (later.snapshot(failed).status, later.snapshot(failed).error) == ("paused", None)


def test_the_model_of_a_run_under_way_can_be_taken_and_asked(open_pool: OpenPool) -> None:
    pool = open_pool()
    run_id = pool.submit(make_plan(steps=10**6))
    wait_until(lambda: pool.snapshot(run_id).step > 3)
    folder = pool.model_folder(run_id)
    pool.pause(run_id)
    assert load_classifier(folder, device="cpu").label_probs(["The cat sat."]).sum().item() == pytest.approx(1.0)
    assert load_pretrained(folder, device="cpu").fill_mask(PROBES[0])
    assert pool.model_folder(run_id).is_dir()


@pytest.mark.parametrize("run_id", ["", ".", "..", "../runs", "x" * 10_000, "a/b/c/d/e/fg", "\0" * 12, "abcdefghijkl"])
def test_an_id_that_there_is_no_run_of_is_told(open_pool: OpenPool, run_id: str) -> None:
    pool = open_pool()
    for ask in (pool.snapshot, pool.pause, pool.resume, pool.step, pool.reset, pool.remove, pool.model_folder):
        with pytest.raises(InputError, match="no training"):
            ask(run_id)


@pytest.mark.parametrize("file", ["status.json", "plan.json", "1/history.json", "1/film.safetensors", "1/state.pt"])
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_file_that_is_cut_off_is_told_and_hurts_no_other(
    open_pool: OpenPool, tmp_path: Path, file: str, share: float
) -> None:
    first = open_pool()
    run_id = first.submit(make_plan(), paused=True)
    first.step(run_id, 3)
    wait_until(lambda: status_of(first, run_id) == "paused")
    first.close()
    damaged = tmp_path / "runs" / run_id / file
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: int(share * len(whole))])
    second = open_pool()
    if file.endswith(("status.json", "plan.json")):
        with pytest.raises(InputError, match="damaged"):
            second.snapshot(run_id)
    else:
        second.resume(run_id)
        ends(second, run_id)
        assert "damaged" in str(second.snapshot(run_id).error)
        second.reset(run_id)
        second.resume(run_id)
        ends(second, run_id)
        assert status_of(second, run_id) == "done"
    other = second.submit(make_plan())
    ends(second, other)
    assert status_of(second, other) == "done"


@pytest.mark.parametrize(
    "standing",
    [
        "[]",
        "null",
        '{"status": "flying", "pause_at": null, "attempt": "1", "error": null}',
        '{"status": "paused", "pause_at": null, "attempt": "../..", "error": null}',
    ],
)
def test_a_standing_that_makes_no_sense_is_told(open_pool: OpenPool, tmp_path: Path, standing: str) -> None:
    first = open_pool()
    run_id = first.submit(make_plan(), paused=True)
    first.close()
    (tmp_path / "runs" / run_id / "status.json").write_text(standing, encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        open_pool().snapshot(run_id)


def test_the_oldest_runs_make_room_on_disk_but_never_one_that_is_in_use(open_pool: OpenPool, tmp_path: Path) -> None:
    first = open_pool()
    old = [first.submit(make_plan(seed=seed)) for seed in range(3)]
    ends(first, *old)
    first.close()
    for number, run_id in enumerate(old):  # the order in which they were touched
        (tmp_path / "runs" / run_id / "touched").write_text(str(number), encoding="utf-8")
    one = sum(file.stat().st_size for file in (tmp_path / "runs" / old[0]).rglob("*") if file.is_file())
    second = open_pool(disk_bytes=int(2.5 * one))
    assert second.snapshot(old[0]).status == "done"  # somebody looks at the oldest
    new = second.submit(make_plan())
    assert Counter(second._folders.oldest()) == Counter([old[0], old[2], new])
    ends(second, new)
    crowded = open_pool(tmp_path / "crowded", disk_bytes=10)
    crowded.submit(make_plan(), paused=True)
    with pytest.raises(InputError, match="disk"):
        crowded.submit(make_plan())


def test_a_disk_that_fails_ends_no_worker(open_pool: OpenPool, tmp_path: Path) -> None:
    pool = open_pool(workers=1)
    pool.may_go_on.clear()
    run_id = pool.submit(make_plan())
    wait_until(lambda: status_of(pool, run_id) == "running")
    shutil.rmtree(tmp_path / "runs" / run_id)  # under the worker's hands
    (tmp_path / "runs" / run_id).write_text("a file where a folder should be", encoding="utf-8")
    pool.may_go_on.set()
    ends(pool, run_id)
    assert status_of(pool, run_id) == "failed"
    good = pool.submit(make_plan())
    ends(pool, good)
    assert status_of(pool, good) == "done"
