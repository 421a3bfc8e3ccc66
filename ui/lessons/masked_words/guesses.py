"""The questions of the views of masked words, each about a word that the page does not answer for."""

from __future__ import annotations

from figures.bars import percent
from lm_core import Encoding
from lm_core.explain.questions import shuffled, words_to_ask_about
from lm_core.explain.words.corruption import Draw, draw_corruptions, read_draw
from lm_core.explain.words.logit_lens import logit_lens
from ui.frame.prediction import Question, predict_in_turn, yes_or_no
from ui.i18n import _
from ui.models.shelf import Reading, trace_beside
from ui.panels.masked_kept import effects_of_word
from ui.plain import code_span

_CHOICES = 4  # words to choose from
_FIRST_SEED, _DRAWS = 1001, 12  # of the draws that are asked about
_AROUND = 3  # tokens shown before the one and after the other


def guess_a_layer(reading: Reading) -> None:
    """Questions about words that the reader has not hidden: is the answer there after half of the layers?"""
    if reading.model.config.num_hidden_layers > 1:
        predict_in_turn(
            words_to_ask_about(reading.trace.encoding, reading.model.tokenizer),
            lambda word: _is_it_there(reading, word),
            series=f"layers {reading.model.name} {reading.view.sentence}",
            is_on_page=lambda word: word in reading.masked_words,
        )


def guess_the_word_that_matters(reading: Reading) -> None:
    """Questions about words that the reader has not hidden: which word of the context does the answer rest on?"""
    encoding = reading.trace.encoding
    texts = [word.text for word in encoding.words]
    lettered = [number for number, text in enumerate(texts) if text.isalpha() and texts.count(text) == 1]
    if len(lettered) > _CHOICES:
        predict_in_turn(
            words_to_ask_about(encoding, reading.model.tokenizer),
            lambda word: _which_matters(reading, word, lettered),
            series=f"context {reading.model.name} {reading.view.sentence}",
            is_on_page=lambda word: word in reading.masked_words,
        )


def _is_it_there(reading: Reading, word: int) -> Question:
    """Whether the final first answer is already first at half of the way."""
    trace = trace_beside(reading, reading.view.sentence, (word,))
    (position,) = trace.encoding.words[word].positions
    lens = logit_lens(reading.model, trace, position, top_k=1)
    layers = reading.model.config.num_hidden_layers
    half, (final,), (then,) = layers // 2, lens.answers[-1].predictions, lens.answers[layers // 2].predictions
    options, truth = yes_or_no(then.token_id == final.token_id)
    return Question(
        text=_(
            "Suppose word {number}, {word}, alone were hidden. Would the model's final first answer already come "
            "first after layer {layer} of {layers}?"
        ).format(number=word + 1, word=code_span(trace.encoding.words[word].text), layer=half, layers=layers),
        options=options,
        truth=truth,
        why=_("After layer {layer} {then} comes first with {early}; at the end it is {final} with {late}.").format(
            layer=half,
            then=code_span(then.token),
            early=percent(then.probability),
            final=code_span(final.token),
            late=percent(final.probability),
        ),
    )


def _which_matters(reading: Reading, word: int, lettered: list[int]) -> Question:
    """Which of a few words the gap loses most without."""
    bits = {effect.word: effect.bits for effect in effects_of_word(reading, word)}
    others = [number for number in lettered if number != word]
    order = shuffled(len(others), f"{word} {reading.trace.encoding.text}")[:_CHOICES]
    chosen = sorted(others[place] for place in order)
    texts = reading.trace.encoding.words
    ranked = sorted(chosen, key=lambda number: -bits[number])
    return Question(
        text=_(
            "Suppose word {number}, {word}, alone were hidden. Which of these words, hidden too, would cost it most?"
        ).format(number=word + 1, word=code_span(texts[word].text)),
        options=tuple(code_span(texts[number].text) for number in chosen),
        truth=code_span(texts[ranked[0]].text),
        why=_("Lost, in bits: {effects}.").format(
            effects=", ".join(f"{code_span(texts[number].text)} {bits[number]:.2f}" for number in ranked)
        ),
    )


def guess_the_dearer(reading: Reading, encoding: Encoding, *, rate: float, shown_seed: int) -> None:
    """Questions about other draws of the text: for which of two scored pieces does the model pay more?"""
    name = f"draw {reading.model.name} {rate} {encoding.text}"
    predict_in_turn(
        [seed for seed in range(_FIRST_SEED, _FIRST_SEED + _DRAWS) if _pair(reading, encoding, rate, seed) is not None],
        lambda seed: _which_is_dearer(reading, encoding, rate, seed),
        series=name,
        is_on_page=lambda seed: seed == shown_seed,
    )


def _pair(reading: Reading, encoding: Encoding, rate: float, seed: int) -> tuple[Draw, int, int] | None:
    """A draw and two of its scored positions with different pieces; None where it has no two."""
    (draw,) = draw_corruptions(encoding, reading.model.tokenizer, rate=rate, seed=seed)
    first, *others = draw.scored_positions or (None,)
    other = next((position for position in others if draw.labels[position] != draw.labels[first or 0]), None)
    return None if first is None or other is None else (draw, first, other)


def _which_is_dearer(reading: Reading, encoding: Encoding, rate: float, seed: int) -> Question:
    """Which of two pieces costs more, with what the model saw around them."""
    found = _pair(reading, encoding, rate, seed)
    assert found is not None
    draw, *places = found
    tokenizer = reading.model.tokenizer
    pieces = {piece.answer.position: piece for piece in read_draw(reading.model, encoding, draw, top_k=1)}
    names = [code_span(tokenizer.token(draw.labels[place])) for place in places]
    around = range(max(1, places[0] - _AROUND), min(len(draw.input_ids) - 1, places[1] + _AROUND + 1))
    marks = dict(zip(places, "①②", strict=True))
    seen = " ".join(marks.get(place, "") + tokenizer.token(draw.input_ids[place]) for place in around)
    dearer = max(range(2), key=lambda number: pieces[places[number]].loss)
    return Question(
        text=_(
            "In another draw the model sees, among others, {seen}. At ① stood {first}, at ② {second}. Which of the two "
            "costs it more?"
        ).format(seen=code_span(seen), first=names[0], second=names[1]),
        options=tuple(names),
        truth=names[dearer],
        why=_("{first} costs {one} bits, {second} {two}.").format(
            first=names[0],
            one=f"{pieces[places[0]].bits:.2f}",
            second=names[1],
            two=f"{pieces[places[1]].bits:.2f}",
        ),
    )
