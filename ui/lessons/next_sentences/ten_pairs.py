"""The view of ten pairs: the reader judges one after the other against the model, then sees what fooled whom."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core.explain.sentences.next_sentence import judge, require_next_sentence
from lm_core.explain.sentences.ordering import pair_logits
from ui.address.entries import index_option
from ui.address.hiding import offered
from ui.address.session import change, session
from ui.frame.asked import logits_of_pairs
from ui.frame.prediction import Guess, Guesses
from ui.frame.reading import asked_model
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.next_sentences import ten_results
from ui.lessons.next_sentences.judged import DOES_NOT, FOLLOWS, Judged, mark, reader_right
from ui.lessons.next_sentences.pair_pool import POOL, draw

DRAWS = 9_999  # seeds that the address can name


def show(words: DeltaGenerator) -> Shown:
    """One pair after the other; after the tenth, all of them.

    Args:
        words: the column of words, where it is said what to notice, and the challenge.

    Raises:
        InputError: the model cannot judge pairs.
    """
    serial, model = asked_model()
    require_next_sentence(model)
    seed = index_option("draw", DRAWS) or 0
    with st.spinner(_("The model is reading …")):
        logits = logits_of_pairs(serial, tuple((pair.first, pair.then) for pair in POOL), model)
    pool = {pair: judge(row) for pair, row in zip(POOL, logits, strict=True)}
    ten = [
        Judged(pair, pool[pair], session().kept(Guesses).guesses.get(_key(seed, number)))
        for number, pair in enumerate(draw(seed))
    ]
    place = next((number for number, each in enumerate(ten) if each.reader is None), None)
    if place is not None:
        _ask(seed, place, ten)
        _challenge(words, ten, is_over=False)
        return Shown()
    _score(ten)
    ten_results.show_ten(ten, pool)
    if offered("draw", _("Other pairs")):
        st.button(
            _("Ten other pairs"), key="other_pairs", on_click=lambda: change(draw=(seed + 1) % DRAWS + 1, check=None)
        )
    checked = ten_results.check_number(ten)
    with words:
        ten_results.notice(ten, pool)
    _challenge(words, ten, is_over=True)
    return Shown((pair_logits, judge), ten_results.ten_cells(ten, checked, model.name))


def _ask(seed: int, place: int, ten: list[Judged]) -> None:
    """The pair whose turn it is, with two buttons; above it, how the last one ended."""
    pair = ten[place].pair
    st.progress(place / len(ten), text=_("Pair {number} of {count}").format(number=place + 1, count=len(ten)))
    with st.container(key="ten_pair"):
        with st.container(border=True, key="ten_first"):
            st.markdown(pair.first)
        with st.container(border=True, key="ten_then"):
            st.markdown(pair.then)
    with st.container(horizontal=True, gap="small"):
        # The keys stay the same from pair to pair, so that the keyboard stays on the button.
        for answer, label in ((FOLLOWS, _("It follows")), (DOES_NOT, _("It does not follow"))):
            st.button(
                label,
                key=f"judge_{answer.replace(' ', '_')}",
                type="primary",
                on_click=_commit,
                args=(_key(seed, place), answer, pair.follows),
            )
    with st.container(key="ten_last"):
        if place:
            st.markdown(_outcome(place, ten[place - 1]))
            _score([each for each in ten if each.reader is not None])


def _outcome(number: int, judged: Judged) -> str:
    """How a pair ended, as Markdown: the truth, and who found it."""
    assert judged.reader is not None
    return _("Pair {number}: {truth} You {reader}, model {model} (P(IsNext) = {probability}).").format(
        number=number,
        truth=_("**the second did follow the first.**")
        if judged.pair.follows
        else _("**the second did not follow the first.**"),
        reader=mark(judged.reader.is_right),
        model=mark(judged.model_is_right),
        probability=percent(judged.model.probability),
    )


def _score(judged: list[Judged]) -> None:
    """Who was right how often so far."""
    st.markdown(
        _("**You: {reader} of {count} right. Model: {model} of {count}.**").format(
            reader=reader_right(judged), model=sum(each.model_is_right for each in judged), count=len(judged)
        )
    )


def _challenge(words: DeltaGenerator, ten: list[Judged], *, is_over: bool) -> None:
    is_met = is_over and reader_right(ten) > sum(each.model_is_right for each in ten)
    with words:
        st.markdown(
            _("**Challenge.** ✓ You judged more pairs right than the model. Which kind made the difference?")
            if is_met
            else _("**Challenge.** Judge more of ten pairs right than the model does.")
        )


def _commit(key: str, answer: str, follows: bool) -> None:
    """Keep an answer, if there is none yet."""
    session().kept(Guesses).guesses.setdefault(key, Guess(answer, (answer == FOLLOWS) == follows))


def _key(seed: int, number: int) -> str:
    """Under which the session keeps the answer to a pair."""
    return f"ten {seed} {number}"
