"""The view of positions: the table that the model learned against sines and cosines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.pieces.distance import Curve, CurvesText, distance_curves
from figures.pieces.diverging import DivergingText, Group, vector_rows
from figures.table import to_csv
from lm_core.explain.pieces.positions import cosines_by_distance, products_by_distance, sinusoidal_positions
from ui.appearance import theme
from ui.frame.controls import choice
from ui.frame.downloads import download_button
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.tokens.entrance import switches
from ui.lessons.tokens.guess import guess_the_nearer
from ui.models.shelf import Reading

if TYPE_CHECKING:
    from torch import Tensor

_TALLEST = 520  # pixels of all positions together


def show(words: DeltaGenerator) -> Shown:
    """One of the two tables as a heat map, or both by distance."""
    controls = switches()
    reading = read_sentence()
    tables = {"learned": _("Learned"), "sinusoidal": _("Sines and cosines"), "distance": _("By distance")}
    with controls:
        shown = choice(
            _("Position embeddings"),
            list(tables),
            name="positions",
            shown=lambda name: tables[name],
            label_visible=False,
        )
    learned, sinusoidal = _both(reading)
    if shown == "distance":
        _by_distance(learned, sinusoidal, controls)
    else:
        _table(learned if shown == "learned" else sinusoidal, shown, tables[shown])
    functions = (sinusoidal_positions, products_by_distance, cosines_by_distance)
    computation = (
        f"{imports(cosines_by_distance, products_by_distance, sinusoidal_positions)}"
        "learned = lm.model.body.embeddings.position.weight\n"
        "sinusoidal = sinusoidal_positions(*learned.shape)\n"
        "cosines_by_distance(learned), cosines_by_distance(sinusoidal)",
        "products_by_distance(learned), products_by_distance(sinusoidal)",
    )
    with words:
        guess_the_nearer(reading, is_on_page=False)
    return Shown(functions, computed(reading, *computation), _notice(learned, sinusoidal))


def _notice(*tables: Tensor) -> tuple[str, ...]:
    """Measured statements about the learned table and the formula's."""
    learned, sinusoidal = map(cosines_by_distance, tables)
    return (
        _("Learned positions side by side have a cosine of {near} on average; {far} apart it is {there}.").format(
            near=_cosine(learned, 1), far=min(32, len(learned) - 1), there=_cosine(learned, 32)
        ),
        _("Sines and cosines: {near} side by side, {there} at the same distance.").format(
            near=_cosine(sinusoidal, 1), there=_cosine(sinusoidal, 32)
        ),
        _(
            "Nobody told the model that 5 stands beside 6: it learned that from text. The formula has it built in, and "
            "goes on beyond position {count}, where the learned table ends."
        ).format(count=len(learned)),
    )


def _both(reading: Reading) -> tuple[Tensor, Tensor]:
    """The model's table of positions and the formula's, (position, hidden) each."""
    learned = reading.model.model.body.embeddings.position.weight.float().cpu()
    return learned, sinusoidal_positions(*learned.shape)


def _cosine(curve: Tensor, distance: int) -> str:
    """A value of a curve, at the last distance where it is not that long."""
    return f"{float(curve[min(distance, len(curve) - 1)]):.2f}"


def _table(table: Tensor, name: str, title: str) -> None:
    """All positions, a row each."""
    if name == "sinusoidal":
        st.latex(
            r"\begin{aligned} PE_{(pos,\,2i)} &= \sin\!\left(pos / 10000^{2i/d}\right) \\"
            r"PE_{(pos,\,2i+1)} &= \cos\!\left(pos / 10000^{2i/d}\right) \end{aligned}"
        )
    count, width = table.shape
    show_figure(
        vector_rows(
            [Group(table.numpy(), ())],
            theme=theme(),
            text=DivergingText(dimension=_("dimension"), row=_("position")),
            row_height=_TALLEST / count,
        ),
        key=f"positions {name}",
        file_name=f"positions-{name}",
        alt=_("{title}: {count} positions of {width} numbers as rows of colour").format(
            title=title, count=count, width=width
        ),
    )

    corner = _("position")

    def as_file() -> bytes:
        columns = {str(dimension + 1): table[:, dimension].tolist() for dimension in range(width)}
        return to_csv({corner: [str(position + 1) for position in range(count)], **columns})

    download_button(_("Numbers (CSV)"), as_file, f"positions-{name}.csv", key=f"csv {name}")


def _by_distance(learned: Tensor, sinusoidal: Tensor, controls: DeltaGenerator) -> None:
    """Both tables by distance: how alike two positions are."""
    measures = {"cosine": _("Cosine"), "product": _("Dot product")}
    with controls:
        measure = choice(
            _("Measure"), list(measures), name="measure", shown=lambda name: measures[name], label_visible=False
        )
    compute = cosines_by_distance if measure == "cosine" else products_by_distance
    first, second = compute(learned).tolist(), compute(sinusoidal).tolist()
    show_figure(
        distance_curves(
            Curve(_("Learned"), first),
            Curve(_("Sines and cosines"), second),
            theme=theme(),
            text=CurvesText(
                distance=_("distance between two positions"),
                measure=_("mean cosine") if measure == "cosine" else _("mean dot product"),
            ),
        ),
        key=f"distance {measure}",
        file_name="positions-by-distance",
        alt=_("{measure} of two positions by their distance, learned and from the formula; the table has both.").format(
            measure=measures[measure]
        ),
    )
    rows: list[Row] = [
        {_("distance"): distance, _("Learned"): one, _("Sines and cosines"): other}
        for distance, (one, other) in enumerate(zip(first, second, strict=True))
    ]
    numbers(rows, alt=_("Both by distance"), file_name="positions-by-distance")
