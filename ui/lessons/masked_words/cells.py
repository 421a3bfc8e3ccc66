"""The cells of masked words: the answers to each gap, and the softmax behind one of them."""

from __future__ import annotations

from ui.frame.notebook import Cell, imports, reading_cells
from ui.i18n import _
from ui.models.shelf import Reading


def answer_cells(reading: Reading, top_k: int, checked: tuple[int, int] | None) -> list[Cell]:
    """The page as cells.

    Args:
        reading: what the page is about.
        top_k: how many answers it shows to each gap.
        checked: position and id of the piece whose probability is written out.
    """
    from lm_core import answer_mask
    from lm_core.explain.words.softmax import softmax_step

    cells = [
        *reading_cells(reading),
        Cell(
            _("The answers to each gap: rank and probability of the piece that stood there, and the entropy in bits."),
            "markdown",
        ),
        Cell(
            f"{imports(answer_mask)}"
            "answers = [\n"
            f"    answer_mask(trace, position, lm.tokenizer, top_k={top_k})\n"
            "    for position in trace.encoding.masked_positions\n"
            "]\n"
            "for answer in answers:\n"
            '    print(f"position {answer.position}: entropy {answer.entropy:.2f} bits, rank {answer.rank}")\n'
            "    for each in answer.predictions:\n"
            '        print(f"    {each.token:20} {each.probability:.6f}")'
        ),
    ]
    if checked is not None:
        position, token_id = checked
        cells += [
            Cell(_("One probability in full: p = e^z / Σ e^z = e^(z − log Σ e^z)."), "markdown"),
            Cell(
                "from math import exp\n\n"
                f"{imports(softmax_step)}"
                f"position, token_id = {position}, {token_id}\n"
                "step = softmax_step(trace, position, token_id)\n"
                "probability = exp(step.logit - step.log_sum_exp)\n"
                "print(lm.tokenizer.token(token_id))\n"
                'print(f"e^({step.logit:.4f} - {step.log_sum_exp:.4f}) = {probability:.6f}")'
            ),
        ]
    return cells
