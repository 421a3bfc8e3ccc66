"""What the model puts in place of a masked word, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import Prediction, Trace, most_probable
from lm_core.text.tokenization import Tokenizer


@dataclass(frozen=True)
class MaskAnswer:
    """The model's answer at one masked position, beside the piece that stood there."""

    position: int
    predictions: tuple[Prediction, ...]  # the most probable first
    original: Prediction | None  # the piece that was masked; None where the reader typed [MASK]
    rank: int | None  # of the original among all pieces, from 1
    entropy: float  # bits, between 0 (certain) and log2 of the vocabulary (no idea)


def answer_mask(trace: Trace, position: int, tokenizer: Tokenizer, top_k: int = 10) -> MaskAnswer:
    """Read the answer at a masked position off a trace.

    Args:
        trace: of a text in which something is masked.
        position: one of `trace.encoding.masked_positions`.
        tokenizer: the one that encoded the text.
        top_k: how many predictions to give.

    Raises:
        ValueError: nothing is masked at the position.
    """
    encoding = trace.encoding
    if position not in encoding.masked_positions:
        raise ValueError(f"position {position} is not one of the masked {encoding.masked_positions}")
    log_probs = trace.prediction_logits[0, position].double().log_softmax(dim=-1)
    return read_answer(log_probs, position, encoding.original_ids[position], tokenizer, top_k)


def read_answer(
    log_probs: Tensor, position: int, original_id: int, tokenizer: Tokenizer, top_k: int = 10
) -> MaskAnswer:
    """Read an answer off the log-probabilities at one position, whichever pass they come from.

    Args:
        log_probs: (vocab,) nats, in double precision.
        position: where they were asked for.
        original_id: of the piece that stood there; that of [MASK] where nobody knows.
        tokenizer: the one that encoded the text.
        top_k: how many predictions to give.
    """
    probs = log_probs.exp()
    is_known = original_id != tokenizer.mask_id
    original = Prediction(tokenizer.token(original_id), original_id, float(probs[original_id]))
    return MaskAnswer(
        position=position,
        predictions=tuple(most_probable(probs, tokenizer, top_k)),
        original=original if is_known else None,
        rank=1 + int((log_probs > log_probs[original_id]).sum()) if is_known else None,
        entropy=float(torch.special.entr(probs).sum()) / math.log(2),
    )
