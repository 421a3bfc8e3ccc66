"""transformers' Trainer, made to wait after every so many steps, so that another training can take turns with it."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import (
    AutoTokenizer,
    BertForSequenceClassification,
    DataCollatorWithPadding,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.text.examples import Examples
from lm_core.text.labelled import EncodedExamples
from lm_core.training.fine_tuning import FineTuningOptions

BATCH = 64  # of a measurement


@dataclass(frozen=True)
class Turn:
    """So many steps of one contestant."""

    seconds: float
    processor_seconds: float
    logits: Callable[[EncodedExamples], Tensor]  # of the model as it is now


def trainer_in_turns(
    lm: LanguageModel, train: Examples, options: FineTuningOptions, steps: int, *, bfloat16: bool
) -> Iterator[Turn]:
    """Trainer on the same folder, with its own defaults for the rest; it has a thread, and waits between turns."""
    tokenizer = AutoTokenizer.from_pretrained(lm.folder)
    model = BertForSequenceClassification.from_pretrained(
        lm.folder,
        num_labels=len(train.labels),
        hidden_dropout_prob=options.dropout,
        attention_probs_dropout_prob=options.dropout,
    )
    rows = [{**tokenizer(row.text, truncation=True), "labels": train.labels.index(row.label)} for row in train.rows]
    turns = _Turns(steps)
    threads = torch.get_num_threads()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model,
            TrainingArguments(
                output_dir=folder,
                per_device_train_batch_size=options.batch_size,
                num_train_epochs=options.epochs,
                learning_rate=options.learning_rate,
                lr_scheduler_type="linear",
                warmup_steps=round(options.warmup_share * options.num_steps(len(rows))),
                weight_decay=options.weight_decay,
                adam_beta2=0.98,
                adam_epsilon=1e-6,
                bf16=bfloat16,
                use_cpu=True,
                seed=options.seed,
                save_strategy="no",
                logging_strategy="no",
                report_to="none",
                disable_tqdm=True,
            ),
            data_collator=DataCollatorWithPadding(tokenizer),
            train_dataset=rows,
            callbacks=[turns],
        )

        trainer.remove_callback(PrinterCallback)

        def train_in_turns() -> None:
            torch.set_num_threads(threads)  # a new thread has the machine's number
            trainer.train()
            turns.end()

        thread = threading.Thread(target=train_in_turns, daemon=True)
        thread.start()
        while (taken := turns.take()) is not None:
            yield Turn(*taken, lambda dev: _logits(model, dev))
        thread.join()


class _Turns(TrainerCallback):  # type: ignore[misc]
    """Holds a training up after every so many steps until it is asked for the next."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._may_go, self._has_stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._taken: tuple[float, float] | None = None
        self._start = (0.0, 0.0)

    def take(self) -> tuple[float, float] | None:
        """Let it train for a turn; the seconds and processor seconds of that, None after the end."""
        self._taken = None
        self._may_go.release()
        self._has_stopped.acquire()
        return self._taken

    def _wait(self) -> None:
        """Wait to be asked."""
        self._may_go.acquire()
        self._start = time.perf_counter(), time.process_time()

    def end(self) -> None:
        """Say that there is nothing more."""
        self._has_stopped.release()

    def on_train_begin(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Wait for the first turn: setting up is not timed."""
        self._wait()

    def on_step_end(self, _arguments: Any, state: Any, _control: Any, **_: Any) -> None:  # noqa: ANN401
        """Hand over where a turn ends."""
        if state.global_step % self._steps == 0 or state.global_step == state.max_steps:
            self._taken = time.perf_counter() - self._start[0], time.process_time() - self._start[1]
            self._has_stopped.release()
            self._wait()


@torch.no_grad()
def _logits(model: BertForSequenceClassification, dev: EncodedExamples) -> Tensor:
    """(text, label) scores of their model, measured like ours; Trainer sets it back to training by itself."""
    model.eval()
    answers = []
    for first in range(0, len(dev), BATCH):
        batch = dev.batch(np.arange(first, min(first + BATCH, len(dev))))
        answers.append(model(batch.input_ids, batch.attention_mask, batch.token_type_ids).logits)
    return torch.cat(answers)
