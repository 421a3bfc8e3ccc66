"""The models in memory: bounded, shared, fetched once, and the shipped one always there."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from lm_core.errors import HubError
from tests.patience import PATIENCE
from ui.address.session import SHIPPED_MODEL
from ui.models.loading import Loading
from ui.models.shelf import MODELS_IN_MEMORY, ModelShelf


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were loaded, by a loader that takes a moment and knows no model called `missing`."""
    names: list[str] = []

    def load(loading: Loading) -> SimpleNamespace:
        names.append(loading.name)
        time.sleep(0.05)
        if loading.name == "missing":
            raise HubError("There is no model {name} on the hub, or it is private.", name=loading.name)
        if loading.name == "too/large":
            raise MemoryError("12 GB")
        return SimpleNamespace(name=loading.name)

    monkeypatch.setattr("ui.models.shelf._load", load)
    return names


def fetched(shelf: ModelShelf, name: str) -> Loading:
    loading = shelf.start(name)
    deadline = time.monotonic() + PATIENCE
    while not loading.done:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return loading


def test_only_the_shipped_model_is_loaded_without_being_asked_for(loaded: list[str]) -> None:
    shelf = ModelShelf()
    assert shelf.get("another/model") is None
    assert shelf.get(SHIPPED_MODEL) is not None
    assert shelf.get(SHIPPED_MODEL) == shelf.get(SHIPPED_MODEL)
    assert loaded == [SHIPPED_MODEL]


def test_a_model_that_two_readers_ask_for_is_fetched_once(loaded: list[str]) -> None:
    shelf = ModelShelf()
    readers = [threading.Thread(target=shelf.start, args=("a/b",)) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert fetched(shelf, "a/b").error is None
    assert loaded.count("a/b") == 1
    assert shelf.has("a/b")


def test_a_model_that_is_not_there_leaves_a_sentence_and_the_shelf_as_it_was(loaded: list[str]) -> None:
    shelf = ModelShelf()
    assert str(fetched(shelf, "missing").error) == "There is no model missing on the hub, or it is private."
    assert not shelf.has("missing")
    fetched(shelf, "missing")
    assert loaded.count("missing") == 2  # it may be there by now


def test_the_shelf_lets_go_of_the_model_unused_for_longest_but_never_of_the_shipped_one(loaded: list[str]) -> None:
    shelf = ModelShelf()
    shelf.get(SHIPPED_MODEL)
    names = [f"model/{number}" for number in range(MODELS_IN_MEMORY + 1)]
    for name in names[:-1]:
        fetched(shelf, name)
    shelf.get(names[0])
    fetched(shelf, names[-1])
    kept = {SHIPPED_MODEL, names[0], *names[2:]}
    assert {name for name in (SHIPPED_MODEL, *names) if shelf.has(name)} == kept
    serials = [found[0] for name in kept if (found := shelf.get(name)) is not None]
    assert len(set(serials)) == len(kept)
    assert loaded.count(SHIPPED_MODEL) == 1


def test_whatever_goes_wrong_in_the_thread_reaches_the_reader() -> None:
    error = fetched(ModelShelf(), "too/large").error
    assert str(error) == "too/large could not be loaded: 12 GB."


def test_a_training_gets_the_model_that_is_in_memory_and_waits_for_one_that_is_not(loaded: list[str]) -> None:
    shelf = ModelShelf()
    assert shelf.fetch("a/b") is shelf.fetch("a/b")
    assert loaded == ["a/b"]
    with pytest.raises(HubError):
        shelf.fetch("missing")
