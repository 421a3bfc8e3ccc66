"""What is taken along of a film: a row of numbers for each frame, the picture of a head, and the film itself."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from figures.heads.lines import attention_lines
from figures.matrix import matrix_svg
from figures.theme import Theme
from lm_core.explain.training.over_time import heads_moved, mean_entropies
from lm_core.training.film import Film
from ui.address.session import option
from ui.appearance import theme
from ui.film.losses import LossCurve
from ui.film.moment import Moment
from ui.frame.downloads import download_button, picture_button
from ui.frame.numbers import Row, numbers
from ui.i18n import _


def take_away(moment: Moment, curves: Sequence[LossCurve], *, file_name: str) -> None:
    """The picture and the film to download, and the numbers behind a switch."""
    colours, as_matrix = theme(), option("as") == "words"
    titles = _("query (looks)"), _("key (is looked at)")
    with st.container(horizontal=True):
        picture_button(
            f"{file_name}-step-{moment.now.step}-layer-{moment.layer + 1}-head-{moment.head + 1}",
            lambda: matrix_picture(moment, colours) if as_matrix else lines_picture(moment, colours, titles),
            key="take_svg",
        )
        download_button(
            _("Film (safetensors)"), lambda: as_file(moment.film), f"{file_name}.safetensors", key="take_film"
        )
    found = rows(moment, curves) if option("table") == "on" else []  # the switch below reads the same
    numbers(found, alt=_("A row for each frame of the film"), file_name=file_name)


def rows(moment: Moment, curves: Sequence[LossCurve]) -> list[Row]:
    """For each frame the losses, the number that is checked, the head that is shown, the answers and the labels."""
    query, key = moment.cell
    moved = heads_moved(moment.attentions[:1], moment.attentions)[:, moment.layer, moment.head].tolist()
    bits = mean_entropies(moment.attentions)[:, moment.layer, moment.head].tolist()
    found: list[Row] = []
    for place, frame in enumerate(moment.film.frames):
        look = moment.looks[place]
        row: Row = {_("step"): frame.step, _("tokens read"): frame.tokens}
        for curve in curves:
            for line in curve.lines:
                losses = dict(line.points)
                title = _("loss, {kind}: {name}").format(kind=line.name, name=curve.title)
                row[title] = float(losses.get(frame.step, float("nan")))
        row |= {
            _("probability"): float(look.attentions[moment.layer, moment.head, query, key]),
            _("moved (bits)"): moved[place],
            _("entropy (bits)"): bits[place],
        }
        for number, gap in enumerate(look.answers, 1):
            row |= {
                _("answer {number}").format(number=number): gap[0].token,
                _("its probability {number}").format(number=number): gap[0].probability,
            }
        row |= {
            _("label {name}").format(name=name): share
            for name, share in zip(moment.film.labels, look.label_probs, strict=True)
        }
        found.append(row)
    return found


def lines_picture(moment: Moment, colours: Theme, titles: tuple[str, str]) -> str:
    """The head of this moment as lines."""
    return attention_lines(
        moment.look.attentions[moment.layer, moment.head].numpy(),
        moment.probe.tokens,
        theme=colours,
        query_title=titles[0],
        key_title=titles[1],
        special=[place for place, kind in enumerate(moment.kinds) if kind == "special"],
        masked=moment.probe.masked_positions,
    )


def matrix_picture(moment: Moment, colours: Theme) -> str:
    """The head of this moment word by word."""
    probs = moment.look.attentions[moment.layer, moment.head].numpy()
    return matrix_svg(probs, moment.probe.tokens, moment.probe.tokens, theme=colours, is_probability=True)


def as_file(film: Film) -> bytes:
    """The film as `Film.load` reads it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film.safetensors"
        film.save(file)
        return file.read_bytes()
