"""The guesses of masked words: about a word that is not hidden yet, or about a gap before its answer is shown."""

from __future__ import annotations

from figures.bars import percent
from lm_core.explain.questions import words_to_ask_about
from lm_core.explain.words.prediction import MaskAnswer
from lm_core.explain.words.softmax import softmax_step
from ui.frame.asked import answer_alone
from ui.frame.prediction import Question, predict_in_turn, predict_text, yes_or_no
from ui.i18n import _
from ui.models.shelf import Reading
from ui.plain import code_span

_BEST = 2  # answers that a question is about


def guess_a_word(reading: Reading) -> None:
    """Questions about words that the reader has not hidden, each as if it alone were."""
    predict_in_turn(
        words_to_ask_about(reading.trace.encoding, reading.model.tokenizer),
        lambda word: _about(reading, word),
        series=f"masked-words {reading.model.name} {reading.view.sentence}",
        is_on_page=lambda word: word in reading.masked_words,
    )


def guess_a_gap(reading: Reading, position: int) -> bool:
    """Ask what the model will answer in a gap, and judge it by the same pass; whether a guess was made."""

    def judge(typed: str) -> tuple[bool, str]:
        pieces = reading.model.encode(typed)
        step = softmax_step(reading.trace, position, pieces.original_ids[1])
        return step.rank == 1, _("Your guess {guess}: rank {rank}, {probability}.").format(
            guess=code_span(pieces.tokens[1]), rank=f"{step.rank:,}", probability=percent(step.probability)
        )

    return predict_text(
        _("What will the model put here?"),
        judge=judge,
        key=f"gap {position} {reading.masked_words} {reading.model.name} {reading.view.sentence}",
        note=_("One word; the answers appear when you have made your guess."),
    )


def _about(reading: Reading, word: int) -> Question:
    """One of two questions about a word; which one, its place decides."""
    answer = answer_alone(reading, word, _BEST)
    return _comes_back(answer, word) if word % 2 else _which_of_two(answer, word)


def _comes_back(answer: MaskAnswer, word: int) -> Question:
    """Whether the word that stood there is the model's first answer."""
    assert answer.original is not None
    first, second = answer.predictions
    options, truth = yes_or_no(answer.rank == 1)
    hidden = code_span(answer.original.token)
    return Question(
        text=_(
            "Suppose word {number}, {word}, alone were hidden. Would the model put it back as its first answer?"
        ).format(number=word + 1, word=hidden),
        options=options,
        truth=truth,
        why=(
            _("{word} comes first with {probability}, then {second} with {other}.").format(
                word=hidden,
                probability=percent(answer.original.probability),
                second=code_span(second.token),
                other=percent(second.probability),
            )
            if answer.rank == 1
            else _("{first} comes first with {other}; {word} has rank {rank} with {probability}.").format(
                first=code_span(first.token),
                other=percent(first.probability),
                word=hidden,
                rank=f"{answer.rank:,}",
                probability=percent(answer.original.probability),
            )
        ),
    )


def _which_of_two(answer: MaskAnswer, word: int) -> Question:
    """Which is more probable: the word that stood there, or the best other answer."""
    assert answer.original is not None
    other = next(each for each in answer.predictions if each.token_id != answer.original.token_id)
    pair = sorted((answer.original, other), key=lambda each: each.token)
    return Question(
        text=_("Suppose word {number}, {word}, alone were hidden. Which of these two is more probable there?").format(
            number=word + 1, word=code_span(answer.original.token)
        ),
        options=tuple(code_span(each.token) for each in pair),
        truth=code_span(max(pair, key=lambda each: each.probability).token),
        why=_("{first} has {probability}, {second} {other}.").format(
            first=code_span(pair[0].token),
            probability=percent(pair[0].probability),
            second=code_span(pair[1].token),
            other=percent(pair[1].probability),
        ),
    )
