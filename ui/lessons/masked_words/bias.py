"""The view of he and she: which of the two the model expects beside an occupation, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.words.dot_ranges import DotRangesText, DotRow, dot_ranges
from lm_core.explain.words.pronouns import Baseline, SentenceLeaning, fill_template, sentence_leanings
from ui.address.entries import text_entry
from ui.appearance import theme
from ui.frame.controls import choice, switch
from ui.frame.lesson import failures_told
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.masked_words.bias_check import cells, mean_written_out
from ui.lessons.masked_words.bias_notes import guess_the_occupation, what_it_shows, what_to_notice
from ui.lessons.masked_words.points import figure_to_click, one_of_many
from ui.lessons.masked_words.pronoun_leanings import OCCUPATIONS, TEMPLATES, OccupationLeaning, leanings
from ui.models.shelf import Reading

OWN = 12  # occupations that a reader can add
LONGEST_NAME = 40  # characters of one
LONGEST_TEMPLATE = 200


def show(words: DeltaGenerator) -> Shown:
    """A guess first, then every occupation with its mean and range, and one of them sentence by sentence.

    Args:
        words: the column of words, where what to notice, the caveats and the challenge stand.

    Raises:
        InputError: the vocabulary does not have both pronouns.
    """
    reading = read_sentence()
    if not guess_the_occupation(reading):
        with words:
            what_it_shows(reading)
        return Shown()
    baseline = _baseline()
    added = _own_occupations(reading)
    own_template = _own_template(reading)
    templates = TEMPLATES if own_template is None else (*TEMPLATES, own_template)
    occupations = (*OCCUPATIONS, *added)
    used = _templates_counted(templates)
    found = leanings(reading, occupations, used, baseline)
    names = [each.occupation for each in found]
    picked = found[names.index(one_of_many(_("Occupation"), names, name="job", default=names[0]))]
    _figure(found, picked, added)
    st.caption(
        _(
            "The score is ln p(he)/p(she), less the same with what it is compared with. {occupations} occupations "
            "× {templates} sentences = {count} sentences, each read once. The dot is the mean over the sentences, "
            "the line their range; they are no random sample of English, so that no confidence interval is drawn."
        ).format(occupations=len(found), templates=len(used), count=len(found) * len(used))
    )
    numbers(_rows(found), alt=_("Every occupation with its mean, range and sentences"), file_name="he-or-she")
    mean_written_out(picked)
    with words:
        what_to_notice(reading, found, leanings(reading, occupations, templates, baseline))
        what_it_shows(reading)
    return Shown(
        (sentence_leanings, SentenceLeaning.score, fill_template),
        cells(reading, occupations, used, baseline, picked.occupation),
    )


def _baseline() -> Baseline:
    """What is taken off each ratio."""
    names: dict[Baseline, str] = {
        "person": _("the word “person”"),
        "hidden": _("the occupation hidden"),
        "none": _("nothing"),
    }
    chosen = choice(_("Compared with"), list(get_args(Baseline)), name="baseline", shown=lambda name: names[_is(name)])
    return _is(chosen)


def _is(name: str) -> Baseline:
    """The baseline of this name."""
    return next(each for each in get_args(Baseline) if each == name)


def _own_occupations(reading: Reading) -> tuple[str, ...]:
    """What the reader adds to the list, as far as it can be asked about."""
    typed = text_entry(
        _("Your own occupations, with commas between them"),
        name="jobs",
        longest=OWN * LONGEST_NAME,
        placeholder=_("for example: astronaut, beekeeper"),
    )
    names = [" ".join(name.split())[:LONGEST_NAME] for name in re.split("[,;，；、\n]", typed)]
    seen = [name for name in dict.fromkeys(names) if reading.model.tokenizer.split(name)]
    fresh = [name for name in seen if name not in OCCUPATIONS]
    if len(fresh) > OWN:
        st.warning(_("The first {count} of them are taken.").format(count=OWN))
    taken = []
    for name in fresh[:OWN]:
        with failures_told():
            fill_template(TEMPLATES[0], name)
            taken.append(name)
    return tuple(taken)


def _own_template(reading: Reading) -> str | None:
    """A sentence of the reader's, if there is one that can be asked about; if not, the reader is told why."""
    typed = text_entry(
        _("Your own sentence, with [MASK] and {occupation} in it"),
        name="template",
        longest=LONGEST_TEMPLATE,
        placeholder="[MASK] wants to be a {occupation}.",
    ).strip()
    if not typed or typed in TEMPLATES:
        return None
    with failures_told():
        sentence_leanings(reading.model, [(OCCUPATIONS[0], typed)])
        return typed
    return None


def _templates_counted(templates: Sequence[str]) -> tuple[str, ...]:
    """All of them, or the reader's own alone."""
    if len(templates) == len(TEMPLATES):
        return tuple(templates)
    is_alone = switch(_("My sentence alone"), name="alone")
    return tuple(templates[-1:] if is_alone else templates)


def _figure(found: Sequence[OccupationLeaning], picked: OccupationLeaning, added: Sequence[str]) -> None:
    """A row for each occupation."""
    rows = [
        DotRow(
            each.occupation,
            each.mean,
            min(each.scores),
            max(each.scores),
            is_picked=each is picked,
            is_own=each.occupation in added,
        )
        for each in found
    ]
    figure_to_click(
        dot_ranges(
            rows,
            theme=theme(),
            text=DotRangesText(
                scale=_("score (nats)"),
                below=_("more “she”"),
                above=_("more “he”"),
                mean=_("mean"),
                spread=_("range"),
            ),
        ),
        [each.occupation for each in found],
        key="bias_points",
        name="job",
        file_name="he-or-she",
        alt=_("{count} occupations from the one that leans most to “she”, {first}, to “he”, {last}.").format(
            count=len(found), first=found[0].occupation, last=found[-1].occupation
        ),
    )


def _rows(found: Sequence[OccupationLeaning]) -> list[Row]:
    """A row for each occupation: mean, range, and each sentence."""
    return [
        {
            _("occupation"): each.occupation,
            _("mean"): each.mean,
            _("lowest"): min(each.scores),
            _("highest"): max(each.scores),
            **{_("sentence {number}").format(number=number): score for number, score in enumerate(each.scores, 1)},
        }
        for each in found
    ]
