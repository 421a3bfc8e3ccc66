"""Fine-tuning the shipped model beside transformers' Trainer: time to an accuracy; 0.6 of Trainer's is the aim.

The files are tab-separated with a header, text and label; plain or .xz. All learn from the same folder with the same
epochs, batches and schedule, and take turns of as many steps in one process, so that a change of the machine's pace
falls on all alike. Measuring on the held-out examples is not timed.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import transformers

from benchmarks.trainer_in_turns import Turn, trainer_in_turns
from lm_core.checkpoints.pretrained import LanguageModel, load_pretrained
from lm_core.text.examples import Example, Examples
from lm_core.text.labelled import EncodedExamples
from lm_core.text.naive_bayes import learn
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan


@dataclass
class Course:
    """How far a contestant has come."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    accuracy: float = 0.0
    reached: tuple[float, float] | None = None  # seconds and processor seconds until the accuracy asked for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--model", help="a name or a folder; the shipped model if it is not given")
    parser.add_argument("--reach", type=float, default=0.77, help="the accuracy to which time is counted")
    parser.add_argument("--threads", type=int, default=1, help="the app trains with one")
    parser.add_argument("--turns", type=int, default=20, help="in which a run is cut, with a measurement after each")
    parser.add_argument("--learning-rate", type=float, default=FineTuningOptions.learning_rate)
    parser.add_argument("--batch", type=int, default=FineTuningOptions.batch_size)
    parser.add_argument("--epochs", type=float, default=FineTuningOptions.epochs)
    parser.add_argument("--dropout", type=float, default=FineTuningOptions.dropout)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--bfloat16", action=argparse.BooleanOptionalAction, default=True, help="ours; Trainer does both"
    )
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    lm = load_pretrained(asked.model, device="cpu")
    train, dev = read(asked.train), read(asked.dev)
    options = FineTuningOptions(
        learning_rate=asked.learning_rate,
        batch_size=asked.batch,
        epochs=asked.epochs,
        dropout=asked.dropout,
        bfloat16=asked.bfloat16,
        seed=asked.seed,
    )
    steps = math.ceil(options.num_steps(len(train.rows)) / asked.turns)
    contestants = {
        "ours": ours(lm, train, options, steps),
        "Trainer, float32": trainer_in_turns(lm, train, options, steps, bfloat16=False),
        "Trainer, bfloat16": trainer_in_turns(lm, train, options, steps, bfloat16=True),
        "ours, from nothing": ours(lm, train, replace(options, start="nothing"), steps),
    }
    next(ours(lm, train, options, steps=2))  # the very first steps load what PyTorch loads late
    held_out = EncodedExamples.of(dev, train.labels, lm.tokenizer, max_length=lm.config.max_position_embeddings)
    print(f"{len(train.rows)} examples, {asked.threads} thread(s), torch {torch.__version__}, {options}")
    print(f"naive Bayes        accuracy {learn(train).accuracy(dev):.3f}")
    tell(take_turns(contestants, held_out, asked.reach), asked.reach)


def read(file: Path) -> Examples:
    """Labelled texts from a file."""
    with lzma.open(file, "rt", encoding="utf-8") if file.suffix == ".xz" else file.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return Examples(tuple(Example(row["text"], row["label"]) for row in rows))


def take_turns(contestants: dict[str, Iterator[Turn]], dev: EncodedExamples, reach: float) -> dict[str, Course]:
    """Let each train for a turn, again and again, and measure all after it."""
    courses = {name: Course() for name in contestants}
    going = dict(contestants)
    while going:
        for name, contestant in list(going.items()):
            turn = next(contestant, None)
            if turn is None:
                del going[name]
                continue
            course = courses[name]
            course.seconds += turn.seconds
            course.processor_seconds += turn.processor_seconds
            course.accuracy = float((turn.logits(dev).argmax(-1).numpy() == dev.labels).mean())
            if course.reached is None and course.accuracy >= reach:
                course.reached = (course.seconds, course.processor_seconds)
        said = (f"{name} {course.accuracy:.3f} ({course.processor_seconds:.0f} s)" for name, course in courses.items())
        if going:
            print("  " + ", ".join(said), flush=True)
    return courses


def tell(courses: dict[str, Course], reach: float) -> None:
    """Print accuracies, times and ratios; in parentheses processor seconds."""
    mine = courses["ours"]
    for name, course in courses.items():
        print(
            f"{name:18} accuracy {course.accuracy:.3f}  {course.seconds:.0f} s ({course.processor_seconds:.0f} s)",
            end="",
        )
        print(
            "" if course.reached is None else f"  {reach} after {course.reached[0]:.0f} s ({course.reached[1]:.0f} s)"
        )
    for name in ("Trainer, float32", "Trainer, bfloat16"):
        other = courses[name]
        whole = f"{mine.seconds / other.seconds:.2f} ({mine.processor_seconds / other.processor_seconds:.2f})"
        print(f"ours / {name:18} the whole run {whole}", end="")
        if mine.reached is None or other.reached is None:
            print(f", to {reach}: not reached by {'ours' if mine.reached is None else 'Trainer'}")
        else:
            first, second = (a / b for a, b in zip(mine.reached, other.reached, strict=True))
            print(f", to {reach} {first:.2f} ({second:.2f})")


def ours(lm: LanguageModel, train: Examples, options: FineTuningOptions, steps: int) -> Iterator[Turn]:
    """Our engine. It measures itself on one example, since a run without any cannot be planned."""
    run = FineTuningPlan(lm.name, train, Examples(train.rows[:1]), options).begin(lambda _: lm)
    while not run.is_done:
        start = time.perf_counter(), time.process_time()
        run.advance(steps)
        yield Turn(time.perf_counter() - start[0], time.process_time() - start[1], run.classifier.label_logits)


if __name__ == "__main__":
    main()
