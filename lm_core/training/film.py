"""What a model made of a few sentences at moments of its training: the frames of a film."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel, Prediction, most_probable
from lm_core.text.tokenization import Encoding
from lm_core.text.whole_files import written_at_once

LONGEST_PROBE = 32  # tokens
MOST_PROBES = 4
LARGEST = 16 * 2**20  # bytes of one film; where it would be larger, every second frame is left out
_ANSWERS = 5  # the most probable pieces that are kept of each gap


@dataclass(frozen=True)
class Probe:
    """One sentence that is looked at again and again; a [MASK] in it is answered each time."""

    text: str
    tokens: tuple[str, ...]
    masked_positions: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Look:
    """What the model made of one probe at one moment."""

    attentions: Tensor  # (layer, head, query, key) probabilities
    answers: tuple[tuple[Prediction, ...], ...]  # per gap, the most probable pieces
    label_probs: tuple[float, ...]  # per label of the classifier; empty where nothing is classified


@dataclass(frozen=True, eq=False)
class Frame:
    """One moment of a training."""

    step: int
    tokens: int  # read so far
    looks: tuple[Look, ...]  # one for each probe

    @property
    def num_bytes(self) -> int:
        """What the attention of this moment takes in memory."""
        return sum(look.attentions.numel() * look.attentions.element_size() for look in self.looks)


@dataclass(frozen=True, eq=False)
class Film:
    """The moments of one training, in order."""

    probes: tuple[Probe, ...]
    labels: tuple[str, ...]  # of the classifier; empty where nothing is classified
    frames: tuple[Frame, ...] = ()

    def with_frame(self, frame: Frame) -> Film:
        """The film with one more moment at its end; where it grows too large, every second one before is left out."""
        frames = (*self.frames, frame)
        while len(frames) > 2 and sum(each.num_bytes for each in frames) > LARGEST:
            frames = (*frames[:-1:2], frames[-1])
        return Film(self.probes, self.labels, frames)

    def until(self, step: int) -> Film:
        """The film up to a step."""
        return Film(self.probes, self.labels, tuple(frame for frame in self.frames if frame.step <= step))

    def nearest(self, step: int) -> Frame:
        """The last frame at or before a step, the first one where there is none."""
        return next((frame for frame in reversed(self.frames) if frame.step <= step), self.frames[0])

    def save(self, file: Path) -> None:
        """Write the film as safetensors, with what is not a tensor as JSON among the metadata."""
        tensors = {
            f"{number}.{probe}": look.attentions.contiguous()
            for number, frame in enumerate(self.frames)
            for probe, look in enumerate(frame.looks)
        }
        words = {
            "probes": [asdict(probe) for probe in self.probes],
            "labels": self.labels,
            "frames": [
                {
                    "step": frame.step,
                    "tokens": frame.tokens,
                    "looks": [
                        {
                            "answers": [[asdict(answer) for answer in gap] for gap in look.answers],
                            "label_probs": look.label_probs,
                        }
                        for look in frame.looks
                    ],
                }
                for frame in self.frames
            ],
        }
        with written_at_once(file) as partial:
            partial.write_bytes(save(tensors, metadata={"film": json.dumps(words)}))

    @classmethod
    def load(cls, file: Path) -> Film:
        """Read what `save` wrote."""
        with safe_open(file, framework="pt") as opened:
            words = json.loads(opened.metadata()["film"])
            frames = tuple(
                Frame(
                    frame["step"],
                    frame["tokens"],
                    tuple(
                        Look(
                            opened.get_tensor(f"{number}.{probe}").float(),
                            tuple(tuple(Prediction(**answer) for answer in gap) for gap in look["answers"]),
                            tuple(look["label_probs"]),
                        )
                        for probe, look in enumerate(frame["looks"])
                    ),
                )
                for number, frame in enumerate(words["frames"])
            )
        probes = tuple(
            Probe(probe["text"], tuple(probe["tokens"]), tuple(probe["masked_positions"])) for probe in words["probes"]
        )
        return cls(probes, tuple(words["labels"]), frames)


def make_probes(lm: LanguageModel, texts: Iterable[str]) -> tuple[Probe, ...]:
    """The sentences as this model's tokenizer cuts them; at most MOST_PROBES, blank ones left out.

    Raises:
        InputError: a text holds nothing that the model reads.
    """
    encodings = [_encode(lm, text) for text in texts if text.strip()][:MOST_PROBES]
    return tuple(Probe(each.text, each.tokens, each.masked_positions) for each in encodings)


def look_at(
    lm: LanguageModel, probes: Sequence[Probe], label_probs: Sequence[Sequence[float]] = ()
) -> tuple[Look, ...]:
    """What a model makes of each probe now; `label_probs`, where there are labels, stand beside."""
    looks = []
    for number, probe in enumerate(probes):
        answer = lm.trace_encoding(_encode(lm, probe.text))
        logits = answer.prediction_logits[0]
        looks.append(
            Look(
                torch.cat(answer.attentions),
                tuple(
                    tuple(most_probable(logits[position].softmax(-1), lm.tokenizer, _ANSWERS))
                    for position in probe.masked_positions
                ),
                tuple(label_probs[number]) if label_probs else (),
            )
        )
    return tuple(looks)


def frame_steps(total: int, count: int = 32) -> NDArray[np.int64]:
    """The steps of a run of `total` at which a frame is taken: 0, the last, and others as on a ruler of logarithms.

    A model changes most at the beginning, so the beginning gets most of the frames.
    """
    spaced = np.geomspace(1, max(total, 1), count).round().astype(np.int64)
    return np.unique(np.concatenate([[0], spaced]))


def _encode(lm: LanguageModel, text: str) -> Encoding:
    """A probe as the model reads it; what is longer than LONGEST_PROBE is cut."""
    return lm.tokenizer.encode(text, max_length=min(LONGEST_PROBE, lm.config.max_position_embeddings))
