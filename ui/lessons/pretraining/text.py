"""The view of the text and its pieces: what is read, how the vocabulary grows, and how a sentence is cut by it."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.curves import Curve, curves
from figures.pieces.frequencies import frequencies
from lm_core.explain.pieces.merges import merges, piece_counts, whole_word_share, word_counts
from lm_core.text.small_text import HELD_OUT_ONE_IN, learn_vocabulary, read_text
from lm_core.text.tokenization import SPECIAL_TOKENS, Encoding
from ui.address.session import change, option, view
from ui.appearance import theme
from ui.components.token_row import Token, token_row
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.pretraining.cells import text_cells
from ui.lessons.pretraining.learned_pieces import LearnedPieces, learned_pieces, size_picker
from ui.lessons.pretraining.merge_check import merge_written_out
from ui.lessons.pretraining.notes import guess_what_is_joined, text_challenge, text_notice
from ui.lessons.pretraining.source import SmallText, chosen_text, text_picker
from ui.plain import code_span

_POSITIONS = 128  # of the sentence that is cut
_COMPARED = (100, 200, 500, 1000, 2000)  # sizes in the list of cuts


def show(words: DeltaGenerator) -> Shown:
    """What is read, the slider, the sentence as it is cut, and a figure.

    Args:
        words: the column of words.

    Raises:
        InputError: there is no text that can be learned from.
    """
    text_picker()
    text = chosen_text()
    st.markdown(_what_is_read(text))
    with st.spinner(_("The vocabulary is being learned …")):
        learned = learned_pieces(text)
    size = size_picker(learned)
    sentence = view().sentence
    encoding = learned.tokenizer(size).encode(sentence, max_length=_POSITIONS)
    if encoding.truncated_at is not None:
        st.warning(
            _("Your sentence is longer than {positions} tokens: nothing is shown from {rest} on.").format(
                positions=_POSITIONS, rest=code_span(sentence[encoding.truncated_at : encoding.truncated_at + 30])
            )
        )
    _row(learned, encoding)
    names = {
        "cuts": _("Cut at several sizes"),
        "growth": _("Words in one piece"),
        "frequency": _("How frequent"),
    }
    figure = choice(_("Figure"), list(names), name="figure", shown=lambda name: names[name], label_visible=False)
    show_figure = {
        "cuts": partial(_cuts, learned, sentence, size),
        "growth": partial(_growth, learned, size),
        "frequency": partial(_frequency, learned, encoding, size),
    }
    show_figure[figure]()
    merge_written_out(learned, size, asked=option("piece"))
    with words:
        guess_what_is_joined(learned, size)
        st.markdown(text_notice(learned, encoding, size))
        st.markdown(text_challenge(learned, sentence, size))
    return Shown((read_text, learn_vocabulary, merges, word_counts, whole_word_share), text_cells(text, sentence, size))


def _what_is_read(text: SmallText) -> str:
    """How much there is to read, and how much of it is kept back."""
    held_out = text.held_out
    return _(
        "{documents} documents, {sentences} sentences, {words} words. One document in {every}, {held_out} in all with "
        "{held_out_sentences} sentences, is held out: the weights never learn from it. The vocabulary is that of the "
        "whole text."
    ).format(
        documents=f"{len(text.documents):,}",
        sentences=f"{len(text.sentences):,}",
        words=f"{sum(len(sentence.split()) for sentence in text.sentences):,}",
        every=HELD_OUT_ONE_IN,
        held_out=f"{len(held_out):,}",
        held_out_sentences=f"{sum(map(len, held_out)):,}",
    )


def _row(learned: LearnedPieces, encoding: Encoding) -> None:
    """The reader's sentence as a model with this vocabulary would get it; the ids are the order of learning."""
    last = len(encoding.tokens) - 1
    known = {merge.piece for merge in learned.merges}

    def pick(position: int) -> None:
        change(piece=encoding.tokens[position])

    token_row(
        [
            Token(
                piece,
                id_,
                0,
                "special" if position in (0, last) else "masked" if position in encoding.masked_positions else "word",
            )
            for position, (piece, id_) in enumerate(zip(encoding.tokens, encoding.input_ids, strict=True))
        ],
        key="small_tokens",
        labels={
            "hint": _(
                "Your sentence in these pieces; the number below is the id, the order of learning. Click a piece."
            ),
            "token": _("{token}: position {position}, id {id}"),
        },
        open_positions=[position for position, piece in enumerate(encoding.tokens) if piece in known],
        picked=[position for position, piece in enumerate(encoding.tokens) if piece == option("piece")],
        on_pick=pick,
        with_segments=False,
    )


def _cuts(learned: LearnedPieces, sentence: str, size: int) -> None:
    """The same sentence at a few sizes, one under the other."""
    sizes = sorted({learned.smallest, size, len(learned.pieces)} | {learned.size_at_most(each) for each in _COMPARED})
    rows: list[Row] = []
    for each in sizes:
        tokens = learned.tokenizer(each).encode(sentence, max_length=4 * _POSITIONS).tokens[1:-1]
        rows.append({_("vocabulary"): each, _("tokens"): len(tokens), _("cut"): " ".join(tokens)})
        name = f"**{each:,}**" if each == size else f"{each:,}"
        st.markdown(
            _("{size} pieces, {tokens} tokens: {cut}").format(
                size=name, tokens=len(tokens), cut=" ".join(map(code_span, tokens))
            )
        )
    numbers(rows, alt=_("Your sentence, cut by vocabularies of several sizes"), file_name="cuts")


def _growth(learned: LearnedPieces, size: int) -> None:
    """The share of the words that are one piece, against the size of the vocabulary."""
    steps = sorted({learned.smallest, 100, 150, 200, 300, 500, 700, 1000, 1400, 2000, 2800, len(learned.pieces), size})
    sizes = [step for step in steps if learned.smallest <= step <= len(learned.pieces)]
    whole = [100 * whole_word_share(learned.words, learned.tokenizer(step)) for step in sizes]
    kinds = [100 * whole_word_share(dict.fromkeys(learned.words, 1), learned.tokenizer(step)) for step in sizes]
    colours = theme()
    show_figure(
        curves(
            sizes,
            [
                Curve(_("of the running text"), whole, colours.accent),
                Curve(_("of all different words"), kinds, colours.query),
            ],
            theme=colours,
            x_title=_("pieces in the vocabulary"),
            y_title=_("words that are one piece (%)"),
            x_is_log=True,
        ),
        key="growth",
        file_name="whole-words",
        alt=_("Share of words that are one piece: {shares}").format(
            shares=", ".join(f"{step}: {share:.0f} %" for step, share in zip(sizes, whole, strict=True))
        ),
    )
    numbers(
        [
            {_("vocabulary"): step, _("whole, of the running text (%)"): one, _("whole, of all words (%)"): other}
            for step, one, other in zip(sizes, whole, kinds, strict=True)
        ],
        alt=_("Share of words that are one piece"),
        file_name="whole-words",
    )


def _frequency(learned: LearnedPieces, encoding: Encoding, size: int) -> None:
    """How often each piece stands in the text, by rank; those of the reader's sentence stand out."""
    counted = piece_counts(learned.words, learned.tokenizer(size)).most_common()
    total = sum(count for _piece, count in counted)
    show_figure(
        frequencies(
            [piece for piece, _count in counted],
            [count for _piece, count in counted],
            theme=theme(),
            x_title=_("rank of the piece"),
            y_title=_("times in the text"),
            marked=set(encoding.tokens) - set(SPECIAL_TOKENS),
        ),
        key="frequency",
        file_name="frequencies",
        alt=_("How often the pieces stand in the text; the most frequent: {pieces}").format(
            pieces=", ".join(f"{piece} {count}" for piece, count in counted[:8])
        ),
    )
    ten = sum(count for _piece, count in counted[:10])
    st.caption(
        _("The ten most frequent pieces make up {share} of the text. In colour: the pieces of your sentence.").format(
            share=percent(ten / total)
        )
    )
    numbers(
        [
            {_("rank"): rank, _("piece"): piece, _("times"): count, _("share (%)"): 100 * count / total}
            for rank, (piece, count) in enumerate(counted, 1)
        ],
        alt=_("The pieces by how often they stand in the text"),
        file_name="frequencies",
    )
