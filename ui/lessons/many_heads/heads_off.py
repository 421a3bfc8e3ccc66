"""Readings with some heads off: how the address names the heads, and the passes, kept apart from the plain readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from ui.models.shelf import Reading

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core import LanguageModel, Trace
    from lm_core.explain.heads.ablation import Head

_PASSES_IN_MEMORY = 16  # besides the plain readings, which a reader at the switchboard shall not push out
_IMPORTANCES_IN_MEMORY = 200  # a number for each head


@dataclass
class Importance:
    """What the answers lose without each head, once it is measured; the same whoever measured it."""

    bits: Tensor | None = None  # (layer, head), as of `head_importance`


def heads_in(text: str, layers: int, heads: int) -> tuple[frozenset[Head], list[str]]:
    """The heads that `1.2,3.4` names, as layer.head counted from 1; and what of it is the name of no head."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = {f"{layer + 1}.{head + 1}": (layer, head) for layer in range(layers) for head in range(heads)}
    return frozenset(known[name] for name in names if name in known), [name for name in names if name not in known]


def as_address(off: frozenset[Head]) -> str | None:
    """What `heads_in` reads; None where all heads are on."""
    return ",".join(f"{layer + 1}.{head + 1}" for layer, head in sorted(off)) or None


def read_without(reading: Reading, off: frozenset[Head]) -> Trace:
    """The same sentence, with the same words hidden, read with some heads off."""
    if not off:
        return reading.trace
    return _pass(
        reading.serial, reading.view.sentence, None, reading.masked_words, tuple(sorted(off)), _model=reading.model
    )


def read_pair_without(reading: Reading, pair: str, off: frozenset[Head]) -> Trace:
    """The same sentence with nothing hidden and a second one behind it, read with some heads off.

    Raises:
        InputError: the second sentence is blank, or the model reads no pairs.
    """
    return _pass(reading.serial, reading.view.sentence, pair, (), tuple(sorted(off)), _model=reading.model)


@st.cache_resource(max_entries=_PASSES_IN_MEMORY, show_spinner=False)
def _pass(
    serial: int,  # noqa: ARG001 (part of the key: it stands for the model)
    sentence: str,
    pair: str | None,
    masked_words: tuple[int, ...],
    off: tuple[Head, ...],
    _model: LanguageModel,
) -> Trace:
    from lm_core.explain.heads.ablation import head_mask_without

    return _model.trace(sentence, pair, masked_words=masked_words, head_mask=head_mask_without(_model.config, off))


def importance(reading: Reading) -> Importance:
    """Where the importance of the heads for this reading is kept; empty until somebody has measured it."""
    return _importance(reading.serial, reading.view.sentence, reading.masked_words)


@st.cache_resource(max_entries=_IMPORTANCES_IN_MEMORY, show_spinner=False)
def _importance(
    serial: int,  # noqa: ARG001 (part of the key, as the others)
    sentence: str,  # noqa: ARG001
    masked_words: tuple[int, ...],  # noqa: ARG001
) -> Importance:
    """An empty place. It is filled outside of here, since whoever fills it shows a progress of their own."""
    return Importance()
