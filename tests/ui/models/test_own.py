"""Readers' own models on the shelf: loaded when asked for, bounded in bytes, and no hub's models put away for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
import torch

from lm_core.errors import InputError
from ui.models.loading import Loading
from ui.models.own import RUN, SAVED, own_model, own_title, trained_by
from ui.models.shelf import OWN_BYTES, ModelShelf

if TYPE_CHECKING:
    from lm_core.runs.pool import Pool

_PARAMETERS = OWN_BYTES // 4 // 3  # a third of the room, so that three have a place and four do not


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were loaded; a run called `gone` is not there, and each other has come one step further."""
    names: list[str] = []

    def load(loading: Loading) -> SimpleNamespace:
        if loading.name.endswith("gone"):
            raise InputError(
                "There is no training {run_id} here. It may have been removed to make room.", run_id="gone"
            )
        names.append(loading.name)
        loading.step = len(names)
        weights = torch.nn.Module()
        weights.register_parameter("weight", torch.nn.Parameter(torch.empty(_PARAMETERS, device="meta")))
        return SimpleNamespace(name=loading.name, model=weights)

    monkeypatch.setattr("ui.models.shelf._load", load)
    return names


def test_a_readers_own_model_is_loaded_when_it_is_asked_for_and_then_kept(loaded: list[str]) -> None:
    shelf = ModelShelf()
    first, again = shelf.get(f"{RUN}one"), shelf.get(f"{RUN}one")
    assert first is not None
    assert first == again
    assert shelf.has(f"{SAVED}two")
    assert loaded == [f"{RUN}one", f"{SAVED}two"]
    assert shelf.step_of(f"{RUN}one") == 1
    assert shelf.step_of(f"{RUN}three") is None


def test_a_run_that_is_not_there_is_no_model_and_who_fetches_it_is_told(loaded: list[str]) -> None:
    shelf = ModelShelf()
    assert shelf.get(f"{RUN}gone") is None
    assert not shelf.has(f"{RUN}gone")
    with pytest.raises(InputError):
        shelf.fetch(f"{RUN}gone")
    assert not loaded


def test_what_is_forgotten_is_loaded_as_it_is_then() -> None:
    shelf = ModelShelf()
    first = shelf.get(f"{RUN}one")
    shelf.forget(f"{RUN}one")
    shelf.forget(f"{RUN}never")
    assert shelf.step_of(f"{RUN}one") is None
    again = shelf.get(f"{RUN}one")
    assert first is not None
    assert again is not None
    assert first[0] != again[0], "what was computed with the earlier one is not taken for the later one's"
    assert shelf.step_of(f"{RUN}one") == 2


def test_own_models_make_room_for_each_other_and_never_push_out_a_hubs(loaded: list[str]) -> None:
    shelf = ModelShelf()
    hubs = shelf.start("a/b")
    while not hubs.done:
        pass
    for number in range(3):
        shelf.get(f"{RUN}{number}")
    shelf.get(f"{RUN}0")  # asked for again: the youngest
    shelf.get(f"{RUN}3")
    before = len(loaded)
    assert all(shelf.get(f"{RUN}{number}") for number in (0, 2, 3))
    assert shelf.get("a/b") is not None
    assert len(loaded) == before
    shelf.get(f"{RUN}1")
    assert len(loaded) == before + 1


@pytest.mark.parametrize("name", ["saved:", "saved:..", "saved:" + "0" * 32, "saved:/etc"])
def test_a_saved_model_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(InputError, match="not kept here"):
        own_model(name)


def test_another_name_is_a_programmers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="own"):
        own_model(str(tmp_path))


def test_a_title_is_short_however_long_the_name_is() -> None:
    assert len(own_title(f"{SAVED}{'a' * 32}")) < 40


def test_the_model_of_a_run_is_had_from_the_pool_that_was_told_of_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def pool_in(folder: Path, step: int) -> Callable[[], Pool]:
        pool = SimpleNamespace(model_folder=lambda _run: folder, snapshot=lambda _run: SimpleNamespace(step=step))
        return lambda: cast("Pool", pool)

    monkeypatch.setattr("ui.models.own._trained_by", [])
    with pytest.raises(RuntimeError, match="trained_by"):
        own_model(f"{RUN}one")
    trained_by(pool_in(tmp_path / "model-3", 5))
    own = own_model(f"{RUN}one")
    assert (own.folder, own.step) == (tmp_path / "model-3", 3), "the step of the weights, not of now"
    trained_by(pool_in(tmp_path / "model", 5))
    assert own_model(f"{RUN}one").step == 5
