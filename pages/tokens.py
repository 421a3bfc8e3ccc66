"""Tokens and positions: pieces and ids, the three embeddings, what positions are for, and the map of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui.address.entries import text_entry
from ui.address.examples import LONGEST_SENTENCE
from ui.frame import lesson
from ui.frame.controls import choice
from ui.i18n import _

lesson.heading(
    _("What does the model read?"),
    _("Not words: numbered pieces, and for each a vector that says what it is, where it stands and in which sentence."),
)
words, stage = lesson.columns()
functions: Sequence[Callable[..., object]] = ()
cells: Sequence[Cell] = ()

views = {
    "pieces": _("Pieces"),
    "embeddings": _("Embeddings"),
    "positions": _("Positions"),
    "swap": _("Swap words"),
    "map": _("Map"),
}
with stage:
    shown = choice(_("View"), list(views), name="view", shown=lambda name: views[name], label_visible=False)
    controls = st.empty() if shown == "map" else st.container(key="switches", horizontal=True)
pair = ""
if shown in ("pieces", "embeddings"):
    with controls:
        pair = text_entry(_("Second sentence (English)"), name="pair", longest=LONGEST_SENTENCE, placeholder=_("none"))

read = {
    "pieces": _(
        "**Read.** A vocabulary of a few thousand pieces has to spell every word. WordPiece looks for the longest "
        "beginning of the word that the vocabulary has, then goes on with the rest; a piece that continues a word is "
        "written with ## in front. Of each piece the model gets a number, its id. [CLS] and [SEP] mark where the "
        "input begins and where a sentence ends."
    ),
    "embeddings": _(
        "**Read.** Three tables turn a token into a vector: one has a row for every piece, one for every position, "
        "one for each segment. The three rows are added up, and a norm brings the sum to a common scale. This is all "
        "that the first layer sees. Move along the dimensions, and check any number of them."
    ),
    "positions": _(
        "**Read.** Attention does not know the order of words; it has to be told. BERT learned a vector for every "
        "position from text. The first Transformer took sines and cosines instead: fast waves at the left, slow ones "
        "at the right. In both, positions that are near each other should look alike."
    ),
    "swap": _(
        "**Read.** “The dog bit the man” and “the man bit the dog” have the same pieces. Only the position embedding "
        "tells them apart. Swap two words and see which vectors change, from the embedding to the last layer; then "
        "leave the position embedding out."
    ),
    "map": _(
        "**Read.** Words that occur in like places got like vectors. Nobody can see so many dimensions, so the "
        "map shows the two directions in which these words differ most. It is only a shadow: words that lie "
        "together on it may be far apart. The list of neighbours comes from the full space."
    ),
}[shown]

with words:
    st.markdown(read)
    guess = st.container()
    notice, challenge = st.empty(), st.empty()

with stage, lesson.failures_told():
    reading = lesson.read_sentence(pair if pair.strip() else None)

    # Not before the words are on the page: what computes and what draws takes its time to be imported.
    from ui.frame.notebook import Cell, reading_cells
    from ui.lessons.tokens import embeddings, pieces, positions, swap
    from ui.lessons.tokens import guess as tokens_guess
    from ui.lessons.tokens import map as tokens_map

    show = {
        "pieces": pieces.show,
        "embeddings": embeddings.show,
        "positions": positions.show,
        "swap": swap.show,
        "map": tokens_map.show,
    }[shown]
    found = show(reading, controls)
    if found.noticed:
        lead = _("**Notice.** Measured just now:")
        notice.markdown("\n".join([lead, "", *(f"- {statement}" for statement in found.noticed)]))
    if found.challenge:
        challenge.markdown(found.challenge)
    functions = found.functions
    cells = [*reading_cells(reading), *(Cell(source) for source in found.computation)]
    with guess:
        tokens_guess.guess_the_nearer(reading, is_on_page=shown == "map")

lesson.foot("tokens", functions, cells)
