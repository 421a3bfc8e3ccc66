"""He or she: which of the two pronouns a model expects beside the name of an occupation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.together import Variant, answer_together, hide
from lm_core.text.tokenization import MASK

Baseline = Literal["person", "hidden", "none"]

SLOT = "{occupation}"  # where the name of the occupation stands in a template
NEUTRAL = "person"
PRONOUNS = ("he", "she")

_AN_BEFORE = ("hour", "honest", "heir", "honor", "honour")  # h is not heard
_A_BEFORE = ("uni", "eu", "use", "uti", "uro", "one")  # begins like "you" or "won"


@dataclass(frozen=True)
class Expectation:
    """What the model expects in the gap of one sentence."""

    text: str
    log_prob_he: float  # ln p(he), nats; of all pieces that spell it, in capitals or not
    log_prob_she: float

    @property
    def log_ratio(self) -> float:
        """ln p(he)/p(she), in nats: above 0 where the model expects "he" more."""
        return self.log_prob_he - self.log_prob_she


@dataclass(frozen=True)
class SentenceLeaning:
    """One occupation in one template, beside the same template without it."""

    own: Expectation
    person: Expectation  # the template about a person
    hidden: Expectation  # the template with the occupation masked, piece by piece

    def score(self, baseline: Baseline) -> float:
        """What the occupation adds to ln p(he)/p(she), in nats: the log probability bias score of "he" minus that of
        "she" (Kurita et al. 2019, §2, who take "hidden" for their prior). With "none", the ratio as it is.
        """
        without = {"person": self.person.log_ratio, "hidden": self.hidden.log_ratio, "none": 0.0}
        return self.own.log_ratio - without[baseline]


def sentence_leanings(
    lm: LanguageModel, pairs: Sequence[tuple[str, str]], on_progress: Callable[[int, int], None] | None = None
) -> list[SentenceLeaning]:
    """How much an occupation moves the model from "she" to "he", in one sentence after the other.

    Every input is read once, all of them in as few passes as there is room for.

    Args:
        lm: who answers.
        pairs: of an occupation, in one word or more, and a template: a sentence with one [MASK] and one {occupation},
            such as "[MASK] is a {occupation}."
        on_progress: as of `answer_together`.

    Raises:
        InputError: a template cannot be filled or is too long, or the vocabulary does not have both pronouns.
    """
    pieces = [_pieces_of(pronoun, lm) for pronoun in PRONOUNS]
    asked = [
        (_filled(lm, template, occupation), _filled(lm, template, NEUTRAL), _with_hidden(lm, template, occupation))
        for occupation, template in pairs
    ]
    inputs = list(dict.fromkeys(variant for three in asked for _text, variant in three))
    answers = answer_together(lm, inputs, on_progress)
    found = {
        each: _log_probs(answer.prediction_logits[0], pieces) for each, answer in zip(inputs, answers, strict=True)
    }
    return [SentenceLeaning(*(Expectation(text, *found[variant]) for text, variant in three)) for three in asked]


def fill_template(template: str, occupation: str) -> str:
    """A template with an occupation in it, and with the article that fits: "a nurse", "an engineer".

    Raises:
        InputError: the template does not have one [MASK] and one {occupation}.
    """
    before, after = _around(template, occupation)
    return before + occupation + after


def _around(template: str, occupation: str) -> tuple[str, str]:
    """What stands before and after the occupation."""
    for what in (MASK, SLOT):
        count = template.count(what)
        if count != 1:
            raise InputError(
                "A template needs {what} exactly once; {text} has it {count} times.",
                what=what,
                text=template,
                count=count,
            )
    if MASK in occupation:
        raise InputError("An occupation is a word, not a gap: {text} cannot be one.", text=occupation)
    before, after = template.split(SLOT)
    words = before.split(" ")
    if len(words) > 1 and words[-1] == "" and words[-2].lower() in ("a", "an"):
        words[-2] = words[-2][0] + "n" * _takes_an(occupation)
    return " ".join(words), after


def _takes_an(occupation: str) -> bool:
    """Whether "an" stands before it; by the letters, which is right for nearly every English word."""
    word = occupation.lower()
    if word.startswith(_AN_BEFORE):
        return True
    return word[:1] in tuple("aeiou") and not word.startswith(_A_BEFORE)


def _filled(lm: LanguageModel, template: str, occupation: str) -> tuple[str, Variant]:
    """The sentence, and the question about its gap."""
    text = fill_template(template, occupation)
    encoding = lm.encode(text)
    if len(encoding.masked_positions) != 1 or encoding.truncated_at is not None:
        raise InputError("{text} is longer than the model reads.", text=text)
    return text, hide(encoding, (), lm.tokenizer.mask_id, encoding.masked_positions)


def _with_hidden(lm: LanguageModel, template: str, occupation: str) -> tuple[str, Variant]:
    """The sentence with the occupation masked, too, and the question about its first gap."""
    before, after = _around(template, occupation)
    start, end = len(before), len(before) + len(occupation)
    encoding = lm.encode(before + occupation + after)
    covered = [word for word in encoding.words if word.start < end and word.end > start]
    places = [position for word in covered for position in word.positions]
    text = f"{before}{' '.join([MASK] * len(places))}{after}"
    return text, hide(encoding, places, lm.tokenizer.mask_id, encoding.masked_positions)


def _pieces_of(word: str, lm: LanguageModel) -> list[int]:
    """Ids of the pieces that spell a word, in capitals or not: a model that reads capitals has "He" and "he"."""
    found = [id_ for token, id_ in lm.tokenizer.vocabulary.items() if token.lower() == word]
    if not found:
        raise InputError("The vocabulary of {name} has no piece for {word}.", name=lm.name, word=word)
    return sorted(found)


def _log_probs(logits: Tensor, pieces: Sequence[Sequence[int]]) -> tuple[float, float]:
    """ln of the probability of each pronoun, its spellings added up."""
    log_probs = logits.double().log_softmax(dim=-1)
    he, she = (float(log_probs[list(each)].logsumexp(dim=-1)) for each in pieces)
    return he, she
