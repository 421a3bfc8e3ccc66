"""The cells of many heads: the matrix of one head, what is measured on it, and one probability in full."""

from __future__ import annotations

from ui.frame.notebook import Cell, imports, reading_cells
from ui.i18n import _
from ui.lessons.many_heads.check import asked
from ui.panels.attention import HeadView


def attention_cells(view: HeadView) -> list[Cell]:
    """The head that is shown, and the probability that is checked."""
    from lm_core.explain.heads.attention import explain_probability, summarise

    query, key = asked(view)
    return [
        *reading_cells(view.reading),
        Cell(
            _("The attention of one head: a row for each query (looks), a column for each key (is looked at)."),
            "markdown",
        ),
        Cell(
            f"layer, head = {view.layer}, {view.head}  # counted from 0\n"
            "probs = trace.attentions[layer][0, head]\n"
            "probs"
        ),
        Cell(_("What is measured on it: entropy in bits, and the shares of its attention."), "markdown"),
        Cell(f"{imports(summarise)}summary = summarise(trace.attentions[layer], head, trace.encoding)\nsummary"),
        Cell(_("One probability in full: the dot product, divided by √d, through the softmax."), "markdown"),
        Cell(
            f"{imports(explain_probability)}"
            f"query, key = {query}, {key}  # counted from 0\n"
            "number = explain_probability(trace.layers[layer].attention, head, query, key)\n"
            'print(f"{trace.encoding.tokens[query]} looks at {trace.encoding.tokens[key]}")\n'
            'print(f"score {number.dot_product:.4f} / √{number.head_dim} = {number.score:.4f}")\n'
            'print(f"probability {number.exponential:.4f} / {number.row_sum:.4f} = {number.probability:.6f}")'
        ),
    ]
