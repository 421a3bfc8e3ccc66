"""The numbers of the lesson on pre-training as cells of a notebook."""

from __future__ import annotations

from ui.frame.notebook import Cell, about_page, imports
from ui.lessons.pretraining.source import WORKADAY, SmallText


def text_cells(text: SmallText, sentence: str, size: int) -> list[Cell]:
    """The text, its vocabulary of one size, and the sentence cut by it."""
    from lm_core.explain.pieces.merges import merges, whole_word_share, word_counts
    from lm_core.text.small_text import learn_vocabulary, read_text

    return [
        about_page(),
        source_cell(text.text, is_ours=text.name == WORKADAY),
        Cell(
            f"{imports(merges, whole_word_share, word_counts, learn_vocabulary, read_text)}"
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


def source_cell(text: str, *, is_ours: bool) -> Cell:
    """The text that the cells of this lesson go on from: `text`.

    Args:
        text: all of it.
        is_ours: whether it is the one that lies beside the app, and need not be written out.
    """
    if is_ours:
        return Cell('from pathlib import Path\n\ntext = Path("corpora/workaday.txt").read_text(encoding="utf-8")')
    return Cell(f"text = {text!r}")
