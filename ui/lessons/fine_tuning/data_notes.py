"""What is said about labelled data: what was left out of them, two guesses, measured statements, a challenge."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from figures.bars import percent
from lm_core.explain.questions import shuffled
from lm_core.text.examples import LONGEST_TEXT, Example
from ui.address.sources import OWN
from ui.frame.prediction import Question, predict_in_turn
from ui.i18n import _
from ui.lessons.fine_tuning.word_counts import duplicates, word_counts
from ui.plain import code_span
from ui.runs.labelled_data import ChosenData, data_source

_ASKED_ABOUT = 30  # held-out examples, three to a question
_OWN_ROWS = 12  # the challenge: lines of the reader's own


def notes_on_rows(data: ChosenData) -> None:
    """What of the reader's rows was left out or changed, and what stands in them twice."""
    tidied = data.tidied
    if tidied.blank:
        st.warning(_("Left out, having no text or no label: {rows} of the rows.").format(rows=f"{tidied.blank:,}"))
    if tidied.passed_over:
        st.warning(
            _("That is more than can be learned from here: {kept} rows are used, drawn by chance.").format(
                kept=f"{len(data.examples):,}"
            )
        )
    if tidied.cut:
        st.warning(
            _("Cut after {limit} characters: {texts} of the texts.").format(
                texts=f"{tidied.cut:,}", limit=f"{LONGEST_TEXT:,}"
            )
        )
    found = duplicates(data)
    if found.copies:
        st.warning(_("Copies of an earlier row, label and all: {rows} of the rows.").format(rows=f"{found.copies:,}"))
    if found.conflicts:
        first = found.conflicts[0]
        st.warning(
            _(
                "Texts with more than one label: {texts}, such as {text} with {labels}. No model can get all of "
                "them right."
            ).format(
                texts=f"{len(found.conflicts):,}",
                text=code_span(first.text),
                labels=", ".join(map(code_span, first.labels)),
            )
        )


def guess_about_data(data: ChosenData) -> None:
    """What one gets right without learning anything, and which of three texts is the hardest for counting."""
    rows = data.split.held_out.rows[:]
    order = shuffled(len(rows), data.key)[:_ASKED_ABOUT]
    threes = [tuple(order[start : start + 3]) for start in range(0, len(order) - 2, 3)]
    apart = [three for three in threes if _are_apart(data, three)]
    predict_in_turn(
        [(), *apart],
        lambda three: _hardest(data, three) if three else _always_the_same(data),
        series=f"labelled data {data.key}",
        is_on_page=lambda three: False,  # noqa: ARG005 (the page shows none of it)
    )


def what_to_notice(data: ChosenData) -> None:
    """How the rows are held apart, and what counting words alone is worth."""
    parts, counts = data.split, word_counts(data)
    kept_together = {
        "run": _("Rows that share five words in a row, or most of their words, stay on the same side"),
        "words": _("Rows that share most of their words stay on the same side"),
        "copy": _("Rows that say the same stay on the same side"),
    }
    st.markdown(
        _(
            "**Notice.** {train} examples are learned from, {held_out} are held out, the same share of each label. "
            "{together}: what is asked about has no twin in what was learned. Counting words (naive Bayes), without "
            "their order or meaning, gets **{accuracy}** of the held-out examples right: the line to beat."
        ).format(
            train=f"{len(parts.train.rows):,}",
            held_out=f"{len(parts.held_out.rows):,}",
            together=kept_together[parts.likeness],
            accuracy=percent(counts.accuracy),
        )
    )


def challenge(data: ChosenData) -> None:
    """Lines of the reader's own that cannot be told apart by counting words."""
    counts, balance = word_counts(data), data.tidied.examples.balance
    is_met = (
        data_source() == OWN
        and len(data.examples) >= _OWN_ROWS
        and len(set(balance.values())) == 1
        and counts.accuracy <= counts.always_right
    )
    if is_met:
        st.markdown(
            _(
                "**Challenge.** ✓ On your {rows} lines counting words gets {accuracy} right: no more than guessing."
            ).format(rows=len(data.examples), accuracy=percent(counts.accuracy))
        )
    else:
        st.markdown(
            _(
                "**Challenge.** Write {rows} lines or more of your own, as many of each label, that you can tell apart "
                "and counting words cannot: it gets no more right than guessing. What must such lines have in common?"
            ).format(rows=_OWN_ROWS)
        )


def _always_the_same(data: ChosenData) -> Question:
    """What it is worth to say the most frequent label always."""
    counts = word_counts(data)
    truth = percent(counts.always_right)
    others = (0.0, 1 / (2 * len(data.split.train.labels)), counts.accuracy, (1 + counts.always_right) / 2)
    wrong = list(dict.fromkeys(percent(other) for other in others if percent(other) != truth))[-2:]
    shares = sorted((counts.always_right, *(other for other in others if percent(other) in wrong)))
    return Question(
        text=_(
            "Somebody learns nothing and always says {label}, the most frequent label. In what share of the held-out "
            "examples is that right?"
        ).format(label=code_span(counts.most_frequent)),
        options=tuple(dict.fromkeys(map(percent, shares))),
        truth=truth,
        why=_("{count} of {total} held-out examples have this label.").format(
            count=data.split.held_out.balance[counts.most_frequent], total=len(data.split.held_out.rows)
        ),
    )


def _hardest(data: ChosenData, three: Sequence[int]) -> Question:
    """For which of three texts counting words finds the true label least probable."""
    rows: list[Example] = [data.split.held_out.rows[place] for place in three]
    probs = [word_counts(data).true_probs[place] for place in three]
    options = _("the first"), _("the second"), _("the third")
    listed = "\n".join(
        f"{number}. {code_span(row.text)} ({code_span(row.label)})" for number, row in enumerate(rows, 1)
    )
    return Question(
        text=f"{_('For which of these is it hardest to tell the label by counting words?')}\n{listed}",
        options=options,
        truth=options[probs.index(min(probs))],
        why=_("Naive Bayes gives the true labels {probs}.").format(probs=" / ".join(map(percent, probs))),
    )


def _are_apart(data: ChosenData, three: Sequence[int]) -> bool:
    """Whether one of three is clearly harder than the others."""
    lowest, second, *_others = sorted(word_counts(data).true_probs[place] for place in three)
    return second - lowest > 0.1
