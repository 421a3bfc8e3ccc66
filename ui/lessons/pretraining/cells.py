"""The numbers of the lesson on pre-training as cells of a notebook."""

from __future__ import annotations

from ui.frame.notebook import Cell
from ui.i18n import _
from ui.lessons.pretraining.source import WORKADAY, SmallText


def text_cells(text: SmallText, sentence: str, size: int) -> list[Cell]:
    """The text, its vocabulary of one size, and the sentence cut by it."""
    return [
        *source_cells(text),
        Cell(
            "from lm_core.explain.pieces.merges import merges, whole_word_share, word_counts\n"
            "from lm_core.text.small_text import learn_vocabulary, read_text\n\n"
            "documents = read_text(text)\n"
            f"tokenizer = learn_vocabulary(documents, {size})\n"
            "sentences = [sentence for document in documents for sentence in document]\n"
            f"tokenizer.encode({sentence!r}, max_length=64).tokens"
        ),
        Cell(
            "for step, merge in enumerate(merges(sentences, tokenizer), 1):\n"
            '    print(f"{step:4} {merge.left:>12} + {merge.right:12} → {merge.piece:16} {merge.count:,} times")'
        ),
        Cell("whole_word_share(word_counts(sentences, tokenizer), tokenizer)"),
    ]


def source_cells(text: SmallText) -> list[Cell]:
    """The text that the cells of this lesson go on from: `text`."""
    read = (
        'from pathlib import Path\n\ntext = Path("corpora/workaday.txt").read_text(encoding="utf-8")'
        if text.name == WORKADAY
        else f"text = {text.text!r}"
    )
    return [
        Cell(
            _(
                "The numbers of a page of LM Glassbox, computed again. Run this in the folder of LM Glassbox: it needs "
                "`lm_core` and no more."
            ),
            "markdown",
        ),
        Cell(read),
    ]
