"""What becomes of a story once the reader has ordered it: three orders side by side, and the score of every order."""

from __future__ import annotations

from itertools import pairwise

import streamlit as st

from figures.sentences.order_scores import OrderMark, OrderScoresText, order_scores
from lm_core.explain.sentences.ordering import agreement
from ui.address.session import change
from ui.appearance import theme
from ui.components.order_lines import Column, order_lines
from ui.frame.downloads import download_button
from ui.frame.figure import show_figure
from ui.frame.numbers import as_csv
from ui.i18n import _
from ui.lessons.next_sentences.story_answer import StoryAnswer


def show_orders(answer: StoryAnswer) -> None:
    """The reader's order, the true one and the model's; lines that cross are pairs turned round."""
    order_lines(
        answer.story.sentences,
        answer.story.letters,
        Column(_("You"), _tau(agreement(answer.reader, answer.truth)), answer.reader),
        Column(_("Model"), _tau(agreement(answer.model, answer.truth)), answer.model),
        title=_("As it was told"),
        note=_("the truth"),
        key="order_lines",
    )
    st.caption(
        _(
            "Where two lines cross, two sentences are turned round: {reader} of {pairs} pairs in your order, {model} "
            "in the model's. Kendall's τ = 1 − 2 · crossings / pairs: 1 is the true order, 0 no better than chance, "
            "−1 the truth backwards."
        ).format(reader=answer.turned(answer.reader), pairs=answer.pairs, model=answer.turned(answer.model))
    )


def show_scores(answer: StoryAnswer) -> None:
    """The score of every order, from the best to the worst."""
    ranked, colours = answer.ranked, theme()
    st.header(_("Every order and its score"), anchor=False)
    count = len(ranked.orders)
    spelled = [answer.spelled(tuple(order)) for order in ranked.orders.tolist()]
    places = {order: spelled.index(answer.spelled(order)) for order in (answer.reader, answer.truth, answer.model)}
    st.markdown(
        _(
            "By the model's score the true order has rank **{truth}** of {count}, and yours has rank **{reader}**. "
            "All {count} orders were scored, so the first is the best there is."
        ).format(truth=ranked.rank(answer.truth), reader=ranked.rank(answer.reader), count=count)
    )
    show_figure(
        order_scores(
            ranked.scores.numpy(),
            spelled,
            [
                OrderMark(_("You"), places[answer.reader], colours.accent),
                OrderMark(_("Model"), places[answer.model], colours.text),
                OrderMark(_("Truth"), places[answer.truth], colours.segments[1]),
            ],
            theme=colours,
            text=OrderScoresText(rank=_("rank among all orders"), score=_("score: sum of log P (nats)")),
        ),
        key="order_scores",
        file_name="every-order",
        alt=_(
            "Scores of all {count} orders: the best {best}, the true one {truth}, yours {reader}, the worst {worst}"
        ).format(
            count=count,
            best=f"{float(ranked.scores[0]):.2f}",
            truth=f"{ranked.score(answer.truth):.2f}",
            reader=f"{ranked.score(answer.reader):.2f}",
            worst=f"{float(ranked.scores[-1]):.2f}",
        ),
    )
    download_button(
        _("All orders (CSV)"),
        lambda: as_csv(
            [
                {"rank": ranked.rank(tuple(order)), "order": name, "score": float(score)}
                for order, name, score in zip(ranked.orders.tolist(), spelled, ranked.scores, strict=True)
            ]
        ),
        "every-order.csv",
        key="orders_csv",
    )


def notice(answer: StoryAnswer) -> None:
    """What the scores say about this story, and what that says about the model."""
    ranked = answer.ranked
    forwards, backwards = ranked.score(answer.truth), ranked.score(answer.truth[::-1])
    neighbours = set(pairwise(answer.model)) & set(pairwise(answer.truth))
    st.markdown(
        _(
            "**Notice.** Of the {count} steps of the true story the model's order has {found}. The true order scores "
            "{forwards}; told backwards, the story scores {backwards}: {compared}."
        ).format(
            count=len(answer.truth) - 1,
            found=len(neighbours),
            forwards=_written(forwards),
            backwards=_written(backwards),
            compared=_("here the model prefers the story backwards")
            if backwards > forwards
            else _("here the model prefers it forwards"),
        )
    )
    st.markdown(
        _(
            "The model learned to tell neighbours from sentences of **other texts**, and for that the topic is "
            "enough. Within one story every sentence has the same topic, and what is left is little."
        )
    )
    st.button(
        _("See how often it is fooled →"),
        key="fooled_link",
        type="tertiary",
        on_click=lambda: change(view="fooled"),
    )


def _tau(tau: float) -> str:
    return f"τ = {_written(tau)}"


def _written(number: float) -> str:
    """A number with two digits after the point, and a minus that can be seen."""
    return f"{number:.2f}".replace("-", "−")
