"""The guesses of many heads: where a word looks most in a head that is not the one shown."""

from __future__ import annotations

from figures.bars import percent
from lm_core.explain.questions import look_question, queries_to_ask_about, shuffled
from ui.frame.prediction import Question, predict_in_turn
from ui.i18n import _
from ui.panels.attention import HeadView, head_name
from ui.plain import code_span


def guess_a_look(view: HeadView) -> None:
    """Questions about rows of other heads, one after the other."""
    attentions = view.reading.trace.attentions
    heads = attentions[0].shape[1]
    queries = queries_to_ask_about(view.reading.trace.encoding)
    rows = [
        (number // len(queries) // heads, number // len(queries) % heads, queries[number % len(queries)])
        for number in shuffled(len(attentions) * heads * len(queries), view.reading.view.sentence)
    ]
    predict_in_turn(
        rows,
        lambda row: _about(view, *row),
        series=f"many-heads {view.reading.model.name} {view.reading.masked_words} {view.reading.view.sentence}",
        is_on_page=lambda row: row[:2] == (view.layer, view.head),
    )


def _about(view: HeadView, layer: int, head: int, query: int) -> Question:
    """Where a position looks most, with the shares of all that can be chosen."""
    asked = look_question(view.reading.trace, layer, head, query)
    names = {key: code_span(view.tokens[key]) for key in asked.keys}
    return Question(
        text=_("Where does {word} look most in {head}?").format(
            word=code_span(view.tokens[query]), head=head_name(layer, head)
        ),
        options=tuple(names.values()),
        truth=names[asked.truth],
        why=_("Its attention there: {shares}.").format(
            shares=", ".join(
                f"{name} {percent(share)}" for name, share in zip(names.values(), asked.shares, strict=True)
            )
        ),
    )
