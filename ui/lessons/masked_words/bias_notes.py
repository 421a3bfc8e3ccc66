"""What is said about he and she: a guess, measured statements, a challenge, what the figure shows and what not."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import streamlit as st

from lm_core.explain.questions import shuffled
from ui.address.session import SHIPPED_MODEL, option
from ui.frame.controls import switch
from ui.frame.notice import listed
from ui.frame.prediction import Question, predict, show_score
from ui.i18n import _
from ui.lessons.masked_words.pronoun_leanings import OCCUPATIONS, TEMPLATES, OccupationLeaning, leanings
from ui.models.shelf import Reading
from ui.plain import code_span


def guess_the_occupation(reading: Reading) -> bool:
    """Ask which of two occupations leans more to "she", before the figure says it.

    The question is about our own sentences and one baseline, whatever the controls say, so that one answer is enough.

    Returns:
        Whether the figure is to be shown: the reader has answered, or goes without.
    """
    if option("open") != "on":
        first, second = _far_apart(leanings(reading, OCCUPATIONS, TEMPLATES, "person"), reading.model.name)
        if predict(_which_leans_more(first, second), key=f"bias {reading.model.name}"):
            show_score()
            return True
    return switch(_("Show the figure without a guess"), name="open")


def _which_leans_more(first: OccupationLeaning, second: OccupationLeaning) -> Question:
    """The question, with both means."""
    names = [code_span(each.occupation) for each in (first, second)]
    return Question(
        text=_(
            "In the gap of {count} sentences “he” can stand, or “she”. Which of these two words moves the model more "
            "to “she”?"
        ).format(count=len(first.sentences)),
        options=tuple(names),
        truth=names[int(second.mean < first.mean)],
        why=_("The mean is {one} for {first} and {other} for {second}; below 0 is towards “she”.").format(
            one=f"{first.mean:+.2f}", first=names[0], other=f"{second.mean:+.2f}", second=names[1]
        ),
    )


def _far_apart(found: Sequence[OccupationLeaning], text: str) -> tuple[OccupationLeaning, OccupationLeaning]:
    """Two whose ranges do not overlap, if there are such: every sentence says the same. Which two, the text fixes."""
    by_name = sorted(found, key=lambda each: each.occupation)
    order = [by_name[place] for place in shuffled(len(by_name), text)]
    pairs = [(one, other) for place, one in enumerate(order) for other in order[place + 1 :]]
    for one, other in pairs:
        if max(one.scores) < min(other.scores) or max(other.scores) < min(one.scores):
            return one, other
    return max(pairs, key=lambda pair: abs(pair[0].mean - pair[1].mean))


def what_to_notice(
    reading: Reading, found: Sequence[OccupationLeaning], everything: Sequence[OccupationLeaning]
) -> None:
    """What the scores have in common, in numbers, and a challenge that they judge.

    Args:
        reading: whose model was asked.
        found: as the figure shows them.
        everything: with the reader's own sentence as the last, if there is one, even where the figure shows it alone.
    """
    he = sum(min(each.scores) > 0 for each in found)
    she = sum(max(each.scores) < 0 for each in found)
    statements = [
        _(
            "{he} of {count} occupations lean to “he” in every sentence, {she} to “she” in every sentence; for the "
            "other {rest} it hangs on the sentence."
        ).format(he=he, she=she, count=len(found), rest=len(found) - he - she)
    ]
    person = statistics.fmean(sentence.person.log_ratio for sentence in found[0].sentences)
    statements.append(
        _(
            "Of a “person”, “he” has {times} times the probability of “she”, in the geometric mean: a preference "
            "that no occupation causes. What the scores are compared with takes it off."
        ).format(times=f"{math.exp(person):.2f}")
    )
    widest = max(found, key=lambda each: max(each.scores) - min(each.scores))
    if len(widest.scores) > 1:
        statements.append(
            _("The sentence matters: {occupation} goes from {lowest} to {highest}.").format(
                occupation=code_span(widest.occupation),
                lowest=f"{min(widest.scores):+.2f}",
                highest=f"{max(widest.scores):+.2f}",
            )
        )
    encodings = [reading.model.encode(each.occupation) for each in found]
    statements.append(
        _(
            "{count} of these words were too rare in the texts to become a piece: the model spells them out, and can "
            "have learned little about them."
        ).format(count=sum(any(len(word.positions) > 1 for word in encoding.words) for encoding in encodings))
    )
    st.markdown(listed(_("**Notice.** Measured just now:"), statements))
    turned = _turned_around(everything)
    if turned is None:
        st.markdown(
            _(
                "**Challenge.** Write a sentence of your own that turns an occupation around: in each of our {count} "
                "it leans to one side, and in yours to the other."
            ).format(count=len(TEMPLATES))
        )
    else:
        st.markdown(
            _("**Challenge.** ✓ Your sentence turns {occupation} around. What in it does that?").format(
                occupation=code_span(turned.occupation)
            )
        )


def _turned_around(everything: Sequence[OccupationLeaning]) -> OccupationLeaning | None:
    """An occupation that leans one way in all of our sentences and the other way in the reader's, if there is one."""
    for each in everything:
        *ours, own = each.scores
        if len(ours) == len(TEMPLATES) and (max(ours) < 0 < own or own < 0 < min(ours)):
            return each
    return None


def what_it_shows(reading: Reading) -> None:
    """What such numbers say, and what they do not say."""
    st.markdown(
        _(
            "**What this shows.** What this model expects in these sentences, after what it has read: above all "
            "Wikipedia of 2015, old novels, film reviews and children’s stories. Word vectors carry such associations "
            "(Bolukbasi et al. 2016); the score is that of Kurita et al. (2019)."
        )
        if reading.model.name == SHIPPED_MODEL
        else _(
            "**What this shows.** What this model expects in these sentences, after what it has read. Word vectors "
            "carry such associations (Bolukbasi et al. 2016); the score is that of Kurita et al. (2019)."
        )
    )
    limits = (
        _("Two pronouns are not all people."),
        _("Our sentences and occupations are a choice, not the use of the language; the ranges show what it does."),
        _(
            "No figure about who has these occupations stands here: whether the model repeats the world, exaggerates "
            "it or misses it cannot be read off."
        ),
        _(
            "A score away from 0 does not say who would be harmed, how, and in what use of the model. That has to be "
            "argued (Blodgett et al. 2020)."
        ),
        _("It is one model; another one, or the same after more training, gives other numbers."),
    )
    st.markdown(listed(_("**And what not.**"), limits))
    st.caption(
        _(
            "Bolukbasi et al. 2016: Man is to computer programmer as woman is to homemaker? NeurIPS. Kurita et al. "
            "2019: Measuring bias in contextualized word representations. GeBNLP. Blodgett et al. 2020: Language "
            "(technology) is power. ACL."
        )
    )
