"""What is said beside the text and its pieces: a guess, measured statements, and a challenge."""

from __future__ import annotations

from figures.bars import percent
from lm_core.explain.pieces.merges import whole_word_share
from lm_core.explain.questions import shuffled
from lm_core.text.tokenization import Encoding
from ui.frame.notice import listed
from ui.frame.prediction import Question, predict_in_turn
from ui.i18n import _
from ui.lessons.pretraining.learned_pieces import LearnedPieces
from ui.plain import code_span

_CHOICES = 3  # pieces of one question
_QUESTIONS = 8
_FEW = 300  # pieces, for the challenge


def guess_what_is_joined(learned: LearnedPieces, size: int) -> None:
    """Which of three pieces is learned first; their ids stand on the page only where the sentence has them."""
    steps = len(learned.merges)
    if steps < _CHOICES * _QUESTIONS:
        return
    order = shuffled(steps, learned.pieces[-1])
    groups = [tuple(order[_CHOICES * turn : _CHOICES * (turn + 1)]) for turn in range(_QUESTIONS)]
    predict_in_turn(
        groups,
        lambda group: _about(learned, group),
        series=f"merges {learned.pieces[-1]} {steps}",
        is_on_page=lambda group: any(size == learned.smallest + place + 1 for place in group),
    )


def _about(learned: LearnedPieces, group: tuple[int, ...]) -> Question:
    names = {place: code_span(learned.merges[place].piece) for place in group}
    first = min(group)
    return Question(
        text=_("Which of these becomes a piece first?"),
        options=tuple(names.values()),
        truth=names[first],
        why=_("Steps: {steps}.").format(steps=", ".join(f"{names[place]} {place + 1}" for place in sorted(group))),
    )


def text_notice(learned: LearnedPieces, encoding: Encoding, size: int) -> str:
    """What to see, with the numbers of this text and this size."""
    tokenizer = learned.tokenizer(size)
    inside = sum(piece.startswith("##") for piece in learned.pieces[:size])
    statements = [
        _("With {size} pieces your sentence is {tokens} tokens long, [CLS] and [SEP] included.").format(
            size=f"{size:,}", tokens=len(encoding.tokens)
        ),
        _("{share} of the running words are one piece; of the {kinds} different words, {of_kinds}.").format(
            share=percent(whole_word_share(learned.words, tokenizer)),
            kinds=f"{len(learned.words):,}",
            of_kinds=percent(whole_word_share(dict.fromkeys(learned.words, 1), tokenizer)),
        ),
        _("{inside} of the pieces only continue a word: they begin with {mark}.").format(
            inside=f"{inside:,}", mark=code_span("##")
        ),
        _(
            "Each piece is a row of the embedding matrix to learn. A larger vocabulary makes shorter sentences, and "
            "more rows that are seldom seen."
        ),
    ]
    return listed(_("**Notice.**"), statements)


def text_challenge(learned: LearnedPieces, sentence: str, size: int) -> str:
    """A sentence of whole words with few pieces; judged by the cut that is shown."""
    encoding = learned.tokenizer(size).encode(sentence, max_length=512)
    is_whole = all(len(word.positions) == 1 for word in encoding.words) and "[UNK]" not in encoding.tokens
    if is_whole and size <= _FEW and len(encoding.words) >= 6:
        return _("**Challenge.** ✓ {words} words, each one piece, with {size} pieces in the vocabulary.").format(
            words=len(encoding.words), size=size
        )
    return _(
        "**Challenge.** Write a sentence of six words or more, at the side, of which each is one piece, with a "
        "vocabulary of at most {few} pieces."
    ).format(few=_FEW)
