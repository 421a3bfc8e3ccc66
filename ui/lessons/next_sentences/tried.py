"""What the reader has tried in this session, each pair with its P(IsNext), in one figure."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from figures.bars import percent
from figures.sentences.captioned_bars import PairBar, PairBarsText, pair_bars
from lm_core.errors import InputError
from ui.address.session import session
from ui.appearance import theme
from ui.frame.asked import judged
from ui.frame.figure import show_figure
from ui.frame.numbers import numbers
from ui.i18n import _
from ui.lessons.next_sentences.pair_examples import KINDS, kind_of
from ui.lessons.next_sentences.state import NextSentencesState
from ui.models.shelf import Reading

MOST = 8  # pairs in the figure; the one tried longest ago goes first


@dataclass(frozen=True)
class Tried:
    """One pair as the reader's model judges it now."""

    first: str
    second: str
    kind: str  # one of KINDS
    probability: float  # P(IsNext)


def tried(reading: Reading, probability: float) -> list[Tried]:
    """The pairs of this session, the one on the page among them.

    Args:
        reading: of the pair on the page.
        probability: of this very reading.
    """
    now = _texts(reading)
    here = session().kept(NextSentencesState).tried
    if now not in here:
        here.append(now)
    while len(here) > MOST:
        here.remove(next(pair for pair in here if pair != now))
    found = []
    for first, second in list(here):
        try:
            number = probability if (first, second) == now else judged(reading, first, second).probability
        except InputError:  # another model may read nothing of it
            continue
        found.append(Tried(first, second, kind_of(first, second), number))
    return found


def show_tried(reading: Reading, pairs: list[Tried]) -> None:
    """The figure, its numbers, and a way to begin anew."""
    now = _texts(reading)
    current = next(place for place, pair in enumerate(pairs) if (pair.first, pair.second) == now)
    show_figure(
        pair_bars(
            [PairBar(_(KINDS[pair.kind]), pair.second, pair.probability) for pair in pairs],
            theme=theme(),
            text=PairBarsText(probability=_("P(IsNext)")),
            current=current,
        ),
        key="tried",
        file_name="next-sentences",
        alt=_("P(IsNext) of the pairs that were tried: {pairs}").format(
            pairs=", ".join(f"{_(KINDS[pair.kind])} {percent(pair.probability)}" for pair in pairs)
        ),
    )
    with st.container(key="switches", horizontal=True, gap="large", vertical_alignment="center"):
        if len(pairs) > 1:
            st.button(
                _("Forget what was tried"),
                type="tertiary",
                key="forget",
                on_click=session().kept(NextSentencesState).tried.clear,
            )
    numbers(
        [
            {_("kind"): _(KINDS[pair.kind]), "A": pair.first, "B": pair.second, "P(IsNext)": pair.probability}
            for pair in pairs
        ],
        alt=_("The pairs that were tried, with P(IsNext)"),
        file_name="next-sentences",
        number_format="%.6f",
    )


def _texts(reading: Reading) -> tuple[str, str]:
    """A and B as they were asked."""
    return reading.view.sentence, reading.trace.encoding.text_pair or ""
