"""A run of training as cells of a notebook: the same data, the same plan, the same numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from lm_core import load_pretrained
from lm_core.explain.together import hide
from lm_core.explain.training.confusion import judge_examples
from lm_core.explain.training.head_changes import head_changes
from lm_core.explain.training.label_words import label_probs_of
from lm_core.explain.training.over_time import moved_most
from lm_core.text.examples import Example, Examples
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan, add_head
from ui.address.session import view
from ui.frame.notebook import OWN_FOLDER, Cell, imports, own_model_note
from ui.i18n import _
from ui.lessons.fine_tuning.run_models import MOST_HELD_OUT, SENTENCES_FOR_HEADS, RunModels
from ui.models.own import is_own

if TYPE_CHECKING:
    from lm_core import Encoding

MOST_INSIDE = 150_000  # characters of data inside a notebook; more lies beside it
TRAIN_FILE, HELD_OUT_FILE = "train.tsv", "held_out.tsv"


def is_small(plan: FineTuningPlan) -> bool:
    """Whether the data of a run have room inside a notebook."""
    rows = (*plan.train.rows, *plan.held_out.rows)
    return sum(len(row.text) + len(row.text_pair or "") + len(row.label) for row in rows) <= MOST_INSIDE


def training_cells(run: RunModels) -> list[Cell]:
    """The run from its beginning to the step that is looked at: `plan`, `experiment`, `before` and `after`."""
    plan = run.plan
    return [
        Cell(
            _(
                "A training of LM Glassbox, done again from its plan, and the numbers that its page shows. Run "
                "this in the folder "
                "of LM Glassbox: it needs `lm_core` and no more."
            ),
            "markdown",
        ),
        *own_model_note(plan.model),
        Cell(
            "import torch\n\n"
            f"{imports(load_pretrained, Example, Examples, FineTuningOptions, FineTuningPlan, add_head)}"
            "torch.set_num_threads(1)  # the same sums in the same order as on the page"
        ),
        *_data_cells(plan),
        Cell(_("The plan fixes everything: whoever has it can do the run again."), "markdown"),
        Cell(_plan_source(plan)),
        Cell(
            "experiment = plan.begin(load_pretrained)\n"
            f"metrics = experiment.advance({run.step})\n"
            "for each in experiment.history.held_out:\n"
            "    print(f\"step {each.step}: held-out loss {each.losses['label']:.6f}, accuracy "
            "{each.accuracies['label']:.6f}\")"
        ),
        Cell(
            "before = add_head(load_pretrained(plan.model), plan.labels, plan.options)\n"
            "after = experiment.classifier\n"
            "for classifier in (before, after):\n"
            "    classifier.model.eval()"
        ),
    ]


def comparison_cells(run: RunModels) -> list[Cell]:
    """The run, and both confusion matrices with their figures."""
    count = min(len(run.plan.held_out.rows), MOST_HELD_OUT)
    return [
        *training_cells(run),
        Cell(_("Both models on the held-out examples."), "markdown"),
        Cell(
            f"{imports(judge_examples)}"
            f"rows = plan.held_out.rows\nchosen = Examples(tuple(rows[n * len(rows) // {count}] for n in "
            f"range({count})))\n"
            'judged = {"before": judge_examples(before, chosen), "after": judge_examples(after, chosen)}\n'
            "for side, each in judged.items():\n"
            '    print(f"{side}: accuracy {each.accuracy:.4f}, macro-F1 {each.macro_f1:.4f}")\n'
            "    print(each.confusion)"
        ),
    ]


def heads_cells(run: RunModels) -> list[Cell]:
    """The run, and how much each head has changed."""
    count = min(len(run.plan.held_out.rows), SENTENCES_FOR_HEADS)
    return [
        *training_cells(run),
        Cell(_("How much each head has changed, in bits."), "markdown"),
        Cell(
            f"{imports(head_changes, moved_most)}"
            f"rows = plan.held_out.rows\nchosen = [rows[n * len(rows) // {count}] for n in range({count})]\n"
            "bits = head_changes(before.lm, after.lm, [(row.text, row.text_pair) for row in chosen])\n"
            "print(bits)\n"
            "print(moved_most(bits, 3))  # (layer, head), counted from 0"
        ),
    ]


def sentence_cells(run: RunModels, encoding: Encoding) -> list[Cell]:
    """The run, and the labels of both models for the reader's sentence."""
    masked = [number for number, word in enumerate(encoding.words) if word.positions[0] in encoding.masked_positions]
    return [
        *training_cells(run),
        Cell(
            f"{imports(label_probs_of, hide)}"
            f"encoding = after.lm.encode({view().sentence!r}, masked_words={masked!r})\n"
            "for classifier in (before, after):\n"
            "    (probs,) = label_probs_of(classifier, [hide(encoding, (), after.lm.tokenizer.mask_id)]).tolist()\n"
            "    print({label: round(prob, 6) for label, prob in zip(plan.labels, probs)})"
        ),
    ]


def prediction_cells(run: RunModels, texts: Sequence[str]) -> list[Cell]:
    """The run, and what its model says to some texts."""
    return [
        *training_cells(run),
        Cell(
            f"texts = {list(texts)!r}\n"
            "probs = after.label_probs(texts)\n"
            "for text, row in zip(texts, probs.tolist()):\n"
            "    print(text, {label: round(prob, 6) for label, prob in zip(plan.labels, row)})"
        ),
    ]


def as_tsv(examples: Examples) -> str:
    """Examples as tab-separated values with a header, as the notebook reads them again; a field is JSON."""
    return "".join(
        "\t".join(json.dumps(field, ensure_ascii=False) for field in _fields(row)) + "\n" for row in examples.rows
    )


def _data_cells(plan: FineTuningPlan) -> list[Cell]:
    """The data inside the notebook; or, where they are large, read from two files beside it."""
    parts = {"train": plan.train, "held_out": plan.held_out}
    if is_small(plan):
        return [
            Cell(f"{name} = Examples((\n" + "".join(f"    {_example_source(row)},\n" for row in part.rows) + "))")
            for name, part in parts.items()
        ]
    return [
        Cell(
            _("The data are too many for a notebook: they lie beside it in the zip with the notebook."),
            "markdown",
        ),
        Cell(
            "import json\nfrom pathlib import Path\n\n\n"
            "def read(file):\n"
            '    """Examples, a line each: the fields of an example, each as JSON, with tabs between them."""\n'
            '    lines = Path(file).read_text(encoding="utf-8").split("\\n")[:-1]\n'
            '    return Examples(tuple(Example(*map(json.loads, line.split("\\t"))) for line in lines))\n\n\n'
            f"train, held_out = read({TRAIN_FILE!r}), read({HELD_OUT_FILE!r})"
        ),
    ]


def _fields(row: Example) -> tuple[str | None, ...]:
    return (row.text, row.label, row.text_pair, row.kind, row.level)


def _example_source(row: Example) -> str:
    """An example as code, without what it does not have."""
    fields = list(_fields(row))
    while fields[-1] in (None, ""):
        fields.pop()
    return f"Example({', '.join(map(repr, fields))})"


def _plan_source(plan: FineTuningPlan) -> str:
    """The plan as code; options that are the usual ones are written out, too."""
    options = "".join(f"        {name}={value!r},\n" for name, value in asdict(plan.options).items())
    model = OWN_FOLDER if is_own(plan.model) else plan.model
    return (
        "plan = FineTuningPlan(\n"
        f"    model={model!r},\n"
        "    train=train,\n    held_out=held_out,\n"
        f"    options=FineTuningOptions(\n{options}    ),\n"
        f"    probes={plan.probes!r},\n    data={plan.data!r},\n)"
    )
