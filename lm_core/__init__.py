"""LM Glassbox's science: a small Transformer language model that shows every number it computes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lm_core.config import TransformerConfig
    from lm_core.errors import CheckpointError, HubError, InputError, LMGlassboxError
    from lm_core.explain.prediction import MaskAnswer, answer_mask
    from lm_core.hub import DownloadProgress
    from lm_core.pretrained import LanguageModel, Prediction, Trace, load_pretrained
    from lm_core.tokenization import Encoding, Tokenizer, Word

_HOMES = {
    "TransformerConfig": "config",
    "CheckpointError": "errors",
    "HubError": "errors",
    "InputError": "errors",
    "LMGlassboxError": "errors",
    "MaskAnswer": "explain.prediction",
    "answer_mask": "explain.prediction",
    "DownloadProgress": "hub",
    "LanguageModel": "pretrained",
    "Prediction": "pretrained",
    "Trace": "pretrained",
    "load_pretrained": "pretrained",
    "Encoding": "tokenization",
    "Tokenizer": "tokenization",
    "Word": "tokenization",
}

__all__ = [
    "CheckpointError",
    "DownloadProgress",
    "Encoding",
    "HubError",
    "InputError",
    "LMGlassboxError",
    "LanguageModel",
    "MaskAnswer",
    "Prediction",
    "Tokenizer",
    "Trace",
    "TransformerConfig",
    "Word",
    "answer_mask",
    "load_pretrained",
]


def __getattr__(name: str) -> object:
    """Import a name's module when it is first asked for: torch takes a second, which a title need not wait for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What `dir(lm_core)` and a notebook's completion list."""
    return sorted(__all__)
