"""Time of a forward pass, fast and traced, against transformers' BertModel with the same weights; 0.9 is the aim.

Processor time is counted, so that what else the machine does does not.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from lm_core.checkpoints.hugging_face import hugging_face_name, settings_of
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import TransformerModel

SHAPES = ((1, 16), (1, 64), (8, 128))  # batch × positions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each pair that is compared")
    parser.add_argument("--threads", type=int, default=1, help="the app computes with one")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    ours = TransformerModel(TransformerConfig()).eval().requires_grad_(False)
    sdpa, eager = their_model(ours, "sdpa"), their_model(ours, "eager")

    def fast(input_ids: Tensor) -> Tensor:
        output: Tensor = ours(input_ids).output
        return output

    def traced(input_ids: Tensor) -> Tensor:
        output: Tensor = ours(input_ids, trace=True).output
        return output

    def their_fast(input_ids: Tensor) -> Tensor:
        output: Tensor = sdpa(input_ids).last_hidden_state
        return output

    def their_traced(input_ids: Tensor) -> Tensor:
        output: Tensor = eager(input_ids, output_attentions=True, output_hidden_states=True).last_hidden_state
        return output

    for batch, length in SHAPES:
        input_ids = torch.randint(0, ours.config.vocab_size, (batch, length))
        for name, mine, theirs in (("fast / sdpa", fast, their_fast), ("traced / eager", traced, their_traced)):
            compare(f"{name:14} {batch} × {length:3}", mine, theirs, input_ids, options.seconds)


def their_model(ours: TransformerModel, attention: str) -> BertModel:
    """A BertModel with our weights in it."""
    theirs = BertModel(BertConfig(**settings_of(ours.config), attn_implementation=attention))
    names = {name: hugging_face_name(f"body.{name}").removeprefix("bert.") for name in ours.state_dict()}
    theirs.load_state_dict({names[name]: parameter for name, parameter in ours.state_dict().items()})
    return theirs.eval().requires_grad_(False)


@torch.inference_mode()
def compare(
    name: str,
    ours: Callable[[Tensor], Tensor],
    theirs: Callable[[Tensor], Tensor],
    input_ids: Tensor,
    seconds: float,
) -> None:
    """Run both in turn, so that a change of the machine's pace falls on both alike, and print the medians' ratio."""
    torch.testing.assert_close(ours(input_ids), theirs(input_ids), atol=1e-5, rtol=1e-5)
    times: tuple[list[float], list[float]] = ([], [])
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for run, taken in zip((ours, theirs), times, strict=True):
            start = time.process_time()
            run(input_ids)
            taken.append(time.process_time() - start)
    mine, other = (statistics.median(taken) * 1000 for taken in times)
    print(f"{name}  {mine:6.2f} ms / {other:6.2f} ms = {mine / other:.2f}  ({len(times[0])} runs each)", flush=True)


if __name__ == "__main__":
    main()
