"""What came of ten pairs: who was fooled by which kind, every pair with its answers, and one number written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from figures.sentences.verdicts import Verdict, VerdictsText, verdicts
from lm_core.explain.sentences.next_sentence import PairJudgement, judge
from lm_core.explain.sentences.ordering import pair_logits
from ui.appearance import theme
from ui.frame.controls import choice
from ui.frame.figure import show_figure
from ui.frame.notebook import Cell, imports, model_cells
from ui.frame.numbers import numbers
from ui.i18n import _
from ui.lessons.next_sentences.judged import FOLLOWS, Judged, is_right, mark, right_by_kind
from ui.lessons.next_sentences.pair_pool import DRAWN, KINDS, JudgedPair
from ui.lessons.next_sentences.sum import log_prob_written_out
from ui.plain import code_span

if TYPE_CHECKING:
    from ui.frame.numbers import Row


def show_ten(ten: Sequence[Judged], pool: Mapping[JudgedPair, PairJudgement]) -> None:
    """The figure over all kinds, and the list of the ten."""
    kinds = list(KINDS)
    drawn = {each.pair: number for number, each in enumerate(ten, 1)}
    show_figure(
        verdicts(
            [_(KINDS[kind]) for kind in kinds],
            [_("{right} of {count}").format(right=right, count=count) for right, count in right_by_kind(pool).values()],
            [
                Verdict(
                    kind=kinds.index(pair.kind),
                    log_odds=judged.is_next_logit - judged.not_next_logit,
                    is_right=is_right(pair, judged),
                    first=pair.first,
                    then=pair.then,
                    number=drawn.get(pair),
                )
                for pair, judged in pool.items()
            ],
            theme=theme(),
            text=VerdictsText(
                probability=_("P(IsNext), on a scale of log-odds"),
                follows=_("the model: follows →"),
                does_not=_("← does not follow"),
            ),
        ),
        key="verdicts",
        file_name="ten-pairs",
        alt=_("P(IsNext) of every pair by kind; right: {shares}").format(
            shares=", ".join(
                f"{_(KINDS[kind])} {right}/{count}" for kind, (right, count) in right_by_kind(pool).items()
            )
        ),
    )
    st.caption(
        _(
            "Numbered: your ten pairs. Small: the other {others} of our {count} pairs. A circle is right, a square "
            "wrong; beside the name of a kind, how many of its pairs the model has right."
        ).format(others=len(pool) - len(ten), count=len(pool))
    )
    st.table([_row_of_list(number, each) for number, each in enumerate(ten, 1)], hide_index=True)
    numbers(
        [_row(number, each) for number, each in enumerate(ten, 1)],
        alt=_("Ten pairs with the truth, your answers and the model's"),
        file_name="ten-pairs",
        number_format="%.6f",
    )


def check_number(ten: Sequence[Judged]) -> int:
    """One of the ten judgements written out; which, from 0."""
    st.header(_("Check this number"), anchor=False)
    asked = choice(_("Pair"), [str(number + 1) for number in range(len(ten))], name="check")
    judged = ten[int(asked) - 1]
    log_prob_written_out(
        judged.model,
        _("{first} then {then}").format(first=code_span(judged.pair.first), then=code_span(judged.pair.then)),
    )
    return int(asked) - 1


def notice(ten: Sequence[Judged], pool: Mapping[JudgedPair, PairJudgement]) -> None:
    """Which kinds fooled the reader, where the model is right and where it is not, and how the truth is known."""
    fooled = Counter(each.pair.kind for each in ten if each.reader is not None and not each.reader.is_right)
    by_kind = right_by_kind(pool)
    st.markdown(
        _(
            "**Notice.** Over all {count} pairs the model is right on {random} from two texts and on {next} plain "
            "neighbours, on {leap} where the link has to be thought of, and on {turned} where two sentences of one "
            "text stand in the wrong order."
        ).format(count=len(pool), **{kind: f"{right}/{count}" for kind, (right, count) in by_kind.items()})
    )
    if by_kind["turned"][0] < by_kind["random"][0]:
        st.markdown(_("It goes by the topic more than by the order."))
    st.markdown(
        _("You were fooled by: {kinds}.").format(
            kinds=" · ".join(f"{_(KINDS[kind])} ({wrong}/{DRAWN[kind]})" for kind, wrong in fooled.items())
        )
        if fooled
        else _("None of the ten fooled you.")
    )
    st.markdown(
        _(
            "What is true here we know because we wrote the texts: “follows” means that the second sentence came "
            "straight after the first in ours. For the reader of a pair, another one may follow just as well."
        )
    )


def ten_cells(ten: Sequence[Judged], checked: int, model_name: str) -> list[Cell]:
    """The ten as cells, and the one that is written out."""
    pairs = ",\n".join(f"    ({each.pair.first!r}, {each.pair.then!r}, {each.pair.follows})" for each in ten)
    return [
        *model_cells(model_name),
        Cell(_("Ten pairs, and whether the second sentence did follow the first."), "markdown"),
        Cell(
            f"{imports(judge, pair_logits)}"
            f"pairs = [\n{pairs},\n]\n"
            "logits = pair_logits(lm, [(first, then) for first, then, _ in pairs])\n"
            "judgements = [judge(row) for row in logits]\n"
            "for (first, then, follows), judgement in zip(pairs, judgements):\n"
            '    print(f"{judgement.probability:.6f} {follows!s:5} {first} {then}")'
        ),
        Cell(f"judgements[{checked}]"),
    ]


def _row_of_list(number: int, judged: Judged) -> Row:
    """A pair as a row of the list; our own sentences, which hold no markup."""
    assert judged.reader is not None
    return {
        "\\#": number,
        _("pair"): f"{judged.pair.first} → {judged.pair.then} *({_(KINDS[judged.pair.kind])})*",
        _("follows"): _("yes") if judged.pair.follows else _("no"),
        _("you"): mark(judged.reader.is_right),
        _("model"): f"{mark(judged.model_is_right)}\u00a0{percent(judged.model.probability)}",
    }


def _row(number: int, judged: Judged) -> Row:
    """A pair as a row of the table of numbers."""
    assert judged.reader is not None
    return {
        "#": number,
        _("first"): judged.pair.first,
        _("then"): judged.pair.then,
        _("kind"): _(KINDS[judged.pair.kind]),
        _("follows"): int(judged.pair.follows),
        _("you say"): int(judged.reader.answer == FOLLOWS),
        _("logit IsNext"): judged.model.is_next_logit,
        _("logit NotNext"): judged.model.not_next_logit,
        "P(IsNext)": judged.model.probability,
    }
