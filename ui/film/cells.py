"""The cells of a film: the file that is taken along, a moment of it, and what has changed until then."""

from __future__ import annotations

from ui.film.moment import Moment
from ui.frame.notebook import Cell, imports
from ui.i18n import _


def film_cells(moment: Moment, *, file_name: str) -> list[Cell]:
    """The moment that is shown, the number that is checked, and how far each head has moved."""
    from lm_core.explain.training.over_time import heads_moved, moved_most
    from lm_core.training.film import Film

    query, key = moment.cell
    return [
        Cell(
            _(
                "The numbers of a film of LM Glassbox, read again. Run this in the folder of LM Glassbox, with the "
                "file that the button “Film (safetensors)” gives: it needs `lm_core` and no more."
            ),
            "markdown",
        ),
        Cell(
            "from pathlib import Path\n\n"
            f"{imports(Film)}"
            f'film = Film.load(Path("{file_name}.safetensors"))\n'
            "[frame.step for frame in film.frames]"
        ),
        Cell(_("One moment: the attention of one head, the answers, and the labels where there are some."), "markdown"),
        Cell(
            f"probe, step = {moment.place}, {moment.now.step}  # the sentence counted from 0\n"
            f"layer, head, query, key = {moment.layer}, {moment.head}, {query}, {key}  # counted from 0\n"
            "look = film.nearest(step).looks[probe]\n"
            "tokens = film.probes[probe].tokens\n"
            'print(f"{tokens[query]} looks at {tokens[key]}: {look.attentions[layer, head, query, key]:.6f}")\n'
            "for gap in look.answers:\n"
            '    print([(answer.token, f"{answer.probability:.6f}") for answer in gap])\n'
            "dict(zip(film.labels, look.label_probs))"
        ),
        Cell(_("How far each head has moved since the first frame, in bits."), "markdown"),
        Cell(
            f"{imports(heads_moved, moved_most)}"
            "moved = heads_moved(film.frames[0].looks[probe].attentions, look.attentions)\n"
            "print(moved)\n"
            "[(layer + 1, head + 1) for layer, head in moved_most(moved, 3)]  # counted from 1"
        ),
    ]
