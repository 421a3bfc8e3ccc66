"""The card of a model that was fine-tuned here: README.md as the Hugging Face hub reads it, written from the run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from lm_core.checkpoints.pretrained import SHIPPED_NAME
from lm_core.explain.training.confusion import Judged
from lm_core.runs.pool import Snapshot
from lm_core.training.fine_tuning import FineTuningPlan

_MOST_MEASUREMENTS = 25  # rows of the table of the course
_LONGEST = 200  # characters of a name from outside

_SHIPPED_ORIGIN = (
    "The base model is `compact-bert` of LM Glassbox, under **CC BY-SA 4.0**; these weights are derived from it, "
    "and so are "
    "under the same licence. It was pre-trained on text of English Wikipedia (CC BY-SA 3.0), Project Gutenberg (public "
    "domain in the US), movie reviews (Pang and Lee, CC BY 4.0), TinyStories (Eldan and Li 2023, "
    "CDLA-Sharing-1.0), speeches "
    "(public domain), African Storybook and Pratham StoryWeaver (CC BY), Grimm's fairy tales (public domain), "
    "Tatoeba (CC BY "
    "2.0 FR) and scenes of everyday life written for LM Glassbox (CC BY-SA 4.0)."
)


def model_card(plan: FineTuningPlan, snapshot: Snapshot, judged: Judged, *, step: int, half: bool) -> str:
    """The card, in English as is the custom there.

    Args:
        plan: of the run.
        snapshot: what happened in it.
        judged: what the model answers to all held-out examples.
        step: that the model had come to; what happened later is left out.
        half: whether the weights are stored as float16.
    """
    is_shipped = plan.model == SHIPPED_NAME
    name = f"BERT that labels texts: {_code(plan.data or 'own examples')}"
    state = "" if step >= snapshot.total_steps or snapshot.stopped_early else f" of {snapshot.total_steps:,} planned"
    parts = [
        _front_matter(is_shipped),
        f"# {name}",
        f"Fine-tuned with LM Glassbox from {_code(plan.model)}: a head on the pooled [CLS], trained together "
        f"with the body "
        f"(Devlin et al. 2019, §4.1). It was trained for {step:,} steps{state}"
        f"{', and stopped early' if snapshot.stopped_early else ''}. "
        f"The weights are stored as {'float16' if half else 'float32'}.",
        "## How to load it",
        _LOADING,
        "## What it was trained on",
        f"{_code(plan.data or 'own examples')}: {len(plan.train.rows):,} examples to learn from, "
        f"{len(plan.held_out.rows):,} held out.",
        _table(
            ("label", "number", "learned from", "held out"),
            [
                (_code(label), number, plan.train.balance[label], plan.held_out.balance[label])
                for number, label in enumerate(plan.labels)
            ],
        ),
        "## How well it does",
        f"On all {len(judged.truths):,} held-out examples: accuracy **{judged.accuracy:.4f}**, macro-F1 "
        f"**{judged.macro_f1:.4f}**.",
        _table(
            ("label", "precision", "recall", "F1", *(f"taken for {_code(label)}" for label in plan.labels)),
            [
                (_code(label), f"{score.precision:.4f}", f"{score.recall:.4f}", f"{score.f1:.4f}", *row)
                for label, score, row in zip(plan.labels, judged.scores, judged.confusion.tolist(), strict=True)
            ],
        ),
        "## Its course",
        "Measured while it trained, on at most 256 of the held-out examples; `metrics.csv` has every step.",
        _course(snapshot, step),
        "## How it was trained",
        "`plan.json` holds the whole plan, the examples included: whoever has it can do the run again.",
        _table(("option", "value"), [(_code(key), _code(value)) for key, value in asdict(plan.options).items()]),
        "## Origin and licence",
        _SHIPPED_ORIGIN
        if is_shipped
        else f"The base model is {_code(plan.model)}. Its licence holds for these weights, too: look it up where "
        f"it came "
        "from.",
        "The examples are those of whoever trained it: LM Glassbox does not know their licence.",
        "## What it is not for",
        "It was made to learn how models learn, from few examples in a few minutes. It was never tested for any "
        "decision "
        "about people, and it repeats what is one-sided in its examples and in the text of its base model.",
    ]
    return "\n\n".join(parts) + "\n"


_LOADING = """```python
from transformers import AutoTokenizer, BertForSequenceClassification, pipeline

folder = "the folder that you have unzipped this into"
model = BertForSequenceClassification.from_pretrained(folder)
tokenizer = AutoTokenizer.from_pretrained(folder)
pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None)("A sentence of your own.")
```

With the code of LM Glassbox, which gives the same numbers:

```python
from lm_core import load_classifier

classifier = load_classifier(folder)
classifier.label_probs(["A sentence of your own."])  # (text, label), labels in the order of classifier.labels
classifier.lm.fill_mask("The body still answers [MASK] words.")
```

`pretraining_heads.safetensors` holds the heads that the body was pre-trained with; `transformers` does not look at it.
LM Glassbox reads this zip again under “Bring a model back”."""


def _front_matter(is_shipped: bool) -> str:
    """What the hub reads: YAML, with nothing in it from outside."""
    licence = "cc-by-sa-4.0\nlanguage: en" if is_shipped else "other"
    return f"""---
license: {licence}
library_name: transformers
pipeline_tag: text-classification
tags:
- bert
- text-classification
- lm-glassbox
---"""


def _course(snapshot: Snapshot, step: int) -> str:
    """Held-out loss and accuracy along the run; of many measurements some, the first and the last among them."""
    measured = [each for each in snapshot.held_out if each.step <= step]
    stride = max(1, -(-len(measured) // _MOST_MEASUREMENTS))
    chosen = [*measured[::stride], *(measured[-1:] if (len(measured) - 1) % stride else ())]
    return _table(
        ("step", "held-out loss (nats)", "held-out accuracy"),
        [
            (each.step, f"{sum(each.losses.values()):.4f}", f"{next(iter(each.accuracies.values())):.4f}")
            for each in chosen
        ],
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; cells from outside come as `_code`."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _code(text: object) -> str:
    """Text from outside as a Markdown code span that can also stand in a table."""
    flat = re.sub(r"[\s\x00-\x1f\x7f\u2028\u2029]+", " ", str(text)).strip()[:_LONGEST] or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", flat)), default=0))
    padded = f" {flat} " if "`" in flat else flat
    return f"{fence}{padded}{fence}".replace("|", "\\|")
