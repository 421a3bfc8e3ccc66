"""What the reader looks at, kept in the address; the only user of `st.session_state` and `st.query_params`.

The address is the memory: each run reads it, each change writes it, and whoever opens it sees the same page.
Streamlit's `bind="query-params"` cannot do this here: a component of ours cannot be bound, and a bound widget's
value is lost from the address as soon as anything else is written to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from lm_core.errors import InputError
from ui.address.examples import DEFAULT, LONGEST_SENTENCE
from ui.i18n import language

State = TypeVar("State")

SHIPPED_MODEL = "compact-bert"

_SHARED = ("sentence", "pair", "mask", "layer", "head", "model", "lang", "hide")
_PINS = (
    "query",
    "key",
    "queries",
    "token",
    "swap",
    "without",
    "piece",
)  # what in the address means a word of this very sentence

_MEASURED = ("importance", "curve")  # what is computed for one reading when it is asked for

_QUICK = 8  # changes that a reader makes before the browser has heard of the first
_SESSION = "glassbox"  # the key of the session object; all other keys are widgets'


@dataclass(frozen=True)
class View:
    """What all pages share, as the address says it. Numbers count from 0 here and from 1 in the address."""

    sentence: str  # at most LONGEST_SENTENCE characters
    masked_words: tuple[int, ...]  # ascending; not yet held against the words of the sentence
    layer: int  # not yet held against the layers of the model
    head: int
    model: str  # the shipped model's name, a hub id or a folder
    problems: tuple[InputError, ...] = ()  # what in the address could not be read


@dataclass
class Session:
    """What one reader has at hand besides the address."""

    written: list[dict[str, str]] = field(default_factory=list)  # addresses of quick changes, one upon the other
    is_changing: bool = False  # whether a change has caused this run
    controls: dict[str, str] = field(default_factory=dict)  # of this run, drawn or hidden: name in the address, label
    long_texts: dict[str, str] = field(default_factory=dict)  # by entry: what is too long to stand in an address
    states: dict[type, object] = field(default_factory=dict)  # what lessons and other rooms keep: see `kept`

    def kept(self, kind: type[State]) -> State:
        """This reader's instance of a room's own dataclass; a new one with its defaults, where there was none.

        Args:
            kind: a dataclass in the `state.py` of a lesson or another room, made without arguments.
        """
        found = self.states.setdefault(kind, kind())
        assert isinstance(found, kind)
        return found


def session() -> Session:
    """This reader's session object."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = Session()
    found = st.session_state[_SESSION]
    assert isinstance(found, Session)
    return found


def view() -> View:
    """What the reader looks at now."""
    return read_address(st.query_params.to_dict())


def read_address(address: Mapping[str, str]) -> View:
    """The view that an address means; whatever cannot be read falls back to its default and is named in `problems`."""
    problems: list[InputError] = []
    sentence = address.get("sentence", DEFAULT.sentence)
    if len(sentence) > LONGEST_SENTENCE:
        problems.append(
            InputError(
                "The sentence is too long to stand in an address: it was cut after {limit} characters.",
                limit=LONGEST_SENTENCE,
            )
        )
        sentence = sentence[:LONGEST_SENTENCE]
    masked: tuple[int, ...] = DEFAULT.masked_words if "sentence" not in address else ()
    if "mask" in address:
        asked = [number.strip() for number in address["mask"].split(",") if number.strip()]
        numbers = {number: _counted(number) for number in asked}
        wrong = [number for number, index in numbers.items() if index is None]
        if wrong:
            problems.append(
                InputError("The address masks {words}, which is not the number of a word.", words=", ".join(wrong))
            )
        masked = tuple(sorted({index for index in numbers.values() if index is not None}))
    indices: dict[str, int] = {"layer": 0, "head": 0}
    for name in indices:
        if name in address:
            index = _counted(address[name])
            if index is None:
                problems.append(
                    InputError(
                        "The address asks for {name} {value}, which is not a number from 1.",
                        name=name,
                        value=address[name],
                    )
                )
            else:
                indices[name] = index
    model = address.get("model", "").strip() or SHIPPED_MODEL
    return View(sentence, masked, indices["layer"], indices["head"], model, tuple(problems))


def address(**changes: object) -> dict[str, str]:
    """The whole address of what is seen, with some of it changed; page-local switches are kept.

    Args:
        changes: `masked_words` (indices), `layer`, `head` (from 0), `sentence`, `model`, `lang`, or a switch of a page.
            None takes a switch out of the address.
    """
    now = view()
    full: dict[str, object] = {
        **st.query_params.to_dict(),
        "sentence": now.sentence,
        "masked_words": now.masked_words,
        "layer": now.layer,
        "head": now.head,
        "model": now.model,
        "lang": language(),
        **changes,
    }
    masked = full.pop("masked_words")
    assert isinstance(masked, tuple)
    full["mask"] = ",".join(str(index + 1) for index in masked)
    full["sentence"] = str(full["sentence"])[: LONGEST_SENTENCE + 1]  # one too many tells that it was cut
    for name in ("layer", "head"):
        index = full[name]
        assert isinstance(index, int)
        full[name] = index + 1
    return {name: str(value) for name, value in full.items() if value is not None}


def shared_address() -> dict[str, str]:
    """What of the address all lessons read: the switches of one would mean something else to another."""
    return {name: value for name, value in address().items() if name in _SHARED}


def change(**changes: object) -> None:
    """Change what is seen, by writing the address; for callbacks, so that the run that follows reads it.

    Args:
        changes: as of `address`. A new sentence brings its own masks, or none, and no word of it is pinned. What is
            measured on request is measured for one reading: another one has to be asked for anew.
    """
    if changes.keys() & {"sentence", "masked_words", "model"}:
        changes = {**dict.fromkeys(_MEASURED), **changes}
    if "sentence" in changes:
        changes = {"masked_words": (), **dict.fromkeys(_PINS), **changes}
    here = session()
    sent = st.query_params.to_dict()
    if sent in here.written[:-1]:  # the browser clicked on before it had heard of the last change
        st.query_params.from_dict(here.written[-1])
    changed = address(**changes)
    here.written = [*(here.written or [sent]), changed][-_QUICK:]
    here.is_changing = True
    st.query_params.from_dict(changed)


def begin_run() -> None:
    """The first thing of a run: forget what only the run before had.

    A run that no change has caused (a page opened, a step back) has the address that the reader wants.
    """
    here = session()
    here.controls.clear()
    if not here.is_changing:
        here.written = []
    here.is_changing = False


def option(name: str) -> str | None:
    """A page's own switch as it stands in the address."""
    found = st.query_params.get(name)
    return None if found is None else str(found)


def seed_widget(key: str, value: object) -> None:
    """Give a widget the value that the address says, before it is drawn."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def widget_value(key: str) -> Any:  # noqa: ANN401 (whatever the widget holds)
    """What a widget holds; for callbacks."""
    return st.session_state.get(key)


def component_event(key: str, name: str) -> Any:  # noqa: ANN401 (whatever the component sent)
    """What a component of ours has just sent under a name, None if nothing; for its callback."""
    state = st.session_state.get(key)
    return None if state is None else state.get(name)


def _counted(number: str) -> int | None:
    """'1' → 0; None for what is not a number from 1 (of at most six digits)."""
    return int(number) - 1 if number.isascii() and number.isdigit() and len(number) <= 6 and int(number) else None
