"""The cells of one head by hand: the toy as the reader has it or a head of the model, and the number asked about."""

from __future__ import annotations

from collections.abc import Sequence

from ui.frame.notebook import Cell, imports, reading_cells
from ui.i18n import _
from ui.lessons.attention.toy_head import Toy
from ui.lessons.attention.view import HandView, StepName
from ui.models.shelf import Reading

_WEIGHTS = ("query", "key", "value", "output", "query_bias", "key_bias", "value_bias")


def toy_cells(view: HandView, toy: Toy, step: StepName, cell: tuple[int, int]) -> list[Cell]:
    """The toy as it stands, every matrix of it, and the number."""
    from lm_core.explain.heads.by_hand import HeadWeights, head_steps

    weights = "\n".join(f"    {name}=torch.tensor({getattr(view.weights, name).tolist()})," for name in _WEIGHTS)
    mask = "None" if view.mask is None else f"torch.tensor({view.mask.tolist()})"
    return [
        Cell(
            _("A head small enough to compute by hand. Run this in the folder of LM Glassbox: it needs `lm_core`."),
            "markdown",
        ),
        Cell(
            f"import torch\n\n{imports(HeadWeights, head_steps)}"
            f"tokens = {list(view.tokens)!r}\n"
            f"inputs = torch.tensor({view.steps.inputs.tolist()})\n"
            f"weights = HeadWeights(\n{weights}\n)\n"
            f"mask = {mask}\n"
            f"steps = head_steps(inputs, weights, mask, scaled={toy.scaled})\n"
            "steps.probs"
        ),
        _asked(step, cell),
    ]


def model_cells(reading: Reading, layer: int, head: int, step: StepName, cell: tuple[int, int]) -> list[Cell]:
    """The head of the model, every matrix of it, and the number."""
    from lm_core.explain.heads.by_hand import steps_of, weights_of

    return [
        *reading_cells(reading),
        Cell(
            f"{imports(steps_of, weights_of)}"
            f"layer, head = {layer}, {head}  # counted from 0\n"
            "weights = weights_of(lm, layer, head)\n"
            "steps = steps_of(trace, weights, layer, head)\n"
            "steps.probs"
        ),
        _asked(step, cell),
    ]


def _asked(step: StepName, cell: Sequence[int]) -> Cell:
    """The matrix of the step that is shown, and the number that is asked about."""
    row, column = cell
    return Cell(f"matrix = steps.{step}\nnumber = float(matrix[{row}, {column}])\nmatrix, number")
