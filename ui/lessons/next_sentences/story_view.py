"""The view of a shuffled story: the reader puts its cards in order, commits, and sees what the model did and why."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lm_core.explain.sentences.next_sentence import require_next_sentence
from lm_core.explain.sentences.ordering import agreement, pair_scores, rank_orders
from ui.address.hiding import offered
from ui.address.session import change, option
from ui.components.card_sorter import SorterLabels, card_sorter
from ui.frame.asked import scores_between
from ui.frame.reading import asked_model
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.next_sentences import story_orders, story_sums
from ui.lessons.next_sentences.all_stories import all_stories
from ui.lessons.next_sentences.story_answer import StoryAnswer
from ui.lessons.next_sentences.story_cells import story_cells
from ui.lessons.next_sentences.story_choice import OWN, DealtStory, story_picker, story_told

if TYPE_CHECKING:
    from lm_core import LanguageModel


def show(words: DeltaGenerator) -> Shown:
    """The cards; once the reader has committed to an order, all orders.

    Args:
        words: the column of words, where it is said what to notice, and the challenge.

    Raises:
        InputError: the model cannot judge pairs, or what the reader typed cannot be put in order.
    """
    name = story_picker()
    serial, model = asked_model()
    require_next_sentence(model)
    story = story_told(name, model)
    if story is None:
        st.info(_("Type a story, or pick one of ours. Its sentences are shuffled before you order them."))
        _challenge(words, is_met=False)
        return Shown()
    if option("done") != "on":
        _sort(story)
        _challenge(words, is_met=False)
        return Shown()
    return _answered(words, story, serial, model, is_own=name == OWN)


def _answered(words: DeltaGenerator, story: DealtStory, serial: int, model: LanguageModel, *, is_own: bool) -> Shown:
    """All orders, once the reader has committed to one."""
    with st.spinner(_("The model is reading …")):
        scores = scores_between(serial, story.sentences, model)
    ranked = rank_orders(scores.log_probs)
    if scores.cut:
        st.warning(
            _(
                "Together with another sentence too long for the model's {positions} positions, so that it read only "
                "the beginning: {letters}."
            ).format(
                positions=model.config.max_position_embeddings,
                letters=", ".join(story.letters[sentence] for sentence in scores.cut),
            )
        )
    answer = StoryAnswer(
        story, scores, ranked, reader=tuple(story.dealt[card] for card in story.cards()), model_name=model.name
    )
    story_orders.show_orders(answer)
    if offered("order", _("Cards to order")):
        st.button(_("Order the cards again"), key="again", on_click=lambda: change(order=None, done=None))
    story_orders.show_scores(answer)
    story_sums.show_pairs(answer)
    with words:
        story_orders.notice(answer)
        all_stories(serial, model)
    _challenge(words, is_met=is_own and ranked.best == answer.truth)
    return Shown((pair_scores, rank_orders, agreement), story_cells(answer))


def _sort(story: DealtStory) -> None:
    """The cards, and the button that commits to their order; fixed where a link hides them."""
    is_open = offered("order", _("Cards to order"))
    cards = story.cards()
    card_sorter(
        [story.sentences[sentence] for sentence in story.dealt],
        cards,
        key="card_sorter",
        labels=SorterLabels(
            hint=_(
                "In which order was this told? Drag the cards, or go to a letter and use the arrow keys; the first "
                "sentence belongs at the top."
            )
            if is_open
            else "",
            card=_("Card {card}, place {place} of {count}: {text}"),
            moved=_("Card {card} is now at place {place} of {count}."),
            up=_("Move card {card} up"),
            down=_("Move card {card} down"),
        ),
        fixed=not is_open,
        on_order=story.place_cards,
    )
    if is_open:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("This is my order"),
                type="primary",
                key="commit",
                on_click=lambda: change(order="".join(ascii_uppercase[card] for card in story.cards()), done="on"),
            )
            st.caption(_("Then you see the model's order, and the true one."))


def _challenge(words: DeltaGenerator, *, is_met: bool) -> None:
    with words:
        st.markdown(
            _("**Challenge.** ✓ The model puts your story in its right order. What gave it away?")
            if is_met
            else _("**Challenge.** Pick “A story of your own”, and write one that the model puts in its right order.")
        )
