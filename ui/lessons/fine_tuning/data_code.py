"""Steps 1 and 2 as code: ours, as it runs here, and the same in transformers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui.address.session import SHIPPED_MODEL
from ui.frame.controls import switch
from ui.frame.notebook import imports
from ui.i18n import _

if TYPE_CHECKING:
    from lm_core import LanguageModel


def code_beside(model: LanguageModel, labels: Sequence[str]) -> None:
    """A switch, and behind it both.

    Args:
        model: that is loaded.
        labels: that the head tells apart.
    """
    if not switch(_("These steps as code, and the same in transformers"), name="steps_code"):
        return
    with st.container(key="codes"):
        for title, code in (
            ("lm_core", our_code(model.name, labels)),
            ("transformers", their_code(model.name, labels)),
        ):
            with st.container():
                st.caption(title)
                st.code(code, language="python", wrap_lines=True)


def our_code(name: str, labels: Sequence[str]) -> str:
    """The two steps; the function that makes the second stands among the code that ran."""
    from lm_core import load_pretrained
    from lm_core.training.fine_tuning import FineTuningOptions, add_head

    return (
        f"{imports(load_pretrained, FineTuningOptions, add_head)}"
        f"lm = load_pretrained({name!r})\n"
        f"labels = {list(labels)!r}\n"
        "classifier = add_head(lm, labels, FineTuningOptions())"
    )


def their_code(name: str, labels: Sequence[str]) -> str:
    """The same steps; fresh weights come from torch's own generator, so that they are others."""
    return (
        "import torch\n"
        "from transformers import AutoTokenizer\n"
        "from transformers import BertForSequenceClassification\n\n"
        f"folder = {(f'checkpoints/{name}' if name == SHIPPED_MODEL else name)!r}\n"
        f"labels = {list(labels)!r}\n"
        "torch.manual_seed(0)\n"
        "model = BertForSequenceClassification.from_pretrained(\n"
        "    folder,\n"
        "    num_labels=len(labels),\n"
        "    id2label=dict(enumerate(labels)),\n"
        ")\n"
        "tokenizer = AutoTokenizer.from_pretrained(folder)"
    )
