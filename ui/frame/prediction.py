"""Predict, then reveal: a question, the reader's committed answer, what the model says, why, and the score so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

import streamlit as st

from ui.address.session import session
from ui.i18n import _

Candidate = TypeVar("Candidate")


@dataclass(frozen=True)
class Guess:
    """What a reader answered to a question, once and for all."""

    answer: str
    is_right: bool


@dataclass
class Guesses:
    """What a reader has answered so far; kept in the reader's session."""

    guesses: dict[str, Guess] = field(default_factory=dict)  # by the question
    wagers: dict[str, str] = field(default_factory=dict)  # by question: an answer whose truth is not known yet
    turns: dict[str, int] = field(default_factory=dict)  # by series: how many questions the reader has left behind


@dataclass(frozen=True)
class Question:
    """A question about the reader's own sentence; all of it is Markdown."""

    text: str
    options: tuple[str, ...]  # all different
    truth: str  # the option that the model's numbers make true
    why: str  # one sentence with these numbers


def predict(question: Question, *, key: str) -> bool:
    """Ask a question with a few answers to choose from; the truth comes when the reader has chosen.

    Args:
        question: what is asked. As long as it is open, its truth and its why are not sent to the browser.
        key: names the question among all of the session; it is answered and counted once.

    Returns:
        Whether it has been answered.
    """
    name = _digest(key)
    st.markdown(_("**Guess.** {question}").format(question=question.text))
    guess = session().kept(Guesses).guesses.get(name)
    with st.container(horizontal=True, gap="small"):
        for number, answer in enumerate(question.options):
            st.button(
                f"✓ {answer}" if guess is not None and answer == question.truth else answer,
                key=f"option_{name}_{number}",
                on_click=_commit,
                args=(name, answer, question.truth),
                disabled=guess is not None,
            )
    if guess is None:
        return False
    st.markdown(
        _("✓ Right: {truth}. {why}").format(truth=question.truth, why=question.why)
        if guess.is_right
        else _("You said {answer}; it is {truth}. {why}").format(
            answer=guess.answer, truth=question.truth, why=question.why
        )
    )
    return True


def predict_text(label: str, *, judge: Callable[[str], tuple[bool, str]], key: str, note: str) -> bool:
    """Ask for a word or a number; the first answer that can be judged counts.

    Args:
        label: the question, in plain text.
        judge: says of what was typed whether it is right, and why, as Markdown.
        key: as of `predict`.
        note: what the reader should know before answering.

    Returns:
        Whether it has been answered.

    Raises:
        InputError: as `judge` does; the question stays open.
    """
    name = _digest(key)
    box = st.empty()
    guess = session().kept(Guesses).guesses.get(name)
    if guess is None:
        typed = str(box.text_input(label, max_chars=40, key=f"answer_{name}", help=note) or "")
        if not typed.strip():
            return False
        guess = session().kept(Guesses).guesses[name] = Guess(typed, judge(typed)[0])
        box.empty()
    st.markdown(f"{'✓ ' * guess.is_right}{judge(guess.answer)[1]}")
    show_score()
    return True


def wager(text: str, options: Sequence[str], shown: Callable[[str], str], *, key: str) -> str | None:
    """Ask what will come, before anybody can know; `settle` tells later whether it came.

    Args:
        text: the question, as Markdown.
        options: the answers, all different, by names of their own.
        shown: an option in the reader's language.
        key: names the question among all of the session.

    Returns:
        What the reader has answered, if anything.
    """
    name = _digest(key)
    st.markdown(_("**Guess.** {question}").format(question=text))
    answer = session().kept(Guesses).wagers.get(name)
    with st.container(gap="small"):
        for number, each in enumerate(options):
            st.button(
                f"→ {shown(each)}" if each == answer else shown(each),
                key=f"wager_{name}_{number}",
                on_click=_wager,
                args=(name, each),
                disabled=answer is not None,
            )
    return answer


def settle(truth: str, *, key: str) -> bool | None:
    """Count a wager once its truth is known; whether it was right, None where nothing was wagered."""
    name = _digest(key)
    answer = session().kept(Guesses).wagers.get(name)
    if answer is None:
        return None
    return session().kept(Guesses).guesses.setdefault(name, Guess(answer, answer == truth)).is_right


def answer_to(key: str) -> Guess | None:
    """What the reader has answered to the question with this key; None while it is open."""
    return session().kept(Guesses).guesses.get(_digest(key))


def predict_in_turn(
    candidates: Sequence[Candidate],
    ask: Callable[[Candidate], Question],
    *,
    series: str,
    is_on_page: Callable[[Candidate], bool],
) -> None:
    """One question after the other, as the reader asks for the next.

    Args:
        candidates: what can be asked about, in an order of its own for each sentence; each is told by its `repr`.
        ask: makes the question about one of them.
        series: names the series among all of the session; a new sentence is a new series.
        is_on_page: whether the page already shows the truth about one: it is passed over until it has been answered.
    """
    name = _digest(series)
    for number, candidate in enumerate(candidates):
        key = f"{series} {candidate!r}"
        if number < session().kept(Guesses).turns.get(name, 0) or (is_on_page(candidate) and not _is_answered(key)):
            continue
        if predict(ask(candidate), key=key):
            with st.container(horizontal=True, vertical_alignment="center"):
                if number + 1 < len(candidates):
                    st.button(_("Next question"), key=f"next_{name}", on_click=_pass, args=(name, number + 1))
                show_score()
        else:
            show_score()
        return


def show_score() -> None:
    """How many answers of this session were right, in small; nothing before the first."""
    guesses = session().kept(Guesses).guesses.values()
    if guesses:
        st.caption(
            _("{right} of {count} right").format(right=sum(guess.is_right for guess in guesses), count=len(guesses))
        )


def yes_or_no(is_true: bool) -> tuple[tuple[str, str], str]:
    """The options of a question that is answered by yes or no, and the true one."""
    options = (_("Yes"), _("No"))
    return options, options[0] if is_true else options[1]


def _commit(name: str, answer: str, truth: str) -> None:
    """Keep an answer, if there is none yet."""
    session().kept(Guesses).guesses.setdefault(name, Guess(answer, answer == truth))


def _wager(name: str, answer: str) -> None:
    """Keep what was said to come, if nothing was yet."""
    session().kept(Guesses).wagers.setdefault(name, answer)


def _pass(name: str, turn: int) -> None:
    """Leave the questions before `turn` behind."""
    session().kept(Guesses).turns[name] = turn


def _is_answered(key: str) -> bool:
    """Whether the question with this key has been answered."""
    return _digest(key) in session().kept(Guesses).guesses


def _digest(key: str) -> str:
    """A short name for a key that may hold a long sentence."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
