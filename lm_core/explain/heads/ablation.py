"""What the answers lose when heads are turned off, and so how much each head matters for them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection
from itertools import product

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel, Trace
from lm_core.errors import InputError
from lm_core.explain.words.changes import AnswerChange, answer_change
from lm_core.text.tokenization import Tokenizer
from lm_core.transformer.config import TransformerConfig

Head = tuple[int, int]
"""A head by its layer and its number in the layer, both from 0."""


def head_mask_without(config: TransformerConfig, heads_off: Collection[Head]) -> Tensor:
    """The factors that turn some heads off, as a model's `head_mask` wants them.

    Returns:
        (layer, head) 0 for each head that is off, 1 for all others.

    Raises:
        ValueError: one of them is not there.
    """
    mask = torch.ones(config.num_hidden_layers, config.num_attention_heads)
    for layer, head in heads_off:
        if not (0 <= layer < mask.shape[0] and 0 <= head < mask.shape[1]):
            raise ValueError(f"heads_off: ({layer}, {head}) is no head of (layer, head) = {tuple(mask.shape)}")
        mask[layer, head] = 0
    return mask


def random_heads(config: TransformerConfig, count: int, seed: int) -> frozenset[Head]:
    """So many heads drawn at random; the same seed draws the same ones.

    Raises:
        ValueError: there are not so many.
    """
    heads = [(layer, head) for layer in range(config.num_hidden_layers) for head in range(config.num_attention_heads)]
    if not 0 <= count <= len(heads):
        raise ValueError(f"count: {count} is not between 0 and the {len(heads)} heads there are")
    return frozenset(random.Random(seed).sample(heads, count))


def compare_answers(before: Trace, after: Trace, position: int, tokenizer: Tokenizer, top_k: int = 4) -> AnswerChange:
    """Hold the answer at a masked position against the one of another pass over the same text.

    Args:
        before: the pass with all heads on.
        after: the pass with some off.
        position: one of `before.encoding.masked_positions`.
        tokenizer: the one that encoded the text.
        top_k: how many of the best answers of each pass to give.

    Raises:
        ValueError: nothing is masked at the position.
    """
    original_id = before.encoding.original_ids[position]
    if position not in before.encoding.masked_positions:
        raise ValueError(f"position {position} is not one of the masked {before.encoding.masked_positions}")
    first, second = (trace.prediction_logits[0, position] for trace in (before, after))
    return answer_change(first, second, position, original_id, tokenizer, top_k)


def next_sentence_probability(trace: Trace) -> float:
    """The probability that the second sentence followed the first, between 0 and 1, read off a trace of a pair."""
    return float(trace.seq_relationship_logits[0].double().softmax(dim=-1)[0])


@torch.inference_mode()
def loss_without_head(model: LanguageModel, trace: Trace, layer: int, head: int) -> float:
    """What the answers at masked positions lose when one head is turned off (as in Michel et al. 2019, §3.2).

    At each masked position the piece that stood there counts, or where the reader typed [MASK] the one that the whole
    model finds most probable.

    Args:
        model: who answered.
        trace: of its answer with all heads, to a text in which something is masked.
        layer, head: which head to turn off, from 0.

    Returns:
        How far the logarithm of the probability falls, in bits, the mean over the masked positions: 1 bit halves the
        probability; negative where the answer is more probable without the head.

    Raises:
        ValueError: nothing is masked.
    """
    encoding = trace.encoding
    positions = list(encoding.masked_positions)
    if not positions:
        raise ValueError("trace: nothing is masked, so there is no answer to lose")
    answer = model.model(
        torch.tensor([encoding.input_ids], device=model.device),
        torch.tensor([encoding.token_type_ids], device=model.device),
        scored_positions=torch.tensor(positions, device=model.device),
        head_mask=head_mask_without(model.config, [(layer, head)]).to(model.device),
    )
    without, whole = _log_probs(answer.prediction_logits), _log_probs(trace.prediction_logits[0, positions])
    asked = torch.tensor([encoding.original_ids[position] for position in positions])
    asked = torch.where(asked == model.tokenizer.mask_id, whole.argmax(dim=-1), asked)[:, None]
    return float((whole.gather(1, asked) - without.gather(1, asked)).mean()) / math.log(2)


def head_importance(
    lm: LanguageModel,
    text: str,
    masked_words: Collection[int] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """How much worse the masked words are answered without each head, one head at a time (Michel et al. 2019, §3.2).

    A head's importance is the mean over the masked positions of what the log-probability of the target loses when
    this head alone is off. The target is the piece that stood there; where the text says [MASK], the model's answer
    with all heads on. It is measured on this text: another text may need other heads.

    Args:
        lm: the model that is asked, once for each head and once with all on.
        text: as in `lm.encode`.
        masked_words: numbers of words of the text, from 0, that are hidden.
        on_progress: called after each head with how many are done, and of how many.

    Returns:
        (layer, head) in bits, of which one halves a probability; positive where the answers need the head, negative
        where they are better without it.

    Raises:
        InputError: nothing is masked.
    """
    trace = lm.trace(text, masked_words=masked_words)
    if not trace.encoding.masked_positions:
        raise InputError("Hide a word first: how much a head matters is measured on the answers to it.")
    importance = torch.zeros(lm.config.num_hidden_layers, lm.config.num_attention_heads)
    every_head = product(range(importance.shape[0]), range(importance.shape[1]))
    for number, (layer, head) in enumerate(every_head, 1):
        importance[layer, head] = loss_without_head(lm, trace, layer, head)
        if on_progress is not None:
            on_progress(number, importance.numel())
    return importance


def _log_probs(logits: Tensor) -> Tensor:
    """(..., vocab) on the processor in double precision, so that small differences are not rounded away."""
    return logits.to("cpu", torch.float64).log_softmax(dim=-1)
