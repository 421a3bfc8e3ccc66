"""How well a model answers the two pre-training questions on text that it never saw.

`python -m lm_core evaluate --help` says how to measure a checkpoint.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from lm_core.checkpoints.folders import load_checkpoint
from lm_core.text.corpus import PackedCorpus, find_sources, open_corpus
from lm_core.text.masking import NOT_SCORED
from lm_core.text.stream import held_out_batches
from lm_core.text.tokenization import Tokenizer
from lm_core.training.objectives import ask, masked_lm_loss
from lm_core.transformer.model import PreTrainingModel


@dataclass(frozen=True)
class Evaluation:
    """How well a model answers both questions on held-out documents."""

    masked_lm_loss: float  # nats a masked piece
    masked_lm_accuracy: float  # share of masked pieces whose first answer is right
    next_sentence_accuracy: float  # share of pairs
    masked_pieces: int
    pairs: int


@torch.inference_mode()
def evaluate(
    model: PreTrainingModel, corpus: PackedCorpus, tokenizer: Tokenizer, *, bfloat16: bool = True
) -> dict[str, Evaluation]:
    """Ask about every held-out document, with 15 % masked and half of the pairs random.

    Returns:
        By source name, and "all": the same over all pieces and pairs together.
    """
    was_training = model.training
    model.eval()
    device = next(model.parameters()).device
    # Per source: sum of losses, right pieces, pieces, right pairs, pairs.
    sums = torch.zeros(len(corpus.sources), 5, dtype=torch.float64)
    batches = held_out_batches(
        corpus, tokenizer, max_length=model.config.max_position_embeddings, tokens_per_batch=8192
    )
    for source, on_host in batches:
        batch = on_host.to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            answer, labels = ask(model, batch)
        right_pieces = answer.prediction_logits.argmax(-1) == labels
        is_pair = batch.next_sentence_label != NOT_SCORED
        right_pairs = (answer.seq_relationship_logits.argmax(-1) == batch.next_sentence_label) & is_pair
        loss = masked_lm_loss(answer.prediction_logits, labels) * len(labels)
        row = (loss, right_pieces.sum(), len(labels), right_pairs.sum(), is_pair.sum())
        sums[source] += torch.tensor([float(value) for value in row], dtype=torch.float64)
    model.train(was_training)
    rows = {source.name: row for source, row in zip(corpus.sources, sums, strict=True) if row[2]}
    return {name: _evaluation(row) for name, row in {**rows, "all": sums.sum(0)}.items()}


def _evaluation(sums: Tensor) -> Evaluation:
    """From the sums over batches to means; a source without pairs has a next-sentence accuracy of 0 over 0 pairs."""
    loss, right_pieces, pieces, right_pairs, pairs = sums.tolist()
    return Evaluation(
        masked_lm_loss=loss / pieces,
        masked_lm_accuracy=right_pieces / pieces,
        next_sentence_accuracy=right_pairs / pairs if pairs else 0.0,
        masked_pieces=int(pieces),
        pairs=int(pairs),
    )


def table(by_source: dict[str, Evaluation]) -> str:
    """The figures as a Markdown table."""
    rows = ["| held-out text | masked pieces | right | loss (nats) | pairs | right |", "|---|---|---|---|---|---|"]
    for name, each in by_source.items():
        pairs = f"{each.pairs:,} | {each.next_sentence_accuracy:.1%}" if each.pairs else "– | –"
        rows.append(
            f"| {name} | {each.masked_pieces:,} | {each.masked_lm_accuracy:.1%} | {each.masked_lm_loss:.3f} | {pairs} |"
        )
    return "\n".join(rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("checkpoint", type=Path, help="a Hugging Face folder")
    parser.add_argument("--data", type=Path, required=True, help="the folder of text that it was pre-trained on")


def main(options: argparse.Namespace) -> None:
    """Measure a checkpoint on the held-out documents of a folder of text, and print a table."""
    model, tokenizer = load_checkpoint(options.checkpoint)
    with tempfile.TemporaryDirectory() as cache:
        corpus = open_corpus(find_sources(options.data, {}), tokenizer, Path(cache))
        print(table(evaluate(model, corpus, tokenizer, bfloat16=False)))
