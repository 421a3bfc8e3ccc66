"""The view of the training game: a text corrupted as in training, and the loss that the model pays for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core import Encoding
from lm_core.explain.words.corruption import Draw, Kind, ScoredPiece, draw_corruptions, loss_by_rate, read_draw
from lm_core.text.masking import corrupt
from ui.address.entries import index_option, slider_entry
from ui.address.examples import PASSAGE
from ui.address.hiding import offered
from ui.address.session import change
from ui.components.word_row import RowLabels, RowWord, word_row
from ui.frame.controls import choice, switch
from ui.frame.latex import decimal
from ui.frame.notebook import Cell, imports, reading_cells
from ui.frame.notice import listed
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.masked_words.guesses import guess_the_dearer
from ui.lessons.masked_words.rates import measured, rates_shown
from ui.models.shelf import Reading
from ui.panels.answer_bars import answers_told, prediction_bars
from ui.plain import code_span

RATES = tuple(range(5, 65, 5))  # per cent
DEFAULT_RATE = 15  # Devlin et al. 2019, §3.1
SEEDS = 999_999
_TERMS = 3  # of the mean that are written out
_TOP = 5
_BARGAIN = 0.5  # bits a piece


def show(words: DeltaGenerator) -> Shown:
    """What stood there, what the model saw and what it pays; and the mean over many draws, when asked for."""
    reading = read_sentence()
    text, rate, whole_words, seed = _controls(reading)
    encoding = reading.model.encode(text)
    (draw,) = draw_corruptions(encoding, reading.model.tokenizer, rate=rate / 100, seed=seed, whole_words=whole_words)
    pieces = read_draw(reading.model, encoding, draw, _TOP)
    if not pieces:
        st.info(_("Nothing here can be hidden: write a word beside [MASK]."))
        return Shown()
    asked = index_option("piece", len(encoding.tokens))
    dearest = max(pieces, key=lambda piece: piece.loss)
    picked = next((piece for piece in pieces if piece.answer.position == asked), dearest)
    _row(reading, encoding, draw, pieces, picked)
    _totals(encoding, pieces)
    _paid(pieces, picked)
    numbers(
        [_as_row(reading, draw, piece) for piece in pieces],
        alt=_("What the model pays for each scored piece"),
        file_name="training-game",
        number_format="%.6g",
    )
    rates_shown(reading, text, whole_words=whole_words)
    with words:
        guess_the_dearer(reading, encoding, rate=rate / 100, shown_seed=seed)
        st.markdown(_notice(pieces))
        st.markdown(_challenge(pieces, rate))
    functions: tuple[Callable[..., object], ...] = (corrupt, draw_corruptions, read_draw, *measured())
    return Shown(functions, _cells(reading, text, rate, seed, whole_words))


def kind_name(kind: Kind) -> str:
    """What the model sees in place of a chosen piece, in words."""
    return {"masked": "[MASK]", "random": _("a random piece"), "kept": _("unchanged")}[kind]


def _controls(reading: Reading) -> tuple[str, int, bool, int]:
    """The text, the rate in per cent, whether whole words are chosen, and the seed of the draw."""
    texts = {"sentence": _("Your sentence"), "passage": _("A few sentences")}
    with st.container(key="game", horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = choice(_("Text"), list(texts), name="text", shown=lambda name: texts[name], label_visible=False)
        rate = slider_entry(_("Masking rate"), RATES, name="rate", default=DEFAULT_RATE, unit="%")
        whole_words = switch(_("Whole words"), name="whole")
        asked = index_option("seed", SEEDS)
        seed = 1 if asked is None else asked + 1
        if offered("seed", _("Draw again")):
            st.button(_("Draw again"), key="seed", on_click=lambda: change(seed=seed % SEEDS + 1, piece=None))
    return PASSAGE if chosen == "passage" else reading.view.sentence, rate, whole_words, seed


def _row(reading: Reading, encoding: Encoding, draw: Draw, pieces: Sequence[ScoredPiece], picked: ScoredPiece) -> None:
    """The input as the model saw it; above each chosen piece what stood there, below what is paid."""
    by_position = {piece.answer.position: piece for piece in pieces}
    places = range(1, len(encoding.tokens) - 1)  # without [CLS] and [SEP]

    def row_word(position: int) -> RowWord:
        seen = reading.model.tokenizer.token(draw.input_ids[position])
        piece = by_position.get(position)
        if piece is None:
            return RowWord(seen, is_open=False)
        original = piece.answer.original
        assert original is not None
        return RowWord(
            seen,
            kind=piece.kind,
            above=original.token,
            below=f"{piece.bits:.2f}",
            told=_("{piece}: the model saw {seen}, gave {piece} {probability} and pays {bits} bits").format(
                piece=original.token, seen=seen, probability=percent(original.probability), bits=f"{piece.bits:.2f}"
            ),
        )

    word_row(
        [row_word(position) for position in places],
        key="word_row",
        labels=RowLabels(
            _(
                "Above: what stood there. In the middle: what the model saw ([MASK]; dashed: a random piece; dotted: "
                "unchanged). Below: the bits it pays."
            )
        ),
        picked=picked.answer.position - 1,
        on_pick=lambda number: change(piece=number + 2),
    )


def _totals(encoding: Encoding, pieces: Sequence[ScoredPiece]) -> None:
    """How much is scored, of which kind, and the mean loss."""
    count = len(encoding.tokens) - 2
    mean = math.fsum(piece.loss for piece in pieces) / len(pieces)
    kinds = {kind: sum(piece.kind == kind for piece in pieces) for kind in ("masked", "random", "kept")}
    st.markdown(
        _(
            "Scored: {scored} of {count} pieces ({masked} [MASK], {random} random, {kept} unchanged). "
            "Mean loss: **{nats} nats = {bits} bits** a piece."
        ).format(scored=len(pieces), count=count, nats=f"{mean:.3f}", bits=f"{mean / math.log(2):.3f}", **kinds)
    )


def _paid(pieces: Sequence[ScoredPiece], picked: ScoredPiece) -> None:
    """What is paid for one piece, and the mean over all, written out."""
    original = picked.answer.original
    assert original is not None
    st.header(_("What is paid for {piece}").format(piece=code_span(original.token)), anchor=False)
    best = picked.answer.predictions
    drawn = best if original.token_id in [each.token_id for each in best] else (*best, original)
    prediction_bars(
        drawn,
        key="paid",
        file_name="training-game",
        alt=_("The most probable answers: {answers}").format(answers=answers_told(drawn)),
        original=original.token_id,
    )
    mean = math.fsum(piece.loss for piece in pieces) / len(pieces)
    losses = [f"{piece.loss:.3f}" for piece in pieces]
    terms = " + ".join(losses if len(losses) <= _TERMS else [*losses[: _TERMS - 1], r"\dots", losses[-1]])
    st.latex(
        rf"\begin{{aligned}} -\ln p &= -\ln {decimal(original.probability)} = {picked.loss:.4f} \text{{ nats}} \\ "
        rf"-\log_2 p &= {picked.loss:.4f} / \ln 2 = {picked.bits:.4f} \text{{ bits}} \\ "
        rf"\text{{mean}} &= \frac{{{terms}}}{{{len(losses)}}} \\ &= {mean:.4f} \text{{ nats}} \end{{aligned}}"
    )


def _notice(pieces: Sequence[ScoredPiece]) -> str:
    """Why some stay as they are, and why 15 %."""
    cheap, dear = (of(pieces, key=lambda piece: piece.loss) for of in (min, max))
    assert cheap.answer.original is not None
    assert dear.answer.original is not None
    lines = [
        _("Dearest here: {dear} ({dear_bits} bits); cheapest: {cheap} ({cheap_bits}).").format(
            dear=code_span(dear.answer.original.token),
            dear_bits=f"{dear.bits:.2f}",
            cheap=code_span(cheap.answer.original.token),
            cheap_bits=f"{cheap.bits:.2f}",
        ),
        _(
            "The model is not told which of the words it sees are scored, so it must doubt each of them. If all chosen "
            "pieces were [MASK], it could ignore the others."
        ),
        _(
            "A higher rate asks more per text, but each question is harder. BERT took 15 %; Wettig et al. (2023) found "
            "40 % better for a model of BERT-large's size on GLUE and SQuAD, and at 80 % still 95 % of the "
            "fine-tuned performance."
        ),
    ]
    return listed(_("**Notice.**"), lines)


def _challenge(pieces: Sequence[ScoredPiece], rate: int) -> str:
    """A hard game that is cheap."""
    mean = math.fsum(piece.bits for piece in pieces) / len(pieces)
    if rate >= 2 * DEFAULT_RATE and mean < _BARGAIN:
        return _("**Challenge.** ✓ {rate} % are asked for, and a piece costs only {bits} bits.").format(
            rate=rate, bits=f"{mean:.2f}"
        )
    return _(
        "**Challenge.** Find a text and a draw at {rate} % or more where the model pays less than {bits} bits a piece."
    ).format(rate=2 * DEFAULT_RATE, bits=_BARGAIN)


def _as_row(reading: Reading, draw: Draw, piece: ScoredPiece) -> Row:
    original = piece.answer.original
    assert original is not None
    return {
        _("position"): piece.answer.position + 1,
        _("stood there"): original.token,
        _("the model saw"): reading.model.tokenizer.token(draw.input_ids[piece.answer.position]),
        _("kind"): kind_name(piece.kind),
        _("probability"): original.probability,
        _("loss (nats)"): piece.loss,
        _("loss (bits)"): piece.bits,
    }


def _cells(reading: Reading, text: str, rate: int, seed: int, whole_words: bool) -> list[Cell]:
    """The same as cells of a notebook."""
    return [
        *reading_cells(reading)[:2],
        Cell(_("One draw of the training game, and the loss that is paid for it."), "markdown"),
        Cell(
            f"{imports(draw_corruptions, loss_by_rate, read_draw)}"
            f"encoding = lm.encode({text!r})\n"
            f"(draw,) = draw_corruptions(\n    encoding, lm.tokenizer, rate={rate / 100}, seed={seed}, "
            f"whole_words={whole_words}\n)\n"
            "pieces = read_draw(lm, encoding, draw)\n"
            "for piece in pieces:\n"
            '    print(f"{piece.answer.original.token:16} {piece.kind:8} {piece.loss:.4f} nats")\n'
            "loss = sum(piece.loss for piece in pieces) / len(pieces)\n"
            'print(f"mean: {loss:.4f} nats")'
        ),
    ]
