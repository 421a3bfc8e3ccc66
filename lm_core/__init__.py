"""LM Glassbox's science: a small Transformer language model that shows every number it computes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lm_core.checkpoints.hub import DownloadProgress
    from lm_core.checkpoints.pretrained import LanguageModel, Prediction, Trace, load_pretrained
    from lm_core.errors import CheckpointError, HubError, InputError, LMGlassboxError
    from lm_core.explain.words.prediction import MaskAnswer, answer_mask
    from lm_core.text.tokenization import Encoding, Tokenizer, Word
    from lm_core.training.classifier import load_classifier
    from lm_core.transformer.config import TransformerConfig

_HOMES = {
    "TransformerConfig": "transformer.config",
    "CheckpointError": "errors",
    "HubError": "errors",
    "InputError": "errors",
    "LMGlassboxError": "errors",
    "MaskAnswer": "explain.words.prediction",
    "answer_mask": "explain.words.prediction",
    "DownloadProgress": "checkpoints.hub",
    "LanguageModel": "checkpoints.pretrained",
    "Prediction": "checkpoints.pretrained",
    "Trace": "checkpoints.pretrained",
    "load_classifier": "training.classifier",
    "load_pretrained": "checkpoints.pretrained",
    "Encoding": "text.tokenization",
    "Tokenizer": "text.tokenization",
    "Word": "text.tokenization",
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
    "load_classifier",
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
