"""Two sentences side by side: what a head does differently where their tokens correspond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.table import attention_table, to_csv
from lm_core.explain.heads.alignment import aligned, attention_change
from lm_core.transformer.attention import attention_map
from ui.address.examples import EXAMPLES, LONGEST_SENTENCE
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, widget_value
from ui.components.attention_view import TokenKind
from ui.components.matrix import LARGEST, MatrixLabels, matrix
from ui.frame.downloads import download_button
from ui.frame.lesson import failures_told
from ui.i18n import _
from ui.lessons.many_heads.views import Functions
from ui.models.shelf import Reading, trace_beside
from ui.panels.attention import HeadView, counted, head_name
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core import Trace

_LIMITS = (0.1, 0.25, 0.5, 1.0)  # ends of the scale: the nearest that holds every cell


def show(view: HeadView) -> Functions:
    """A second sentence to type, and the difference of the head's two matrices, cell by cell."""
    sentence = _second_sentence(view.reading)
    if sentence.strip():
        with failures_told():
            _compare(view, sentence)
    else:
        st.caption(_("Type a second sentence, best one that differs in a word or two."))
    return attention_map, aligned, attention_change


def _compare(view: HeadView, sentence: str) -> None:
    """The figure, what stands out in it, and its numbers to take away.

    Raises:
        InputError: there is nothing in the sentence that the model reads.
    """
    own = view.reading.trace
    pairs = aligned(_originals(view.reading, own), _originals(view.reading, _trace(view, sentence, ())))
    other = _trace(view, sentence, pairs)
    difference = attention_change(own.attentions[view.layer], other.attentions[view.layer], pairs)
    cells = difference[0, view.head].numpy()
    names = [_name(view.tokens[first], other.encoding.tokens[second]) for first, second in pairs]
    bound = next(limit for limit in _LIMITS if float(abs(cells).max()) <= limit + 1e-6)
    kinds: list[TokenKind] = [
        "special" if first in view.special else "masked" if first in view.masked else "word" for first, _second in pairs
    ]
    matrix(
        cells[:LARGEST, :LARGEST],
        key="comparison",
        rows=names[:LARGEST],
        columns=names[:LARGEST],
        labels=MatrixLabels(
            _("Attention of {head}, second sentence minus first").format(head=head_name(view.layer, view.head)),
            row=_("query (looks)"),
            column=_("key (is looked at)"),
            row_tone="query",
            column_tone="key",
        ),
        bound=bound,
        row_kinds=kinds[:LARGEST],
        column_kinds=kinds[:LARGEST],
        picked=_picked(view, pairs[:LARGEST]),
        on_pick=lambda row, column: change(query=counted(pairs[row][0]), key=counted(pairs[column][0])),
    )
    st.markdown(_moved_most(cells.tolist(), names))
    st.caption(
        _(
            "Green: more attention in the second sentence, brown: less; the strongest colour is {bound} percentage "
            "points. {pairs} tokens correspond, of {first} in the first sentence and {second} in the second."
        ).format(
            bound=f"{100 * bound:.0f}",
            pairs=len(pairs),
            first=len(view.tokens),
            second=len(other.encoding.tokens),
        )
    )
    if len(pairs) > LARGEST:
        st.caption(_("The first {drawn} of them are drawn; the file has all.").format(drawn=LARGEST))
    download_button(
        _("Differences (CSV)"),
        lambda: to_csv(attention_table(cells, names, corner=_("query (looks)"))),
        "attention-compared.csv",
        key="comparison_csv",
    )


def _picked(view: HeadView, pairs: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The cell of the query and the key that are pinned in the first sentence, if both correspond to something."""
    places = {first: place for place, (first, _second) in enumerate(pairs)}
    if view.query in places and view.key in places:
        return places[view.query], places[view.key]
    return None


def _second_sentence(reading: Reading) -> str:
    """What the address says, or for an example its counterpart."""
    counterparts = {example.sentence: example.counterpart for example in EXAMPLES}
    sentence = (option("other") or counterparts.get(reading.view.sentence, ""))[:LONGEST_SENTENCE]
    label = _("Second sentence")
    if offered("other", label):
        seed_widget("other_box", sentence)
        st.text_input(
            label,
            key="other_box",
            max_chars=LONGEST_SENTENCE,
            on_change=lambda: change(other=widget_value("other_box") or None),
        )
    return sentence


def _trace(view: HeadView, sentence: str, pairs: Sequence[tuple[int, int]]) -> Trace:
    """The second sentence as the model reads it; hidden are the words that correspond to hidden ones."""
    first = view.reading.trace.encoding
    hidden = {position for word in view.reading.masked_words for position in first.words[word].positions}
    there = {second for position, second in pairs if position in hidden}
    words = view.reading.model.encode(sentence).words
    masked = tuple(number for number, word in enumerate(words) if there.issuperset(word.positions))
    return trace_beside(view.reading, sentence, masked)


def _originals(reading: Reading, trace: Trace) -> list[str]:
    """The tokens of a sentence as they were before words were hidden."""
    return [reading.model.tokenizer.token(token_id) for token_id in trace.encoding.original_ids]


def _name(first: str, second: str) -> str:
    """A pair of tokens that correspond."""
    return first if first == second else f"{first} → {second}"


def _moved_most(difference: Sequence[Sequence[float]], names: Sequence[str]) -> str:
    """The cell that changes most, as a sentence of Markdown."""
    size = range(len(names))
    query, key = max(((query, key) for query in size for key in size), key=lambda at: abs(difference[at[0]][at[1]]))
    points = 100 * difference[query][key]
    told = (
        _("The largest change: {query} looks at {key} by {points} percentage points more in the second sentence.")
        if points >= 0
        else _("The largest change: {query} looks at {key} by {points} percentage points less in the second sentence.")
    )
    return told.format(query=code_span(names[query]), key=code_span(names[key]), points=f"{abs(points):.1f}")
