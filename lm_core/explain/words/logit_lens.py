"""The logit lens: what the masked-word head would answer, were it put on the output of an earlier layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel, Trace
from lm_core.explain.words.prediction import MaskAnswer, read_answer
from lm_core.explain.words.softmax import SoftmaxStep, softmax_of


@dataclass(frozen=True, eq=False)
class LogitLens:
    """The answers at one masked position, from the embeddings on.

    Only the last is the model's. The head was trained on the last layer's output alone: what it makes of an earlier
    one says where the vectors lie as this head sees them, not all that they hold (Belrose et al. 2023, §2).
    """

    position: int
    logits: Tensor  # (stage, vocab) the embeddings' first, then each layer's; the last are the model's own
    answers: tuple[MaskAnswer, ...]  # one for each stage

    @property
    def settled(self) -> int:
        """The first stage from which on the model's first answer comes first."""
        final = self.answers[-1].predictions[0].token_id
        others = [stage for stage, answer in enumerate(self.answers) if answer.predictions[0].token_id != final]
        return others[-1] + 1 if others else 0


@dataclass(frozen=True)
class LensStep:
    """How one probability of the lens comes about."""

    product: float  # of the transformed hidden state and the piece's embedding
    bias: float  # of the piece; the logit is the sum of the two
    softmax: SoftmaxStep  # from the logit to the probability


@torch.inference_mode()
def logit_lens(lm: LanguageModel, trace: Trace, position: int, top_k: int = 5) -> LogitLens:
    """Put the masked-word head on every layer's output (nostalgebraist 2020, for GPT-2; here with BERT's whole head).

    Args:
        lm: whose head.
        trace: of a text in which something is masked, as this model read it.
        position: one of `trace.encoding.masked_positions`.
        top_k: how many predictions to give at each stage.

    Raises:
        ValueError: nothing is masked at the position.
    """
    encoding = trace.encoding
    if position not in encoding.masked_positions:
        raise ValueError(f"position {position} is not one of the masked {encoding.masked_positions}")
    earlier = torch.stack([hidden_states[0, position] for hidden_states in trace.hidden_states[:-1]])
    logits = lm.model.masked_lm(earlier.to(lm.device), lm.model.body.embeddings.word.weight).float().cpu()
    logits = torch.cat([logits, trace.prediction_logits[0, position, None]])
    original_id = encoding.original_ids[position]
    log_probs = logits.double().log_softmax(dim=-1)
    answers = tuple(read_answer(each, position, original_id, lm.tokenizer, top_k) for each in log_probs)
    return LogitLens(position, logits, answers)


@torch.inference_mode()
def lens_step(lm: LanguageModel, trace: Trace, lens: LogitLens, stage: int, token_id: int) -> LensStep:
    """Write out one probability of the lens: the product with a piece's embedding, its bias, and the softmax.

    Args:
        lm, trace: as of `logit_lens`.
        lens: what it returned.
        stage: 0 for the embeddings, then the number of a layer.
        token_id: of the piece.
    """
    head, weight = lm.model.masked_lm, lm.model.body.embeddings.word.weight
    transformed = head.transformed(trace.hidden_states[stage][0, lens.position].to(lm.device, weight.dtype))
    product = transformed.double() @ weight[token_id].double()
    return LensStep(float(product), float(head.bias[token_id]), softmax_of(lens.logits[stage], token_id))
