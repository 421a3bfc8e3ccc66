"""The view of minimal pairs: which of two sentences the model prefers, and where the difference arises."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.sentences.bits import DifferenceText, difference_bars, in_bits, signed
from lm_core.errors import InputError
from lm_core.explain.sentences.likelihood import PieceLikelihood, PseudoLikelihood, pseudo_likelihoods
from lm_core.explain.sentences.pairs import Place, places
from ui.address.entries import text_entry
from ui.address.hiding import offered
from ui.address.session import change, widget_value
from ui.appearance import theme
from ui.frame.asked import likelihood
from ui.frame.controls import carried_over, switch
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.language_model.blimp import show_blimp
from ui.lessons.language_model.minimal_pair_examples import EXAMPLES
from ui.lessons.language_model.pairs_guess import guess_in_turn, guess_these
from ui.plain import code_span

_LONGEST = 300  # characters of a sentence


def show(words: DeltaGenerator) -> Shown:
    """The two sentences, the model's preference, and the bars that say where it comes from."""
    reading = read_sentence()
    first_text, second_text = _sentences()
    first, second = likelihood(reading, first_text), likelihood(reading, second_text)
    if first.encoding.input_ids == second.encoding.input_ids:
        raise InputError("To the model the two sentences are the same: change one of them in one place.")
    if first.encoding.truncated_at is not None or second.encoding.truncated_at is not None:
        raise InputError(
            "A sentence is longer than the model's {positions} positions: shorten it.",
            positions=reading.model.config.max_position_embeddings,
        )
    if switch(_("Let me guess first"), name="guess"):
        if not guess_these(reading, first_text, second_text):
            return Shown(cells=computed(reading))
    else:
        with words:
            guess_in_turn(reading, (first_text, second_text))
    found = places(first, second)
    _verdict(first, second)
    _figure(found)
    _sum(found, first, second)
    numbers(
        [_row(place) for place in found],
        alt=_("Where the sentences correspond: the bits of each and the difference"),
        file_name="minimal-pair",
    )
    show_blimp(reading)
    return Shown(
        (pseudo_likelihoods, places),
        computed(
            reading,
            f"{imports(pseudo_likelihoods, places)}"
            f"first, second = pseudo_likelihoods(lm, [{first_text!r}, {second_text!r}])\n"
            "first.bits, second.bits, [place.difference for place in places(first, second)]",
        ),
        _notice(found, first, second),
        _challenge(first, second),
    )


def _sentences() -> tuple[str, str]:
    """The two sentences: an example, or the reader's own."""
    if offered("pair_examples", _("Examples")):
        carried_over(
            _("Examples"),
            range(len(EXAMPLES)),
            key="pair_examples",
            placeholder=_("Pick an example"),
            on_pick=_pick,
            shown=lambda number: f"{_(EXAMPLES[number].phenomenon)}: {EXAMPLES[number].good}",
        )
    default = EXAMPLES[0].sentences
    typed = [
        text_entry(label, name=name, longest=_LONGEST, placeholder=placeholder)
        for label, name, placeholder in (
            (_("First sentence (English)"), "one", default[0]),
            (_("Second sentence (English)"), "other", default[1]),
        )
    ]
    if not any(each.strip() for each in typed):
        return default
    if not all(each.strip() for each in typed):
        raise InputError("Type a second sentence, too.")
    return typed[0], typed[1]


def _pick() -> None:
    """Bring an example into the two boxes."""
    number = widget_value("pair_examples")
    if number is not None:
        first, second = EXAMPLES[number].sentences
        change(one=first, other=second)


def _verdict(first: PseudoLikelihood, second: PseudoLikelihood) -> None:
    """Which of the two is more probable, and by how much."""
    better, worse = sorted((first, second), key=lambda each: each.bits)
    st.header(_("The model prefers"), anchor=False)
    st.markdown(
        _("{sentence} with {bits} bits; the other one costs {other}, that is {more} more.").format(
            sentence=f"**{code_span(better.encoding.text)}**",
            bits=in_bits(better.bits),
            other=in_bits(worse.bits),
            more=in_bits(worse.bits - better.bits),
        )
    )


def _said(pieces: Sequence[PieceLikelihood]) -> str:
    """What stands in a place; a dash where nothing does."""
    return " ".join(piece.token for piece in pieces) or "–"


def _label(place: Place) -> str:
    """The same for both sentences."""
    return _said(place.first) if place.is_same else f"{_said(place.first)} | {_said(place.second)}"


def _figure(found: Sequence[Place]) -> None:
    """A bar for each place."""
    labels = [_label(place) for place in found]
    differences = [place.difference for place in found]
    show_figure(
        difference_bars(
            labels,
            differences,
            theme=theme(),
            text=DifferenceText(bits=_("bits"), first=_("speaks for the first →"), second=_("← speaks for the second")),
        ),
        key="difference",
        file_name="minimal-pair",
        alt=_("How many bits more the second sentence costs in each place: {places}").format(
            places=", ".join(f"{label} {signed(each)}" for label, each in zip(labels, differences, strict=True))
        ),
    )


def _sum(found: Sequence[Place], first: PseudoLikelihood, second: PseudoLikelihood) -> None:
    """The sum of all bars is the difference of the two sentences."""
    st.header(_("How this number came about"), anchor=False)
    terms = [f"{place.difference:+.2f}" for place in found]
    shown = [*terms[:3], r"\dots", terms[-1]] if len(terms) > 4 else terms
    total = f"{second.bits - first.bits:.2f}"
    st.latex(
        rf"\begin{{aligned}} &{in_bits(second.bits)} - {in_bits(first.bits)} \\"
        rf"&= {' '.join(shown)} \\ &= {total} \end{{aligned}}"
    )
    st.markdown(
        _(
            "Each piece of each sentence was hidden once, alone; its bits are −log₂ of the probability of what stood "
            "there. The bits of a sentence are added up (its pseudo-log-likelihood, Salazar et al. 2020), and the "
            "sentence with fewer is preferred. The view “A sentence” writes out every single probability."
        )
    )


def _row(place: Place) -> Row:
    """A row of the table."""
    first, second = (sum(piece.bits for piece in pieces) for pieces in (place.first, place.second))
    return {
        _("first sentence"): _said(place.first),
        _("bits of the first"): first,
        _("second sentence"): _said(place.second),
        _("bits of the second"): second,
        _("difference"): place.difference,
    }


def _notice(found: Sequence[Place], first: PseudoLikelihood, second: PseudoLikelihood) -> list[str]:
    """Where the difference arises: at the changed word, or at those that now fit it less."""
    changed = [place for place in found if not place.is_same]
    here = sum(place.difference for place in changed)
    told = [
        _("In the place that was changed the difference is {here} bits, everywhere else together {elsewhere}.").format(
            here=signed(here), elsewhere=signed(second.bits - first.bits - here)
        )
    ]
    same = [place for place in found if place.is_same]
    if same:
        most = max(same, key=lambda place: abs(place.difference))
        told.append(
            _("Of the words that both have, {word} is moved most: {bits} bits. It is judged by its neighbours.").format(
                word=code_span(_said(most.first)), bits=signed(most.difference)
            )
        )
    words = len(first.encoding.words), len(second.encoding.words)
    counts = len(first.pieces), len(second.pieces)
    if words[0] != words[1]:
        told.append(
            _(
                "The first has {first} words and the second {second}: every word costs bits, so compare with care."
            ).format(first=words[0], second=words[1])
        )
    elif counts[0] != counts[1]:
        told.append(
            _(
                "A word falls into pieces here. Each of them is asked for while the others stand there and give it "
                "away: such words look cheaper than they are (Kauf & Ivanova 2023)."
            )
        )
    return told


def _challenge(first: PseudoLikelihood, second: PseudoLikelihood) -> str:
    """An example of ours where the model prefers the wrong one."""
    texts = {first.encoding.text: first.bits, second.encoding.text: second.bits}
    for example in EXAMPLES:
        if texts.keys() == {example.good, example.bad} and texts[example.bad] < texts[example.good]:
            return _("**Challenge.** ✓ Here the model prefers the bad one. Which words misled it?")
    return _(
        "**Challenge.** Among the examples, find one where the model prefers the sentence that is not good English."
    )
