"""The guesses of tokens and positions: which of two words of the sentence has the embedding nearer to a third's."""

from __future__ import annotations

from itertools import combinations

from lm_core.explain.pieces.projection import cosines
from lm_core.explain.questions import shuffled
from ui.frame.prediction import Question, predict_in_turn
from ui.i18n import _
from ui.models.shelf import Reading
from ui.plain import code_span

Triple = tuple[int, int, int]  # ids: the word, and the two that it is held against


def guess_the_nearer(reading: Reading, *, is_on_page: bool) -> None:
    """Questions about three words of the sentence each, one after the other.

    Args:
        reading: whose words.
        is_on_page: whether the page shows who is near whom, so that a new question has to wait.
    """
    ids = list(dict.fromkeys(places_of(reading).values()))
    triples: list[Triple] = [
        (word, one, other) for word in ids for one, other in combinations([each for each in ids if each != word], 2)
    ]
    predict_in_turn(
        [triples[number] for number in shuffled(len(triples), reading.view.sentence)],
        lambda triple: _about(reading, *triple),
        series=f"tokens {reading.model.name} {reading.view.sentence}",
        is_on_page=lambda _triple: is_on_page,
    )


def places_of(reading: Reading) -> dict[int, int]:
    """Positions of words that are one piece with letters only, and the id of each; what is hidden stays hidden."""
    encoding = reading.trace.encoding
    single = (word.positions[0] for word in encoding.words if len(word.positions) == 1)
    return {
        position: encoding.input_ids[position]
        for position in single
        if position not in encoding.masked_positions and encoding.tokens[position].isalpha()
    }


def _about(reading: Reading, word: int, one: int, other: int) -> Question:
    """Which of the two is nearer, with both cosines."""
    embeddings = reading.model.model.body.embeddings.word.weight.float().cpu()
    names = [code_span(reading.model.tokenizer.token(each)) for each in (one, other)]
    alike = cosines(embeddings, word, (one, other))
    return Question(
        text=_("Whose embedding lies nearer to that of {word}?").format(
            word=code_span(reading.model.tokenizer.token(word))
        ),
        options=tuple(names),
        truth=names[alike.index(max(alike))],
        why=_("Their cosines with it: {cosines}.").format(
            cosines=", ".join(f"{name} {cosine:.3f}" for name, cosine in zip(names, alike, strict=True))
        ),
    )
