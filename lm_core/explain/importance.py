"""What an answer loses without a head: the same sentence once more, with this head turned off."""

from __future__ import annotations

import math

import torch

from lm_core.pretrained import LanguageModel, Trace


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
    head_mask = torch.ones(model.config.num_hidden_layers, model.config.num_attention_heads, device=model.device)
    head_mask[layer, head] = 0.0
    answer = model.model(
        torch.tensor([encoding.input_ids], device=model.device),
        torch.tensor([encoding.token_type_ids], device=model.device),
        scored_positions=torch.tensor(positions, device=model.device),
        head_mask=head_mask,
    )
    without = answer.prediction_logits.double().cpu().log_softmax(dim=-1)
    whole = trace.prediction_logits[0, positions].double().log_softmax(dim=-1)
    asked = torch.tensor([encoding.original_ids[position] for position in positions])
    asked = torch.where(asked == model.tokenizer.mask_id, whole.argmax(dim=-1), asked)[:, None]
    return float((whole.gather(1, asked) - without.gather(1, asked)).mean()) / math.log(2)
