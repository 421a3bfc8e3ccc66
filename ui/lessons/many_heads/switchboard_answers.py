"""What becomes of the answers when heads are off: of the masked words, and of the question which sentence is next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from figures.words.answer_bars import PairedBarsText, paired_bars
from ui.address.examples import LONGEST_SENTENCE
from ui.address.session import change, option, seed_widget, widget_value
from ui.appearance import theme
from ui.frame.downloads import csv_button
from ui.frame.figure import show_figure
from ui.frame.lesson import failures_told
from ui.frame.numbers import Row, as_csv, fractions
from ui.i18n import _
from ui.lessons.many_heads.heads_off import read_pair_without, read_without
from ui.models.shelf import Reading
from ui.panels.answers import gap_name
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core.explain.heads.ablation import Head
    from lm_core.explain.words.changes import AnswerChange

_GAPS = 2  # drawn; of more, the table has all
_TOP = 4  # answers of each pass
_NONE: frozenset[Head] = frozenset()
_IS_NEXT = "IsNext"  # the paper's name of the label (Devlin et al. 2019, §3.1)


def answer_changes(reading: Reading, off: frozenset[Head]) -> list[AnswerChange]:
    """The answers to each gap in both passes, in the order of the sentence."""
    from lm_core.explain.heads.ablation import compare_answers

    after = read_without(reading, off)
    return [
        compare_answers(reading.trace, after, position, reading.model.tokenizer, top_k=_TOP)
        for position in reading.trace.encoding.masked_positions
    ]


def show_changes(reading: Reading, changes: Sequence[AnswerChange], off: frozenset[Head]) -> None:
    """The answers to each gap with all heads and with those that are on, and a challenge that they judge."""
    if not changes:
        st.info(_("Nothing is hidden yet. Click a word above, and the model says what it expects there."))
        return
    for each in changes[:_GAPS]:
        st.header(gap_name(reading, each.before.position), anchor=False)
        st.markdown(_told(each, off))
        ids = [piece.token_id for piece in each.pieces]
        _bars(
            [piece.token for piece in each.pieces],
            [piece.before for piece in each.pieces],
            [piece.after for piece in each.pieces],
            key=f"change {each.before.position}",
            original=None if each.before.original is None else ids.index(each.before.original.token_id),
        )
    if len(changes) > _GAPS:
        st.caption(
            _("The first {drawn} of {gaps} gaps are drawn; the table has all of them.").format(
                drawn=_GAPS, gaps=len(changes)
            )
        )
    count = reading.model.config.num_hidden_layers * reading.model.config.num_attention_heads
    stays = all(each.after.predictions[0].token_id == each.before.predictions[0].token_id for each in changes)
    if stays and 2 * len(off) >= count:
        st.markdown(
            _("**Challenge.** ✓ {off} of {count} heads are off, and the first answer is still {piece}.").format(
                off=len(off), count=count, piece=code_span(changes[0].before.predictions[0].token)
            )
        )
    else:
        st.markdown(_("**Challenge.** Turn off half of the heads or more, and keep the first answer."))


def show_pair(reading: Reading, off: frozenset[Head]) -> None:
    """Whether a second sentence follows, with all heads and with those that are on; in this pass nothing is hidden."""
    from lm_core.explain.heads.ablation import next_sentence_probability

    st.header(_("Does this sentence follow?"), anchor=False)
    pair = (option("pair") or "")[:LONGEST_SENTENCE]
    seed_widget("pair", pair)
    st.text_input(
        _("Second sentence (English)"),
        key="pair",
        max_chars=LONGEST_SENTENCE,
        placeholder=_("Type a sentence that may follow the first one"),
        on_change=lambda: change(pair=widget_value("pair") or None),
    )
    if not pair.strip():
        return
    with failures_told():
        passes = [read_pair_without(reading, pair, heads) for heads in (_NONE, off)]
        encoding = passes[0].encoding
        if encoding.truncated_at is not None or encoding.pair_truncated_at is not None:
            st.caption(
                _(
                    "Together they are longer than the model's {positions} positions: it read the beginning of each."
                ).format(positions=reading.model.config.max_position_embeddings)
            )
        before, after = map(next_sentence_probability, passes)
        st.markdown(
            _(
                "That the second sentence follows the first one: {before} with all heads, {after} now. No word is "
                "hidden in this pass."
            ).format(before=percent(before), after=percent(after))
        )
        _bars([_IS_NEXT], [before], [after], key="change pair")


def show_table(changes: Sequence[AnswerChange]) -> None:
    """The numbers of all gaps, and the same as CSV."""
    rows: list[Row] = [
        {
            _("position"): each.before.position,
            _("piece"): piece.token,
            _("all heads"): piece.before,
            _("now"): piece.after,
            _("change"): piece.after - piece.before,
        }
        for each in changes
        for piece in each.pieces
    ]
    if not rows:
        return
    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(rows) < 20 else 400,
        column_config=fractions(rows, "%.6f"),
        key="change_table",
        alt=_("The answers to each gap with all heads and now"),
    )
    csv_button(as_csv(rows), "heads-off.csv", key="change_csv")


def _told(each: AnswerChange, off: frozenset[Head]) -> str:
    """What became of the word that counts, as Markdown."""
    if not off:
        change = _("All heads are on, so nothing changes yet.")
    elif each.loss >= 0:
        change = _("Its log-probability fell by {bits} bits.").format(bits=f"{each.loss:.2f}")
    else:
        change = _("Its log-probability rose by {bits} bits.").format(bits=f"{-each.loss:.2f}")
    told = (
        _("{piece} was the first answer: {before} with all heads, {after} now. {change}")
        if each.before.original is None
        else _("{piece} stood here: {before} with all heads, {after} now. {change}")
    )
    return told.format(
        piece=code_span(each.target.token),
        before=percent(each.target.before),
        after=percent(each.target.after),
        change=change,
    )


def _bars(tokens: list[str], before: list[float], after: list[float], *, key: str, original: int | None = None) -> None:
    """Two bars for each answer."""
    show_figure(
        paired_bars(
            tokens,
            before,
            after,
            theme=theme(),
            text=PairedBarsText(_("probability"), _("all heads"), _("now")),
            original=original,
        ),
        key=key,
        file_name="heads-off",
        alt=_("With all heads, and now: {answers}").format(
            answers=", ".join(
                f"{token} {percent(first)}, {percent(second)}"
                for token, first, second in zip(tokens, before, after, strict=True)
            )
        ),
    )
