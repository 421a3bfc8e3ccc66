"""The film of a pre-training that took too long to be watched: `python -m lm_core measure recording --help` tells more.

It is made from checkpoints that were kept along a run, and lies beside the weights that a run of the same kind made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lm_core.checkpoints.folders import load_checkpoint
from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.errors import CheckpointError, InputError
from lm_core.text.corpus import find_sources, open_corpus
from lm_core.text.small_text import unigram_loss
from lm_core.text.stream import held_out_batches
from lm_core.training.experiment import HeldOut
from lm_core.training.film import Film, Frame, look_at, make_probes
from lm_core.training.objectives import pretraining_scores
from lm_core.transformer.model import PreTrainingModel, count_parameters

FILM, ABOUT = "recording.safetensors", "recording.json"
LARGEST = 2_000_000  # bytes of the film

PROBES = (
    "The children went to [MASK] by bus in the morning.",
    "She was born in [MASK] in 1950.",
    "He gave the book to [MASK] mother.",
    "The dog ran after the cat because it was hungry.",
)
"""What the shipped recording asks: for the word of a scene, of a kind of thing, of grammar; and one to see heads on."""


@dataclass(frozen=True)
class TrainingLoss:
    """What the log of the run says of some steps together."""

    step: int  # the last of them
    tokens: int  # read so far
    seconds: float  # of one processor, so far
    losses: dict[str, float]  # nats, mean over these steps


@dataclass(frozen=True)
class AboutRun:
    """Which run was recorded, and how its loss went."""

    command: str  # how it was started, without the places of one machine
    parameters: int
    vocab_size: int
    held_out_pieces: int  # masked pieces that each measurement asks for
    baselines: dict[str, float]  # losses of who knows less: uniform, unigram
    held_out: tuple[HeldOut, ...]  # of each checkpoint, on the same held-out text
    training: tuple[TrainingLoss, ...]
    command_now: str | None = None  # how it is called today, where that is another name


@dataclass(frozen=True, eq=False)
class Recording:
    """A film, and the run that it is of."""

    film: Film
    about: AboutRun

    @property
    def minutes(self) -> float:
        """Of one processor, up to the last frame."""
        last = self.film.frames[-1].step
        return max((each.seconds for each in self.about.training if each.step <= last), default=0.0) / 60


def read_recording(folder: Path) -> Recording | None:
    """The recording that lies in a folder; None if there is none.

    Raises:
        CheckpointError: it is damaged.
    """
    if not (folder / FILM).is_file():
        return None
    try:
        film = Film.load(folder / FILM)
        read: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        held_out = tuple(HeldOut(**each) for each in read.pop("held_out"))
        training = tuple(TrainingLoss(**each) for each in read.pop("training"))
        return Recording(film, AboutRun(**read, held_out=held_out, training=training))
    except Exception as error:  # safetensors raises bare exceptions, too
        raise CheckpointError("{file} is damaged: {reason}.", file=folder / FILM, reason=error) from error


def write_recording(recording: Recording, folder: Path) -> None:
    """Write film and facts.

    Raises:
        InputError: the film would be larger than LARGEST.
    """
    folder.mkdir(parents=True, exist_ok=True)
    recording.film.save(folder / FILM)
    size = (folder / FILM).stat().st_size
    if size > LARGEST:
        (folder / FILM).unlink()
        raise InputError("The film takes {size} bytes; at most {most} are kept.", size=f"{size:,}", most=f"{LARGEST:,}")
    about = {name: value for name, value in asdict(recording.about).items() if value is not None}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def make_recording(run: Path, data: Path, command: str, probes: Sequence[str], *, measured_batches: int) -> Recording:
    """Look at every checkpoint of a run, and measure it on held-out text.

    Args:
        run: its folder, as `pretrain --keep-checkpoints` leaves it; one that is still going on will do, too.
        data: the folder of text that it was trained on.
        command: how it was started.
        probes: sentences to look at.
        measured_batches: how many batches of held-out text are asked about, spread evenly over all.

    Raises:
        InputError: there is no checkpoint.
        CheckpointError: one cannot be read.
    """
    kept = _checkpoints(run)
    model, tokenizer = load_checkpoint(kept[0].folder)
    corpus = open_corpus(find_sources(data, {}), tokenizer, run)
    every_batch = [
        batch
        for _, batch in held_out_batches(
            corpus, tokenizer, max_length=model.config.max_position_embeddings, tokens_per_batch=8192
        )
    ]
    places = np.unique(np.linspace(0, len(every_batch) - 1, measured_batches).round().astype(int))
    batches = [every_batch[place] for place in places]
    frames, held_out, pieces, film = [], [], 0, Film((), ())
    for each in kept:
        model, tokenizer = load_checkpoint(each.folder)
        lm = LanguageModel(each.folder.name, model.config, tokenizer, model.eval(), torch.device("cpu"), each.folder)
        film = Film(make_probes(lm, probes), ())
        frames.append(Frame(each.step, each.tokens, look_at(lm, film.probes)))
        measured, pieces = _measured(model, batches, each.step)
        held_out.append(measured)
        print(f"step {each.step:>6}  {each.tokens:>12,} tokens  {measured.losses}", file=sys.stderr, flush=True)
    about = AboutRun(
        command=command,
        parameters=count_parameters(model),
        vocab_size=tokenizer.vocab_size,
        held_out_pieces=pieces,
        baselines={
            "uniform": float(np.log(tokenizer.vocab_size)),
            "unigram": unigram_loss(corpus, tokenizer.vocab_size),
        },
        held_out=tuple(held_out),
        training=_logged(run / "metrics.jsonl", frames[-1].step),
    )
    return Recording(Film(film.probes, (), tuple(frames)), about)


@dataclass(frozen=True)
class _Checkpoint:
    """The weights of one moment."""

    step: int
    tokens: int  # read so far
    folder: Path


def _checkpoints(run: Path) -> list[_Checkpoint]:
    """Those that were kept along the run, and at the end of a finished one its last weights."""
    kept = [
        _Checkpoint(int(folder.name.removeprefix("step-")), int((folder / "tokens.txt").read_text("utf-8")), folder)
        for folder in sorted((run / "snapshots").glob("step-*"))
        if (folder / "tokens.txt").is_file()
    ]
    if not kept:
        raise InputError("There is no checkpoint in {folder}.", folder=run / "snapshots")
    log = _logged(run / "metrics.jsonl", sys.maxsize)
    if (run / "checkpoint" / "model.safetensors").is_file() and log and log[-1].step > kept[-1].step:
        kept.append(_Checkpoint(log[-1].step, log[-1].tokens, run / "checkpoint"))
    return kept


@torch.inference_mode()
def _measured(model: PreTrainingModel, batches: Sequence[Any], step: int) -> tuple[HeldOut, int]:
    """Mean losses and shares of right answers over some batches, and how many masked pieces they ask for."""
    sums: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
    for batch in batches:
        with torch.autocast("cpu", torch.bfloat16):  # as the run itself computes
            scores = pretraining_scores(model, batch)
        for name, scored in scores.items():
            count = float(scored.count)
            row = np.array([float(scored.loss) * count, float(scored.right), count])
            sums[name] = sums.get(name, np.zeros(3)) + row
    asked = {name: each for name, each in sums.items() if each[2]}
    return (
        HeldOut(
            step,
            {name: float(loss / count) for name, (loss, _, count) in asked.items()},
            {name: float(right / count) for name, (_, right, count) in asked.items()},
        ),
        int(sums["masked_lm"][2]),
    )


def _logged(file: Path, last: int) -> tuple[TrainingLoss, ...]:
    """The losses of a run's log up to a step."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
    return tuple(
        TrainingLoss(line["step"], line["tokens"], line["seconds"], line["losses"])
        for line in lines
        if "losses" in line and line["step"] <= last
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("run", type=Path, help="the folder of a run with --keep-checkpoints")
    parser.add_argument("--data", type=Path, required=True, help="the folder of text that it was trained on")
    parser.add_argument("--command", required=True, help="how the run was started, to be told beside it")
    parser.add_argument("--output", type=Path, required=True, help="where the recording is written")
    parser.add_argument("--batches", type=int, default=6, help="batches of held-out text that are asked about")


def main(options: argparse.Namespace) -> None:
    """Make the recording of a pre-training from the checkpoints that were kept along it."""
    recording = make_recording(options.run, options.data, options.command, PROBES, measured_batches=options.batches)
    write_recording(recording, options.output)
