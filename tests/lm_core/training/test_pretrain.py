"""The pre-training command: from text to a checkpoint, killed and continued, alone and in a group."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from lm_core import load_pretrained
from lm_core.__main__ import main
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.errors import CheckpointError, InputError
from lm_core.measured import recording
from lm_core.text.tokenization import Tokenizer
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel

SHAPE = (
    "--vocab-size 120 --hidden-size 32 --layers 2 --heads 2 --intermediate-size 64 --max-length 48 --batch-tokens 512"
)


def arguments(text: Path, run: Path, **more: object) -> list[str]:
    options = {"tokens": 30_000, "steps-per-report": 5, "evaluate-every": 1e9} | more
    chosen = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return ["pretrain", "--data", str(text), "--output", str(run), *SHAPE.split(), *chosen]


def start(command: list[str]) -> subprocess.Popen[bytes]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", *command], env=environment, stderr=subprocess.PIPE)


def records(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_command_makes_a_checkpoint_that_answers(
    text_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(arguments(text_folder, tmp_path, tokens=150_000, weights="stories=2"))
    lm = load_pretrained(tmp_path / "checkpoint", device="cpu")
    (answers,) = lm.fill_mask("The cat sees the dog [MASK] the garden.", top_k=1)
    assert answers[0].token == "in"
    told = capsys.readouterr().err
    assert "min left" in told
    assert "held out, all" in told
    held_out = records(tmp_path)[-1]["held_out"]
    assert set(held_out) == {"letters", "phrases", "stories", "all"}  # type: ignore[call-overload]


def test_a_run_killed_at_any_moment_is_continued_to_the_same_weights(text_folder: Path, tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess_arguments = arguments(text_folder, whole, **{"save-every": 1e9})
    with start(["lm_core", *subprocess_arguments]) as process:
        assert process.wait() == 0
    command = ["lm_core", *arguments(text_folder, killed, **{"save-every": 0})]
    with start(command) as process:
        while not (killed / "state.pt").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() != 0, "the run was over before it could be killed"
    with start(command) as process:
        assert process.wait() == 0
    one, other = (load_file(run / "checkpoint" / "model.safetensors") for run in (whole, killed))
    assert all(torch.equal(one[name], other[name]) for name in one)
    steps, continued = (
        [(record["step"], record["losses"]) for record in records(run) if "losses" in record] for run in (whole, killed)
    )
    assert steps == continued


def test_checkpoints_that_are_kept_change_nothing_and_make_a_recording(text_folder: Path, tmp_path: Path) -> None:
    plain, kept = tmp_path / "plain", tmp_path / "kept"
    main(arguments(text_folder, plain, tokens=8_000))
    main([*arguments(text_folder, kept, tokens=8_000), "--keep-checkpoints"])
    one, other = (load_file(run / "checkpoint" / "model.safetensors") for run in (plain, kept))
    assert all(torch.equal(one[name], other[name]) for name in one)
    told = "python -m lm_core pretrain"
    film = ["--data", str(text_folder), "--command", told, "--output", str(tmp_path / "film")]
    main(["measure", "recording", str(kept), *film])
    read = recording.read_recording(tmp_path / "film")
    assert read is not None
    steps = [frame.step for frame in read.film.frames]
    last = [record for record in records(kept) if "losses" in record][-1]
    assert steps[:6] == [0, 1, 2, 3, 4, 5]
    assert (steps[-1], read.film.frames[-1].tokens) == (last["step"], last["tokens"])
    assert read.about.command == told


def test_two_processes_train_one_model_together(text_folder: Path, tmp_path: Path) -> None:
    command = ["torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "lm_core"]
    with start([*command, *arguments(text_folder, tmp_path)]) as process:
        assert process.wait() == 0, process.stderr and process.stderr.read().decode()
    training = [record for record in records(tmp_path) if "losses" in record]
    # Each process reads half: with 512 positions a batch, a step of both reads more than one batch holds.
    assert training[0]["tokens"] > 5 * 512  # type: ignore[operator]
    assert load_pretrained(tmp_path / "checkpoint", device="cpu").fill_mask("The [MASK] sees.")


def test_a_run_that_starts_from_a_checkpoint_keeps_its_shape_its_tokenizer_and_its_weights(
    text_folder: Path, tmp_path: Path
) -> None:
    first, further = tmp_path / "first", tmp_path / "further"
    main(arguments(text_folder, first, tokens=5_000))
    start_from = {"start-from": first / "checkpoint", "hidden-size": 64, "vocab-size": 90}
    # At a rate of zero nothing moves: what comes out is what went in.
    main(arguments(text_folder, further, tokens=1_000, **start_from, **{"learning-rate": 0}))
    one, other = (load_file(run / "checkpoint" / "model.safetensors") for run in (first, further))
    assert all(torch.equal(one[name], other[name]) for name in one)
    for file in ("config.json", "vocab.txt"):
        assert (first / "checkpoint" / file).read_text() == (further / "checkpoint" / file).read_text()
    assert records(further)[0]["losses"]


def test_a_checkpoint_without_a_next_sentence_head_is_not_trained_further(
    text_folder: Path, corpus_tokenizer: Tokenizer, tmp_path: Path
) -> None:
    model = PreTrainingModel(TransformerConfig(corpus_tokenizer.vocab_size, 32, 1, 2, 64, 48))
    torch.nn.init.constant_(model.next_sentence.bias, torch.nan)
    save_checkpoint(model, corpus_tokenizer, tmp_path / "masked-words")
    with pytest.raises(CheckpointError, match="masked words alone"):
        main(arguments(text_folder, tmp_path / "run", **{"start-from": tmp_path / "masked-words"}))


def test_a_weight_that_is_no_number_is_an_input_error(text_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="stories=much"):
        main(arguments(text_folder, tmp_path, weights="stories=much"))
