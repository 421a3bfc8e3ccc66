"""The view of the map: the words of the sentence among their nearest neighbours, and how true the picture is."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.pieces.map import MapText, PointKind, word_map
from lm_core.explain.pieces.projection import (
    Neighbour,
    Projection,
    kept_neighbours,
    nearest_neighbours,
    principal_components,
    whole_words,
)
from ui.address.entries import index_option
from ui.address.session import change
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.tokens.guess import guess_the_nearer, places_of
from ui.models.shelf import Reading
from ui.panels.tokens import show_tokens
from ui.plain import code_span

WORDS = 12  # of the sentence on the map
AROUND = 4  # neighbours of each that are drawn
LISTED = 8  # neighbours of the picked word that are named
COMPARED = 5  # neighbours of each point, by which the map is judged
CHALLENGE = 0.75  # share of them that is kept
CHALLENGE_WORDS = 6  # few words make it too easy


@dataclass(frozen=True, eq=False)
class WordMap:
    """The map, and what it was drawn from."""

    picked: int  # id of the word whose neighbours are listed
    sentence: tuple[int, ...]  # ids of the words of the sentence on it
    ids: tuple[int, ...]  # of all points
    projection: Projection
    neighbours: tuple[Neighbour, ...]  # of the picked word, the nearest first
    kept: float  # share of the true neighbours that are neighbours on the map, 0 to 1
    compared: int  # neighbours of each point, by which this was counted


def show(words: DeltaGenerator) -> Shown:
    """The words to pick, and the map."""
    reading = read_sentence()
    places = places_of(reading)
    if not places:
        st.info(
            _("No word of this sentence is a piece of its own with letters only: there is nothing to put on a map.")
        )
        return Shown(cells=computed(reading))
    asked = index_option("token", len(reading.trace.encoding.tokens))
    picked = asked if asked in places else next(iter(places))
    found = _map(reading, places, places[picked])
    show_tokens(
        reading,
        _("Click a word to see its neighbours. Only words of one piece are on the map."),
        open_positions=places,
        picked=(picked,),
        on_pick=lambda position: change(token=position + 1),
    )
    _figure(reading, found)
    st.caption(
        _(
            "Word embeddings scaled to length 1, seen from the two directions in which these {count} differ most "
            "(PCA). Up to {words} words of the sentence, each with its {around} nearest of all whole words. Where a "
            "word has no room, point at its dot."
        ).format(count=len(found.ids), words=WORDS, around=AROUND)
    )
    numbers(_rows(reading, found), alt=_("The nearest neighbours with their cosine"), file_name="neighbours")
    functions = (nearest_neighbours, principal_components, kept_neighbours)
    computation = (
        "from torch.nn import functional as F\n\n"
        f"{imports(kept_neighbours, nearest_neighbours, principal_components, whole_words)}"
        "embeddings = lm.model.body.embeddings.word.weight\n"
        f"(neighbours,) = nearest_neighbours(\n"
        f"    embeddings, [{found.picked}], whole_words(lm.tokenizer.vocabulary), {LISTED}\n"
        ").values()\n"
        "[(lm.tokenizer.token(each.token_id), each.cosine) for each in neighbours]",
        f"ids = {list(found.ids)}\n"
        "vectors = F.normalize(embeddings[ids], dim=-1)\n"
        "projection = principal_components(vectors)\n"
        f"kept = kept_neighbours(vectors, projection.points, {found.compared})\n"
        "projection.explained, kept",
    )
    with words:
        guess_the_nearer(reading, is_on_page=True)
    return Shown(functions, computed(reading, *computation), _notice(reading, found), _challenge(found))


def _notice(reading: Reading, found: WordMap) -> tuple[str, ...]:
    """The neighbours in the full space, and how many the map keeps."""
    token = reading.model.tokenizer.token
    nearest = ", ".join(f"{code_span(token(each.token_id))} {each.cosine:.2f}" for each in found.neighbours)
    first, second = (percent(float(share)) for share in found.projection.explained)
    return (
        _("Nearest to {word} in all {width} dimensions, by cosine: {nearest}.").format(
            word=code_span(token(found.picked)), width=reading.model.config.hidden_size, nearest=nearest
        ),
        _("The two axes show {first} and {second} of the variance.").format(first=first, second=second),
        _("Of the {count} true nearest neighbours of each point, the map keeps {kept}.").format(
            count=found.compared, kept=percent(found.kept)
        ),
    )


def _challenge(found: WordMap) -> str:
    """A sentence whose map is mostly true."""
    if found.kept >= CHALLENGE and len(found.sentence) >= CHALLENGE_WORDS:
        return _("**Challenge.** ✓ This map keeps {kept} of the neighbours. What makes it easier to draw?").format(
            kept=percent(found.kept)
        )
    return _(
        "**Challenge.** Type {words} different words or more whose map keeps at least {share} of the true neighbours."
    ).format(words=CHALLENGE_WORDS, share=f"{100 * CHALLENGE:.0f}\u00a0%")


def _map(reading: Reading, places: dict[int, int], picked: int) -> WordMap:
    """Neighbours of the words in the full space, and all of them on one plane."""
    from torch.nn import functional as F

    embeddings = reading.model.model.body.embeddings.word.weight.float().cpu()
    among = whole_words(reading.model.tokenizer.vocabulary)
    sentence = tuple(dict.fromkeys([picked, *places.values()]))[:WORDS]
    neighbours = nearest_neighbours(embeddings, sentence, among, LISTED)
    around = [each.token_id for word in sentence for each in neighbours[word][:AROUND]]
    ids = tuple(dict.fromkeys([*sentence, *around]))
    vectors = F.normalize(embeddings[list(ids)], dim=-1)
    projection = principal_components(vectors)
    compared = min(COMPARED, len(ids) - 1)
    return WordMap(
        picked=picked,
        sentence=sentence,
        ids=ids,
        projection=projection,
        neighbours=tuple(neighbours[picked]),
        kept=kept_neighbours(vectors, projection.points, compared),
        compared=compared,
    )


def _figure(reading: Reading, found: WordMap) -> None:
    """All points with their words."""
    kinds: list[PointKind] = [
        "picked" if each == found.picked else "sentence" if each in found.sentence else "neighbour"
        for each in found.ids
    ]
    shares = [percent(float(share)) for share in found.projection.explained]
    show_figure(
        word_map(
            found.projection.points.numpy(),
            [reading.model.tokenizer.token(each) for each in found.ids],
            kinds,
            theme=theme(),
            text=MapText(
                axes=(
                    _("first axis: {share} of the variance").format(share=shares[0]),
                    _("second axis: {share} of the variance").format(share=shares[1]),
                ),
                kinds={
                    "picked": _("the word you picked"),
                    "sentence": _("words of the sentence"),
                    "neighbour": _("their neighbours"),
                },
            ),
        ),
        key="word_map",
        file_name="map",
        alt=_("A map of {count} words; the table has the neighbours of the picked one.").format(count=len(found.ids)),
    )


def _rows(reading: Reading, found: WordMap) -> list[Row]:
    """The neighbours of the picked word."""
    return [
        {
            _("rank"): rank,
            _("piece"): reading.model.tokenizer.token(each.token_id),
            _("id"): each.token_id,
            _("cosine"): each.cosine,
        }
        for rank, each in enumerate(found.neighbours, 1)
    ]
