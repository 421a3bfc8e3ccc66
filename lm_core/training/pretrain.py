"""Pre-train a BERT on plain text, from nothing or from a checkpoint: `python -m lm_core pretrain --help` says how."""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import distributed
from torch.utils.data import DataLoader

from lm_core.checkpoints.folders import has_next_sentence, load_checkpoint, save_checkpoint
from lm_core.errors import CheckpointError, InputError
from lm_core.text.batching import PreTrainingBatch
from lm_core.text.corpus import PackedCorpus, Source, find_sources, open_corpus, read_sentences
from lm_core.text.stream import Position, PreTrainingStream
from lm_core.text.tokenization import Tokenizer
from lm_core.training.evaluation import evaluate
from lm_core.training.objectives import pretraining_scores
from lm_core.training.run import StepMetrics, TrainingConfig, TrainingRun
from lm_core.training.run_log import RunLog
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel, count_parameters

# A model changes most at the beginning: every step up to the fifth, then each a quarter farther than the one before.
KEPT_STEPS = frozenset({*range(6), *(round(1.25**power) for power in range(7, 60))})


def keep_freed_memory() -> None:
    """Ask glibc to keep what is freed: each step needs the same large blocks again.

    By default every block goes back to the system, and comes anew page by page: a third of the time of a step
    on two cores. Elsewhere than on Linux with glibc nothing is done.
    """
    if libc := _glibc():
        m_trim_threshold, m_mmap_max = -1, -4  # malloc.h
        libc.mallopt(m_mmap_max, 0)
        libc.mallopt(m_trim_threshold, -1)


def return_freed_memory() -> None:
    """Give back what `keep_freed_memory` kept: batches differ in size, so that gaps between blocks add up."""
    if libc := _glibc():
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library of this process, if it is the one whose settings we know."""
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line; the defaults are those of the shipped model, whose card tells what was added."""
    shape, training = TransformerConfig(), TrainingConfig(budget_minutes=1)
    add = parser.add_argument
    add(
        "--data",
        type=Path,
        required=True,
        help="folder of .txt or .txt.xz: a sentence a line, an empty line between documents",
    )
    add(
        "--output",
        type=Path,
        required=True,
        help="folder of this run; if it holds one already, that is continued",
    )
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--tokens", type=float, help="tokens to read, for instance 100e6")
    budget.add_argument("--minutes", type=float, help="minutes to train")
    add("--processor-time", action="store_true", help="count the processor's minutes: fair on a busy machine")
    add(
        "--weights",
        default="",
        help="how often an epoch reads a source, for instance wikipedia=1,tinystories=4",
    )
    add(
        "--start-from",
        type=Path,
        help="a checkpoint to train further, instead of fresh weights; its tokenizer and its shape are kept",
    )
    add("--vocab-size", type=int, default=shape.vocab_size)
    add("--hidden-size", type=int, default=shape.hidden_size)
    add("--layers", type=int, default=shape.num_hidden_layers)
    add("--heads", type=int, default=shape.num_attention_heads)
    add("--intermediate-size", type=int, default=shape.intermediate_size)
    add("--max-length", type=int, default=shape.max_position_embeddings)
    add("--dropout", type=float, default=0.0, help="0: a small model that sees its text a few times underfits")
    add(
        "--initializer-range",
        type=float,
        default=0.06,
        help="about 1/√hidden: leaves the unigram plateau early",
    )
    add("--optimizer", choices=("adamw", "muon"), default="muon")
    add("--learning-rate", type=float, default=2e-3)
    add("--warmup-share", type=float, default=training.warmup_share)
    add("--decay-share", type=float, default=training.decay_share)
    add("--weight-decay", type=float, default=training.weight_decay)
    add("--batch-tokens", type=int, default=8192, help="positions in a batch of one process")
    add("--masking-rate", type=float, default=0.2)
    add("--short-rate", type=float, default=0.3, help="share of sequences that aim at a random shorter length")
    add("--single-rate", type=float, default=0.1, help="share of sequences of one segment")
    add("--seed", type=int, default=0)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--float32", action="store_true", help="no bfloat16 autocast")
    add("--steps-per-report", type=int, default=50)
    add("--keep-checkpoints", action="store_true", help="at steps ever farther apart, for `measure recording`")
    add("--save-every", type=float, default=60.0, help="seconds between saves")
    add(
        "--evaluate-every",
        type=float,
        default=600.0,
        help="seconds between evaluations on held-out documents",
    )


def main(options: argparse.Namespace) -> None:
    """Pre-train a BERT on plain text, from nothing or from a checkpoint, showing and writing down how it goes."""
    keep_freed_memory()
    rank, group_size = _join_group(options.device)
    try:
        _pretrain(options, rank, group_size)
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


def _pretrain(options: argparse.Namespace, rank: int, group_size: int) -> None:
    """Put corpus, model and run together, and drive the run; rank 0 alone writes and speaks."""
    folder: Path = options.output
    folder.mkdir(parents=True, exist_ok=True)
    sources = find_sources(options.data, _weights(options.weights))
    model, tokenizer = _start(options, sources, rank)
    corpus = open_corpus(sources, tokenizer, folder)
    # torchrun gives each process a card of its own.
    device = (
        torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
        if options.device == "cuda"
        else torch.device(options.device)
    )
    run = TrainingRun(
        model.to(device),
        pretraining_scores,
        _batches(options, model.config.max_position_embeddings, corpus, tokenizer, rank, group_size),
        TrainingConfig(
            learning_rate=options.learning_rate,
            optimizer=options.optimizer,
            warmup_share=options.warmup_share,
            decay_share=options.decay_share,
            weight_decay=options.weight_decay,
            bfloat16=not options.float32,
            budget_tokens=None if options.tokens is None else int(options.tokens),
            budget_minutes=options.minutes,
            seed=options.seed,
        ),
        clock=time.process_time if options.processor_time else time.perf_counter,
    )
    state, metrics_file = folder / "state.pt", folder / "metrics.jsonl"
    if state.is_file():
        run.load(state)
    log = RunLog(metrics_file, run.progress.step) if rank == 0 else None
    if log:
        log.say(
            f"{count_parameters(model):,} parameters, {len(corpus.tokens):,} pieces, {group_size} process(es), {device}"
        )
    saved = evaluated = time.monotonic()
    keep = folder / "snapshots" if options.keep_checkpoints and rank == 0 else None
    while run.share_done < 1.0:
        metrics = _advance(run, options.steps_per_report, model, tokenizer, keep)
        return_freed_memory()
        if log and metrics:
            log.training(metrics, run.share_done)
        if log and time.monotonic() - saved > options.save_every:
            run.save(state)
            saved = time.monotonic()
        if log and time.monotonic() - evaluated > options.evaluate_every:
            log.evaluation(run.progress.step, evaluate(model, corpus, tokenizer, bfloat16=not options.float32))
            evaluated = time.monotonic()
    if log:
        run.save(state)
        save_checkpoint(model, tokenizer, folder / "checkpoint")
        log.evaluation(run.progress.step, evaluate(model, corpus, tokenizer, bfloat16=not options.float32))
        log.say(f"The model is in {folder / 'checkpoint'}.")
    if distributed.is_initialized():
        distributed.barrier()  # nobody leaves while the first process still measures


def _advance(
    run: TrainingRun[PreTrainingBatch], steps: int, model: PreTrainingModel, tokenizer: Tokenizer, keep: Path | None
) -> list[StepMetrics]:
    """Some steps; with a folder to keep them in, a checkpoint at each of the steps that a recording is made of."""
    if keep is None:
        return run.advance(steps)
    metrics: list[StepMetrics] = []
    for _ in range(steps):
        if run.progress.step in KEPT_STEPS:
            place = keep / f"step-{run.progress.step:06d}"
            save_checkpoint(model, tokenizer, place)
            (place / "tokens.txt").write_text(str(run.progress.tokens), encoding="utf-8")
        metrics += run.advance(1)
    return metrics


def _join_group(device: str) -> tuple[int, int]:
    """This process's rank and the group's size: as torchrun says, else one process alone."""
    if "RANK" not in os.environ:
        return 0, 1
    if device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    return distributed.get_rank(), distributed.get_world_size()


def _weights(text: str) -> dict[str, int]:
    """`wikipedia=1,tinystories=4` as a dictionary."""
    weights = {}
    for item in filter(None, text.split(",")):
        name, _, weight = item.partition("=")
        if not weight.isdigit():
            raise InputError("A weight is written NAME=WHOLE NUMBER, not {item}.", item=item)
        weights[name.strip()] = int(weight)
    return weights


def _start(options: argparse.Namespace, sources: tuple[Source, ...], rank: int) -> tuple[PreTrainingModel, Tokenizer]:
    """What the first step trains: fresh weights with a tokenizer of this text, or a checkpoint with its own."""
    if options.start_from is None:
        tokenizer = _tokenizer(options.output / "tokenizer", sources, options.vocab_size, rank)
        torch.manual_seed(options.seed)
        return PreTrainingModel(_shape(options, tokenizer)), tokenizer
    model, tokenizer = load_checkpoint(options.start_from)
    if not has_next_sentence(model):
        raise CheckpointError(
            "{folder} was trained on masked words alone: it has no next-sentence head to train further.",
            folder=options.start_from,
        )
    return model, tokenizer


def _tokenizer(folder: Path, sources: tuple[Source, ...], vocab_size: int, rank: int) -> Tokenizer:
    """The tokenizer of this run: trained on its text by the first process, read from its folder from then on."""
    if rank == 0 and not (folder / "tokenizer.json").is_file():
        Tokenizer.train(read_sentences(sources), vocab_size).save(folder)
    if distributed.is_initialized():
        distributed.barrier()
    return Tokenizer.from_folder(folder)


def _batches(
    options: argparse.Namespace,
    max_length: int,
    corpus: PackedCorpus,
    tokenizer: Tokenizer,
    rank: int,
    group_size: int,
) -> Callable[[Position], Iterator[tuple[PreTrainingBatch, Position]]]:
    """A function that opens the stream of batches at a position; for a GPU another process prepares them."""

    def open_stream(start: Position) -> Iterator[tuple[PreTrainingBatch, Position]]:
        stream = PreTrainingStream(
            corpus=corpus,
            tokenizer=tokenizer,
            max_length=max_length,
            tokens_per_batch=options.batch_tokens,
            masking_rate=options.masking_rate,
            short_rate=options.short_rate,
            single_rate=options.single_rate,
            seed=options.seed,
            start=start,
            rank=rank,
            group_size=group_size,
        )
        on_gpu = options.device == "cuda"
        return iter(DataLoader(stream, batch_size=None, num_workers=1 if on_gpu else 0))

    return open_stream


def _shape(options: argparse.Namespace, tokenizer: Tokenizer) -> TransformerConfig:
    """The model's shape as the command line asks for it."""
    return TransformerConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=options.hidden_size,
        num_hidden_layers=options.layers,
        num_attention_heads=options.heads,
        intermediate_size=options.intermediate_size,
        max_position_embeddings=options.max_length,
        hidden_dropout_prob=options.dropout,
        attention_probs_dropout_prob=options.dropout,
        initializer_range=options.initializer_range,
    )
