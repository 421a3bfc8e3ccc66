"""Step 3 as code: with lm_core, and how the same is done with transformers, by hand or by its Trainer."""

from __future__ import annotations

import streamlit as st

from lm_core import load_pretrained
from lm_core.training.fine_tuning import FineTuningOptions, FineTuningPlan
from ui.frame.controls import choice
from ui.frame.notebook import imports
from ui.i18n import _
from ui.lessons.fine_tuning.cells import beginning


def code_beside(plan: FineTuningPlan) -> None:
    """The code of this training in three ways."""
    ways = {"ours": "lm_core", "loop": _("transformers, a loop"), "trainer": _("transformers, its Trainer")}
    way = choice(_("Written with"), list(ways), name="way", shown=lambda name: ways[name], label_visible=False)
    code = {"ours": ours, "loop": loop, "trainer": trainer}[way](plan)
    st.code(code, language="python", wrap_lines=True)
    if way != "ours":
        st.caption(
            _(
                "`train` and `held_out` hold the texts and the numbers of their labels. The batches come in another "
                "order than here, so the numbers differ a little."
            )
        )


def ours(plan: FineTuningPlan) -> str:
    """With lm_core."""
    return (
        f"{imports(load_pretrained, FineTuningOptions, FineTuningPlan)}"
        f"{beginning(plan)}"
        "while not training.is_done:\n"
        "    for step in training.advance(10):\n"
        "        print(step.step, step.losses, step.learning_rate)\n"
        "print(training.history.held_out[-1].accuracies)"
    )


def loop(plan: FineTuningPlan) -> str:
    """With transformers' model and torch's optimizer."""
    options = plan.options
    schedule = {
        "linear": "get_linear_schedule_with_warmup",
        "cosine": "get_cosine_schedule_with_warmup",
        "constant": "get_constant_schedule_with_warmup",
    }[options.schedule]
    counts = f"{round(options.warmup_share * plan.total_steps)}"
    if options.schedule != "constant":
        counts += f", {plan.total_steps}"
    return (
        "import torch\n"
        f"from transformers import AutoTokenizer, BertForSequenceClassification, {schedule}\n\n"
        f"torch.manual_seed({options.seed})\n"
        f"checkpoint = {_folder(plan)!r}\n"
        "tokenizer = AutoTokenizer.from_pretrained(checkpoint)\n"
        f"{_model(plan)}"
        f"{_freezing(options)}"
        "learned = [weight for weight in model.parameters() if weight.requires_grad]\n"
        f"optimizer = torch.optim.AdamW(learned, lr={options.learning_rate}, betas=(0.9, 0.98), eps=1e-6, "
        f"weight_decay={options.weight_decay})\n"
        f"schedule = {schedule}(optimizer, {counts})\n"
        f"batches = torch.utils.data.DataLoader(train, {options.batch_size}, shuffle=True)\n\n"
        "model.train()\n"
        "step = 0\n"
        f"while step < {plan.total_steps}:\n"
        "    for texts, labels in batches:\n"
        "        inputs = tokenizer(list(texts), padding=True, truncation=True, return_tensors='pt')\n"
        "        loss = model(**inputs, labels=labels).loss\n"
        "        loss.backward()\n"
        "        torch.nn.utils.clip_grad_norm_(learned, 1.0)\n"
        "        optimizer.step()\n"
        "        schedule.step()\n"
        "        optimizer.zero_grad()\n"
        "        step += 1\n"
        f"        if step == {plan.total_steps}:\n"
        "            break"
    )


def trainer(plan: FineTuningPlan) -> str:
    """With transformers' Trainer."""
    options = plan.options
    warmup = round(options.warmup_share * plan.total_steps)
    kind = "constant_with_warmup" if options.schedule == "constant" else options.schedule
    return (
        "from transformers import (\n    AutoTokenizer, BertForSequenceClassification, DataCollatorWithPadding, "
        "Trainer, TrainingArguments\n)\n\n"
        f"checkpoint = {_folder(plan)!r}\n"
        "tokenizer = AutoTokenizer.from_pretrained(checkpoint)\n"
        f"{_model(plan)}"
        f"{_freezing(options)}"
        "\n\ndef encode(rows):\n"
        "    return [{**tokenizer(text, truncation=True), 'labels': label} for text, label in rows]\n\n\n"
        "trainer = Trainer(\n"
        "    model,\n"
        "    TrainingArguments(\n"
        "        'output',\n"
        f"        learning_rate={options.learning_rate},\n"
        f"        lr_scheduler_type={kind!r},\n"
        f"        warmup_steps={warmup},\n"
        f"        max_steps={plan.total_steps},\n"
        f"        per_device_train_batch_size={options.batch_size},\n"
        f"        weight_decay={options.weight_decay},\n"
        "        max_grad_norm=1.0,\n"
        "        eval_strategy='steps',\n"
        f"        bf16={options.bfloat16},\n"
        f"        seed={options.seed},\n"
        "    ),\n"
        "    train_dataset=encode(train),\n"
        "    eval_dataset=encode(held_out),\n"
        "    data_collator=DataCollatorWithPadding(tokenizer),\n"
        ")\n"
        "trainer.train()\n"
        "trainer.evaluate()"
    )


def _folder(plan: FineTuningPlan) -> str:
    """Where transformers finds the model: the shipped one lies in a folder of ours."""
    return "checkpoints/compact-bert" if plan.model == "compact-bert" else plan.model


def _model(plan: FineTuningPlan) -> str:
    """The line that makes the model, from the checkpoint or from its shape alone."""
    labels, dropout = len(plan.labels), plan.options.dropout
    changes = f"num_labels={labels}, hidden_dropout_prob={dropout}, attention_probs_dropout_prob={dropout}"
    if plan.options.start == "pretrained":
        return f"model = BertForSequenceClassification.from_pretrained(checkpoint, {changes})\n"
    return (
        "from transformers import BertConfig\n\n"
        f"model = BertForSequenceClassification(BertConfig.from_pretrained(checkpoint, {changes}))\n"
    )


def _freezing(options: FineTuningOptions) -> str:
    """The lines that keep a part of the body as it is."""
    if options.frozen_layers is None:
        return ""
    return (
        f"for part in (model.bert.embeddings, *model.bert.encoder.layer[:{options.frozen_layers}]):\n"
        "    part.requires_grad_(False)\n"
    )
