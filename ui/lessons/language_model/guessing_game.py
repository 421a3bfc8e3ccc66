"""The guessing game: the next word, or a gap, against the model and against the n-grams of a text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.sentences.bits import in_bits
from lm_core.errors import InputError
from lm_core.explain.sentences.ngram import context_of, last_words, split
from lm_core.explain.sentences.smoothing import next_words, ranked_words
from lm_core.explain.words.prediction import answer_mask
from lm_core.text.tokenization import MASK
from ui.address.session import change
from ui.frame.controls import choice
from ui.frame.notebook import computed
from ui.frame.numbers import Row, numbers
from ui.frame.prediction import answer_to, predict_text
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.language_model.game_text import ROUNDS, Round
from ui.lessons.language_model.ngrams import Counting, pick_counting, word_shown
from ui.lessons.language_model.word_bars import word_bars
from ui.models.shelf import Reading, trace_beside
from ui.plain import code_span

_BLANK = "\u2060".join("＿＿＿")  # joined, so that no line breaks in it
_TOP = 5  # words of each that are drawn, besides the true one


@dataclass(frozen=True)
class Player:
    """What the model or the counts say about one gap."""

    ranked: tuple[tuple[str, float], ...]  # words with their probabilities, the most probable first

    @property
    def first(self) -> str:
        """The word it would bet on."""
        return self.ranked[0][0]

    def of(self, word: str) -> tuple[int, float] | None:
        """Rank, from 1, and probability of a word; None where it cannot say the word."""
        place = next((number for number, (each, _p) in enumerate(self.ranked) if each == word), None)
        return None if place is None else (place + 1, self.ranked[place][1])


def show(_words: DeltaGenerator) -> Shown:
    """A round: the sentence, the reader's guess, then what all three said, and the score of the rounds so far."""
    reading = read_sentence()
    modes = {"next": _("The next word"), "gap": _("A word in the middle")}
    mode = choice(_("What is guessed"), list(modes), name="mode", shown=lambda name: modes[name], label_visible=False)
    counting = pick_counting(smoothing=False)
    names = [str(number) for number in range(1, len(ROUNDS) + 1)]
    number = int(choice(_("Round"), names, name="round")) - 1
    now = ROUNDS[number]
    after = now.after if mode == "gap" else ""
    st.subheader(f"{now.before} {_BLANK}{after}", anchor=False)  # our own text: it has no markup
    is_open = predict_text(
        _("Which word belongs there?"),
        judge=lambda typed: _judged(typed, now),
        key=_key(mode, number),
        note=_("One word. The counts and the model show theirs when you have made your guess."),
    )
    if is_open:
        _reveal(reading, counting, mode, number)
    answered = [each for each in range(len(ROUNDS)) if answer_to(_key(mode, each)) is not None]
    hits = _score(reading, counting, mode, answered)
    computation = (
        counting.source,
        f"expected = next_words(ngrams, context_of(ngrams, last_words({now.before!r})))\n"
        "sorted(zip(expected.probabilities, ngrams.vocabulary), reverse=True)[:5]",
        f"lm.fill_mask({_asked(now, mode)!r}, top_k=5)",
    )
    return Shown(
        (next_words, answer_mask),
        computed(reading, *(computation if is_open else ())),
        _notice(reading, counting, mode, answered),
        _challenge(answered, hits),
    )


def _key(mode: str, number: int) -> str:
    """What a round is called among the guesses of the session."""
    return f"game {mode} {number} {ROUNDS[number].before}"


def _asked(now: Round, mode: str) -> str:
    """What the model is given."""
    return now.with_mask if mode == "gap" else f"{now.before} {MASK}."


def _typed_word(typed: str) -> str:
    """The one word of what was typed.

    Raises:
        InputError: there is none, or more than one.
    """
    words = [word for sentence in split(typed) for word in sentence]
    if len(words) != 1:
        raise InputError("One word is asked for, in letters.")
    return words[0]


def _judged(typed: str, now: Round) -> tuple[bool, str]:
    """Whether it is the very word of the text."""
    word = _typed_word(typed)
    if word == now.word:
        return True, _("The text has {word}, as you said.").format(word=code_span(now.word))
    return False, _("You said {guess}; the text has {word}.").format(guess=code_span(word), word=code_span(now.word))


def _model(reading: Reading, mode: str, number: int) -> Player:
    """The model's whole vocabulary."""
    trace = trace_beside(reading, _asked(ROUNDS[number], mode), ())
    answer = answer_mask(
        trace, trace.encoding.masked_positions[0], reading.model.tokenizer, reading.model.tokenizer.vocab_size
    )
    return Player(tuple((each.token, each.probability) for each in answer.predictions))


def _counts(counting: Counting, number: int) -> Player:
    """What the n-grams expect; they see what stands before the gap and nothing else."""
    expected = next_words(counting.model, context_of(counting.model, last_words(ROUNDS[number].before)))
    return Player(tuple(ranked_words(counting.model, expected)))


def _reveal(reading: Reading, counting: Counting, mode: str, number: int) -> None:
    """Both charts, and the ranks of the true word and of the reader's."""
    truth = ROUNDS[number].word
    guess = answer_to(_key(mode, number))
    assert guess is not None
    own = _typed_word(guess.answer)
    players = {
        "counts": (_("Counting"), _counts(counting, number)),
        "model": (_("The model"), _model(reading, mode, number)),
    }
    with st.container(key="beside"):
        for key, (name, player) in players.items():
            with st.container():
                st.header(name, anchor=False)
                _bars(player, truth, own, key=f"game-{key}", told=name + ": {words}")
    rows = [_row(word, list(players.values())) for word in dict.fromkeys((truth, own))]
    for word in dict.fromkeys((truth, own)):
        said = [(name, player.of(word)) for name, player in players.values()]
        st.markdown(_about(word, said, is_truth=word == truth))
    numbers(rows, alt=_("Rank and probability of the true word and of yours"), file_name="guessing-game")
    if number + 1 < len(ROUNDS):
        st.button(_("Next round"), type="primary", key="next_round", on_click=lambda: change(round=number + 2))


def _row(word: str, players: Sequence[tuple[str, Player]]) -> Row:
    """A row of the table: a word with both."""
    row: Row = {_("word"): word}
    for name, player in players:
        found = player.of(word)
        row[f"{name}, {_('rank')}"] = "–" if found is None else f"{found[0]:,}"
        row[f"{name}, {_('probability')}"] = "–" if found is None else f"{found[1]:.6f}"
    return row


def _bars(player: Player, truth: str, own: str, *, key: str, told: str) -> None:
    """The first few words, and the true one and the reader's where they come later."""
    shown = list(player.ranked[:_TOP])
    for word in (truth, own):
        found = player.of(word)
        if found is not None and found[0] > _TOP and word not in [each for each, _p in shown]:
            shown.append((word, found[1]))
    words = [word for word, _p in shown]
    word_bars(
        [word_shown(word) for word in words],
        [probability for _w, probability in shown],
        key=key,
        told=told,
        original=words.index(truth) if truth in words else None,
    )


def _about(word: str, said: Sequence[tuple[str, tuple[int, float] | None]], *, is_truth: bool) -> str:
    """Rank and probability of one word with both, in a line of Markdown."""
    parts = [
        _("{who}: cannot say it").format(who=who)
        if found is None
        else _("{who}: rank {rank}, {probability}").format(who=who, rank=f"{found[0]:,}", probability=percent(found[1]))
        for who, found in said
    ]
    lead = _("The true word {word}") if is_truth else _("Your word {word}")
    return f"{lead.format(word=code_span(word))} – {'; '.join(parts)}."


def _score(reading: Reading, counting: Counting, mode: str, answered: Sequence[int]) -> dict[str, int]:
    """How many words each has hit in the rounds that the reader has played."""
    if not answered:
        return {}
    guesses = [answer_to(_key(mode, number)) for number in answered]
    hits = {
        "reader": sum(guess is not None and guess.is_right for guess in guesses),
        "model": sum(_model(reading, mode, number).first == ROUNDS[number].word for number in answered),
        "counts": sum(_counts(counting, number).first == ROUNDS[number].word for number in answered),
    }
    st.header(_("Score after {count} rounds").format(count=len(answered)), anchor=False)
    names = {"reader": _("You"), "model": _("The model"), "counts": _("Counting")}
    for column, (key, name) in zip(st.columns(len(names)), names.items(), strict=True):
        column.metric(name, f"{hits[key]} / {len(answered)}", border=True)
    return hits


def _notice(reading: Reading, counting: Counting, mode: str, answered: Sequence[int]) -> list[str]:
    """What a hit hides: how far the others were from the truth."""
    told = [
        _("The counts see only what stands before the gap. The model sees both sides: here {after} behind it.").format(
            after=_("the rest of the sentence") if mode == "gap" else _("a full stop")
        )
    ]
    for name, players in (
        (_("The model"), [_model(reading, mode, number) for number in answered]),
        (_("Counting"), [_counts(counting, number) for number in answered]),
    ):
        found = [player.of(ROUNDS[number].word) for number, player in zip(answered, players, strict=True)]
        bits = [-math.log2(each[1]) for each in found if each is not None]
        if bits:
            told.append(
                _("{who}: the true words cost {mean} bits on average over {count} rounds.").format(
                    who=name, mean=in_bits(sum(bits) / len(bits)), count=len(bits)
                )
            )
        if len(bits) < len(found):
            told.append(
                _("{who}: in {count} rounds the true word had no chance at all.").format(
                    who=name, count=len(found) - len(bits)
                )
            )
    return told


def _challenge(answered: Sequence[int], hits: dict[str, int]) -> str:
    """More hits than the model in all rounds."""
    if len(answered) == len(ROUNDS) and hits["reader"] > hits["model"]:
        return _("**Challenge.** ✓ {reader} against {model}: you know more English than the model.").format(**hits)
    return _("**Challenge.** Play all {count} rounds and hit more words than the model.").format(count=len(ROUNDS))
