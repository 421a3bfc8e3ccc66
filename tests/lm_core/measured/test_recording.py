"""A recording holds what the checkpoints of its run say, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from lm_core import load_pretrained
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.errors import CheckpointError, InputError
from lm_core.measured.recording import ABOUT, FILM, PROBES, make_recording, read_recording, write_recording
from lm_core.text.tokenization import MASK, Tokenizer
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel, initialize

STEPS = (0, 3, 10)
COMMAND = "python -m lm_core pretrain --data data --output film"
CHECKPOINT = Path(__file__).parents[3] / "checkpoints" / "compact-bert"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with three checkpoints of random weights, its log, and its text beside it."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "data").mkdir()
    text = "\n\n".join(f"The cat number {number} sat down.\nIt was {number} o'clock." for number in range(300))
    (folder / "data" / "cats.txt").write_text(text, encoding="utf-8")
    tokenizer = Tokenizer.train(text.splitlines(), 200)
    config = TransformerConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    for step in STEPS:
        model = PreTrainingModel(config)
        initialize(model, 0.2, torch.Generator().manual_seed(step))
        place = folder / "snapshots" / f"step-{step:06d}"
        save_checkpoint(model, tokenizer, place, dtype=torch.float32)
        (place / "tokens.txt").write_text(str(100 * step), encoding="utf-8")
    lines = [
        {"step": step, "tokens": 100 * step, "seconds": 60.0 * step, "losses": {"masked_lm": 5.0}}
        for step in (5, 10, 15)
    ]
    lines.append({"step": 15, "held_out": {}})
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


def test_every_frame_is_its_checkpoint_looked_at(run: Path, tmp_path: Path) -> None:
    made = make_recording(run, run / "data", COMMAND, PROBES, measured_batches=2)
    write_recording(made, tmp_path)
    read = read_recording(tmp_path)
    assert read is not None
    assert read.about == made.about
    assert [(frame.step, frame.tokens) for frame in read.film.frames] == [(step, 100 * step) for step in STEPS]
    for frame in read.film.frames:
        lm = load_pretrained(run / "snapshots" / f"step-{frame.step:06d}", device="cpu")
        for probe, look in zip(read.film.probes, frame.looks, strict=True):
            trace = lm.trace(probe.text)
            assert torch.allclose(look.attentions, torch.cat(trace.attentions), atol=1e-6)
            expected = lm.fill_mask(probe.text) if probe.masked_positions else []
            assert [gap[0].token for gap in look.answers] == [gap[0].token for gap in expected]


def test_the_log_is_told_up_to_the_last_frame_and_not_beyond(run: Path) -> None:
    made = make_recording(run, run / "data", COMMAND, PROBES[:1], measured_batches=1)
    assert [each.step for each in made.about.training] == [5, 10]
    assert made.minutes == 10.0
    assert [each.step for each in made.about.held_out] == list(STEPS)
    assert made.about.baselines["unigram"] < made.about.baselines["uniform"]
    assert made.about.held_out_pieces > 0


def test_without_a_checkpoint_or_with_a_damaged_file_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no checkpoint"):
        make_recording(tmp_path, tmp_path, COMMAND, PROBES, measured_batches=1)
    assert read_recording(tmp_path) is None
    (tmp_path / FILM).write_bytes(b"no film")
    with pytest.raises(CheckpointError, match="damaged"):
        read_recording(tmp_path)


def test_the_shipped_recording_is_whole_and_small() -> None:
    recording = read_recording(CHECKPOINT)
    assert recording is not None
    frames = recording.film.frames
    assert [probe.text for probe in recording.film.probes] == list(PROBES)
    assert sum(MASK in text for text in PROBES) == 3
    assert frames[0].step == 0
    assert recording.about.command.startswith("python -m lm_core.pretrain ")  # as it was run
    assert recording.about.command_now is not None
    assert [each.step for each in recording.about.held_out] == [frame.step for frame in frames]
    assert (CHECKPOINT / FILM).stat().st_size + (CHECKPOINT / ABOUT).stat().st_size < 2_100_000
    for look in frames[-1].looks:
        sums = look.attentions.sum(-1)
        assert torch.allclose(sums, torch.ones_like(sums), atol=1e-5)
