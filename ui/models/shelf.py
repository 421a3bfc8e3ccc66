"""What all sessions share, cached and never changed: the models in memory, and the traces of sentences."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import CheckpointError, LMGlassboxError
from ui.address.session import SHIPPED_MODEL, View, view
from ui.models.loading import Loading
from ui.models.own import is_own, own_model, read_with

if TYPE_CHECKING:
    from lm_core import DownloadProgress, LanguageModel, Trace

MODELS_IN_MEMORY = 3  # besides the shipped one and readers' own: a BERT-base takes 440 MB
OWN_BYTES = 2**30  # of readers' own models: one of the shipped shape takes 22 MB, and a class has thirty
TRACES_IN_MEMORY = 32  # one of a full input to BERT-base takes about 60 MB, to the shipped model 9 MB


@dataclass(frozen=True)
class Reading:
    """The reader's sentence as the reader's model read it: every number of a page comes from this one trace."""

    view: View
    model: LanguageModel
    trace: Trace
    masked_words: tuple[int, ...]  # of view.masked_words those that the sentence has
    model_missing: bool  # the address names a model that is not in memory; the shipped one read the sentence
    serial: int  # of the model's loading: with it, what is computed from the reading can be kept


@dataclass
class ModelShelf:
    """The models in memory, by the name that asked for them; safe to use from several threads.

    Readers' own models lie on this machine: they are loaded whenever they are asked for.
    """

    _models: OrderedDict[str, tuple[int, LanguageModel]] = field(default_factory=OrderedDict)
    _steps: dict[str, int | None] = field(default_factory=dict)
    _loadings: dict[str, Loading] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    _serials: count[int] = field(default_factory=count)

    def has(self, name: str) -> bool:
        """Whether a model answers at once, or is the shipped one, which comes when it is asked."""
        return name == SHIPPED_MODEL or self.get(name) is not None

    def get(self, name: str) -> tuple[int, LanguageModel] | None:
        """A model and the serial number of its loading; None if it is not in memory. The shipped one always is.

        Raises:
            CheckpointError: the shipped model cannot be read.
        """
        with self._lock:
            if name not in self._models and name == SHIPPED_MODEL:
                self._put(Loading(name))
            if name in self._models:
                self._models.move_to_end(name)
                return self._models[name]
        return self._own(name) if is_own(name) else None

    def step_of(self, name: str) -> int | None:
        """How far the run had come whose model is in memory under this name; None where there is none."""
        with self._lock:
            return self._steps.get(name) if name in self._models else None

    def forget(self, name: str) -> None:
        """Let go of a model: whoever asks for it next gets it as it is then."""
        with self._lock:
            self._models.pop(name, None)

    def _own(self, name: str) -> tuple[int, LanguageModel] | None:
        """A model of a reader's own, loaded now; None where there is none.

        Without the lock: a run that is being trained is waited for, and it may be waiting for a model of this shelf.
        """
        try:
            return self._put(Loading(name))
        except LMGlassboxError:
            return None

    def fetch(self, name: str) -> LanguageModel:
        """A model, loaded first where it is not in memory; for threads that may wait.

        Raises:
            LMGlassboxError: it cannot be had.
        """
        found = self.get(name)
        if found is None:
            with self._one_at_a_time:
                found = self.get(name)  # another thread may have brought it meanwhile
                if found is None:
                    found = self._put(Loading(name))
        return found[1]

    def start(self, name: str) -> Loading:
        """Fetch a model in a thread of its own, unless it is here or on its way."""
        with self._lock:
            if name not in self._loadings:
                if self.get(name) is not None:
                    return Loading(name, done=True)
                loading = self._loadings[name] = Loading(name)
                threading.Thread(target=self._fetch, args=(loading,), name=f"load {name}", daemon=True).start()
            return self._loadings[name]

    def _fetch(self, loading: Loading) -> None:
        """Load a model, and leave it on the shelf or the reason why not with whoever waits."""
        try:
            with self._one_at_a_time:
                self._put(loading)
        except LMGlassboxError as error:
            loading.error = error
        except Exception as error:  # nobody above this thread could tell the reader
            loading.error = CheckpointError("{name} could not be loaded: {reason}.", name=loading.name, reason=error)
        finally:
            with self._lock:
                del self._loadings[loading.name]
            loading.done = True

    def _put(self, loading: Loading) -> tuple[int, LanguageModel]:
        """Load a model and keep it.

        Raises:
            LMGlassboxError: it cannot be had.
        """
        model = _load(loading)
        with self._lock:
            kept = self._models[loading.name] = next(self._serials), model
            self._models.move_to_end(loading.name)
            self._steps[loading.name] = loading.step
            self._make_room(loading.name)
        return kept

    def _make_room(self, name: str) -> None:
        """Let go of the models of the same sort unused for longest, where with this one there are too many."""
        others = [each for each in self._models if each not in (SHIPPED_MODEL, name) and is_own(each) == is_own(name)]
        if is_own(name):
            sizes = [_size(self._models[each][1]) for each in (*others, name)]
            while others and sum(sizes) > OWN_BYTES:
                sizes.pop(0)
                del self._models[others.pop(0)]
            return
        for other in others[: max(0, len(others) - MODELS_IN_MEMORY + 1)]:
            del self._models[other]


@st.cache_resource(show_spinner=False)
def models() -> ModelShelf:
    """The one shelf of this server."""
    return ModelShelf()


def reading(pair: str | None = None, *, with_masks: bool = True) -> Reading:
    """The reader's sentence read by the reader's model: one forward pass, shared with whoever sees the same.

    Args:
        pair: a second sentence that the model reads with it.
        with_masks: whether the words that the address hides are hidden; otherwise the view has none, either.

    Raises:
        InputError: there is no sentence, or the model reads no pairs.
        CheckpointError: the shipped model cannot be read.
    """
    now = view() if with_masks else replace(view(), masked_words=())
    found = models().get(now.model)
    serial, model = found or _shipped()
    words = model.encode(now.sentence).words
    masked = tuple(index for index in now.masked_words if index < len(words))
    trace = _trace(serial, now.sentence, pair, masked, model)
    return Reading(now, model, trace, masked, model_missing=found is None, serial=serial)


def reader_model() -> tuple[int, LanguageModel, bool]:
    """The serial number of the reader's model, the model, and whether another one stands in for it.

    Raises:
        CheckpointError: the shipped model cannot be read.
    """
    found = models().get(view().model)
    return *(found or _shipped()), found is None


def trace_beside(reading: Reading, sentence: str, masked_words: tuple[int, ...]) -> Trace:
    """Another sentence as the reader's model reads it, to be held against the reader's own.

    Raises:
        InputError: the sentence is blank, or a masked word is not there.
    """
    return _trace(reading.serial, sentence, None, masked_words, reading.model)


def read_anew_with(name: str) -> None:
    """As `read_with`, with the model as it is now, whatever was in memory; for callbacks."""
    models().forget(name)
    read_with(name)


def warm_up() -> None:
    """Import torch and load the shipped model, so that the first reader does not wait; errors are told when used."""
    try:
        _, model = _shipped()
        model.trace("A first sentence takes longer than all others.")
        import nltk.lm  # noqa: F401 (a second, which the first reader of n-grams is spared)
    except LMGlassboxError:
        return


def _shipped() -> tuple[int, LanguageModel]:
    found = models().get(SHIPPED_MODEL)
    assert found is not None
    return found


@st.cache_resource(max_entries=TRACES_IN_MEMORY, show_spinner=False)
def _trace(
    serial: int,  # noqa: ARG001 (part of the key)
    sentence: str,
    pair: str | None,
    masked_words: tuple[int, ...],
    _model: LanguageModel,
) -> Trace:
    """One pass of the model; `serial` stands for the model among what the trace is kept by."""
    return _model.trace(sentence, pair, masked_words=masked_words)


def _load(loading: Loading) -> LanguageModel:
    """Load a model; torch comes in here, and with one thread a pass takes the least of a shared processor."""
    import torch

    from lm_core import load_pretrained

    torch.set_num_threads(1)
    if is_own(loading.name):
        own = own_model(loading.name)
        loading.step = own.step
        return replace(load_pretrained(own.folder), name=loading.name)

    def report(progress: DownloadProgress) -> None:
        loading.file = progress.file
        loading.fraction = min(1.0, progress.done / progress.total) if progress.total else None

    return load_pretrained(loading.name, on_progress=report)


def _size(model: LanguageModel) -> int:
    """The bytes of a model's weights."""
    from lm_core.transformer.model import count_parameters

    return 4 * count_parameters(model.model)
