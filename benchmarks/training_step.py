"""Time of a pre-training step against transformers' BertForPreTraining under the same settings; 0.9 is the aim."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from transformers import BertConfig, BertForPreTraining

from lm_core.checkpoints.hugging_face import hugging_face_name, settings_of
from lm_core.text.batching import PreTrainingBatch
from lm_core.text.masking import NOT_SCORED
from lm_core.training.objectives import pretraining_scores
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel

Loss = Callable[[PreTrainingBatch], Tensor]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5, help="of each model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    device = torch.device(options.device)
    ours = PreTrainingModel(TransformerConfig()).to(device)
    sdpa, eager = their_model(ours, "sdpa").to(device), their_model(ours, "eager").to(device)
    batch = questions(options.batch, options.length, ours.config.vocab_size).to(device)

    def our_loss(batch: PreTrainingBatch) -> Tensor:
        return torch.stack([scored.loss for scored in pretraining_scores(ours, batch).values()]).sum()

    losses = {"ours": our_loss, "sdpa": loss_of(sdpa), "eager": loss_of(eager)}
    models = {"ours": ours, "sdpa": sdpa, "eager": eager}
    check_that_they_agree(models, losses, batch)
    steps = {name: training_step(model, losses[name], batch) for name, model in models.items()}
    times: dict[str, list[float]] = {name: [] for name in models}
    for turn in range(options.steps + 1):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            if turn:  # the first step warms up
                times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    shape = f"{options.batch} × {options.length}"
    for name in ("sdpa", "eager"):
        mine, other = medians["ours"] * 1000, medians[name] * 1000
        print(f"step of {shape} / {name:5}  {mine:7.1f} ms / {other:7.1f} ms = {mine / other:.2f}")


def their_model(ours: PreTrainingModel, attention: str) -> BertForPreTraining:
    """A BertForPreTraining with our weights in it; its decoder is tied to its embedding, as ours is."""
    theirs = BertForPreTraining(BertConfig(**settings_of(ours.config), attn_implementation=attention))
    state = {hugging_face_name(name): parameter for name, parameter in ours.state_dict().items()}
    theirs.load_state_dict(state, strict=False)
    theirs.tie_weights()
    return theirs


def questions(batch: int, length: int, vocab_size: int) -> PreTrainingBatch:
    """Random pieces, 15 % of them asked for, a tenth of the positions padding."""
    input_ids = torch.randint(5, vocab_size, (batch, length))
    attention_mask = (torch.arange(length) < torch.randint(length * 4 // 5, length + 1, (batch, 1))).long()
    is_asked = (torch.rand(batch, length) < 0.15) & attention_mask.bool()
    return PreTrainingBatch(
        input_ids=input_ids,
        token_type_ids=(torch.arange(length) >= length // 2).long().expand(batch, length),
        attention_mask=attention_mask,
        labels=input_ids.where(is_asked, NOT_SCORED),
        next_sentence_label=torch.randint(0, 2, (batch,)),
    )


def loss_of(theirs: BertForPreTraining) -> Loss:
    """Both losses as Hugging Face's model adds them up."""

    def loss(batch: PreTrainingBatch) -> Tensor:
        answer: Tensor = theirs(
            batch.input_ids,
            token_type_ids=batch.token_type_ids,
            attention_mask=batch.attention_mask,
            labels=batch.labels,
            next_sentence_label=batch.next_sentence_label,
        ).loss
        return answer

    return loss


@torch.no_grad()
def check_that_they_agree(models: dict[str, nn.Module], losses: dict[str, Loss], batch: PreTrainingBatch) -> None:
    """The same question has the same loss, so that the same work is timed."""
    for model in models.values():
        model.eval()
    for loss in losses.values():
        torch.testing.assert_close(loss(batch), losses["ours"](batch), atol=1e-5, rtol=1e-5)
    for model in models.values():
        model.train()


def training_step(model: nn.Module, loss: Loss, batch: PreTrainingBatch) -> Callable[[], None]:
    """A step as the pre-training takes it: bfloat16 autocast, clipped gradients, fused AdamW."""
    optimizer = AdamW(model.parameters(), lr=1e-4, fused=True)

    def step() -> None:
        with torch.autocast(batch.input_ids.device.type, torch.bfloat16):
            value = loss(batch)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        value.item()  # waits for a GPU

    return step


if __name__ == "__main__":
    main()
