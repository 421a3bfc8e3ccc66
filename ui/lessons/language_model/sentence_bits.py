"""The view of a sentence: its probability as a product, in bits token by token, by the model or by counting."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.sentences.bits import BitsText, bit_bars, in_bits
from lm_core.explain.questions import shuffled
from lm_core.explain.sentences.likelihood import pseudo_likelihoods
from lm_core.explain.sentences.ngram import split
from lm_core.explain.sentences.smoothing import score_sentence
from lm_core.explain.words.softmax import softmax_of
from ui.address.entries import index_option
from ui.address.session import change
from ui.appearance import theme
from ui.components.token_row import token_row
from ui.frame.controls import choice, switch
from ui.frame.figure import show_figure
from ui.frame.notebook import computed, imports
from ui.frame.numbers import Row, numbers
from ui.frame.prediction import Question, predict
from ui.frame.reading import read_sentence
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.language_model.ngrams import Counting, pick_counting
from ui.lessons.language_model.sentence_scores import Factor, Scored, by_counting, by_model
from ui.models.shelf import Reading
from ui.plain import code_span

_DRAWN = 64  # tokens; the table has all
_OPTIONS = 4  # tokens that a question names
_WORDS = 5  # that a sentence for the challenge needs
_SURE, _EXPECTED = 3.0, 8.0  # perplexities to stay below: of the model, of the counts


def show(_words: DeltaGenerator) -> Shown:
    """Who scores, the tokens, the bars, and the sum of the token that was clicked."""
    reading = read_sentence()
    scorers = {"model": _("The model"), "count": _("Counting")}
    by = choice(_("Who scores"), list(scorers), name="by", shown=lambda name: scorers[name], label_visible=False)
    counting = pick_counting() if by == "count" else None
    text = reading.view.sentence
    scored = by_model(reading) if counting is None else by_counting(counting, text)
    if switch(_("Let me guess first"), name="guess") and not _guess_the_surprise(reading, by, scored):
        return Shown(cells=computed(reading))
    picked = index_option("token", min(_DRAWN, len(scored.factors)))
    if picked is None:
        picked = max(range(len(scored.factors[:_DRAWN])), key=lambda place: scored.factors[place].bits)
    token_row(
        [factor.tile for factor in scored.factors[:_DRAWN]],
        key="token_row",
        labels={"hint": scored.hint, "token": scored.label},
        open_positions=range(min(_DRAWN, len(scored.factors))),
        picked=(picked,),
        on_pick=lambda place: change(token=place + 1),
        with_segments=False,
    )
    _figure(scored, picked, scorers[by])
    st.header(_("The whole sentence"), anchor=False)
    _product(scored, pseudo=counting is None)
    st.header(_("How {token} came to {bits} bits").format(**_named(scored.factors[picked])), anchor=False)
    scored.written_out(picked)
    factor = scored.factors[picked]
    st.latex(rf"-\log_2 {factor.probability:.6f} = {in_bits(factor.bits)}".replace("∞", r"\infty"))
    numbers(
        _table(scored),
        alt=_("Every token with its probability and its bits"),
        file_name="sentence-in-bits",
        number_format="%.6f",
    )
    functions: tuple[Callable[..., object], ...] = (score_sentence,) if counting else (pseudo_likelihoods, softmax_of)
    computation = (
        (counting.source, f"scored = score_sentence(ngrams, {text!r})\nscored.bits, scored.perplexity")
        if counting
        else (
            f"{imports(pseudo_likelihoods)}"
            f"(scored,) = pseudo_likelihoods(lm, [{text!r}])\n"
            "scored.bits, scored.perplexity",
        )
    )
    return Shown(
        functions,
        computed(reading, *computation),
        _notice(scored, pseudo=counting is None),
        _challenge(scored, counting, text),
    )


def _named(factor: Factor) -> dict[str, str]:
    """Token and bits for a sentence of Markdown."""
    return {"token": code_span(factor.text), "bits": in_bits(factor.bits)}


def _figure(scored: Scored, picked: int, who: str) -> None:
    """A bar for each token."""
    drawn = scored.factors[:_DRAWN]
    show_figure(
        bit_bars(
            [factor.text for factor in drawn],
            [factor.bits for factor in drawn],
            theme=theme(),
            text=BitsText(bits=_("surprise in bits = −log₂ p")),
            picked=picked,
        ),
        key="bits",
        file_name="sentence-in-bits",
        alt=_("{who}: the surprise of each token in bits: {tokens}").format(
            who=who, tokens=", ".join(f"{factor.text} {in_bits(factor.bits)}" for factor in drawn)
        ),
    )
    if len(drawn) < len(scored.factors):
        st.caption(
            _("The first {drawn} of {count} tokens are drawn; the table has all of them.").format(
                drawn=len(drawn), count=len(scored.factors)
            )
        )


def _product(scored: Scored, *, pseudo: bool) -> None:
    """The product, its sum in bits and the perplexity, with the numbers."""
    count = len(scored.factors)
    terms = [in_bits(factor.bits).replace("∞", r"\infty") for factor in scored.factors]
    if count > 4:  # a formula that scrolls sideways is out of the keyboard's reach
        terms = [*terms[:2], r"\dots", terms[-1]]
    name = r"\mathrm{PLL}" if pseudo else r"\log_2 p"
    total = in_bits(scored.bits).replace("∞", r"\infty")
    perplexity = f"{scored.perplexity:.2f}" if math.isfinite(scored.perplexity) else r"\infty"
    st.latex(
        rf"\begin{{aligned}} -{name} &= {' + '.join(terms)} \\ &= {total} \\"
        rf"\text{{perplexity}} &= 2^{{\,{total} / {count}}} = {perplexity} \end{{aligned}}"
    )
    if not math.isfinite(scored.bits):
        st.info(
            _(
                "One factor is 0, so the whole product is 0: a single word that the text never has in this place makes "
                "the sentence impossible. This is why counting needs smoothing, and a count for words that it does not "
                "know. Choose above."
            )
        )
    elif pseudo:
        st.markdown(
            _(
                "This is a pseudo-log-likelihood (Salazar et al. 2020), not the probability of the sentence. Each "
                "factor has already seen all the other words, on both sides, so their product counts what the words "
                "tell of each other several times; added up over all possible sentences it is not 1. It is good for "
                "comparing sentences of equal length."
            )
        )
    else:
        st.markdown(
            _(
                "This is a probability: each word given the words before it, and the end given them all (the chain "
                "rule). Added up over all possible sentences it makes 1."
            )
        )


def _table(scored: Scored) -> list[Row]:
    """A row for each token."""
    return [
        {
            _("position"): place,
            _("token"): factor.text,
            _("probability"): factor.probability,
            _("bits"): factor.bits,
        }
        for place, factor in enumerate(scored.factors, 1)
    ]


def _notice(scored: Scored, *, pseudo: bool) -> Sequence[str]:
    """Where the surprise lies."""
    most, least = (choose(scored.factors, key=lambda factor: factor.bits) for choose in (max, min))
    share = most.bits / scored.bits if scored.bits and math.isfinite(scored.bits) else None
    told = [
        _("{token} surprises most: {bits} bits, a probability of {probability}.").format(
            **_named(most), probability=percent(most.probability)
        ),
        _("{token} surprises least: {bits} bits, a probability of {probability}.").format(
            **_named(least), probability=percent(least.probability)
        ),
    ]
    if share is not None:
        told.append(
            _("One token of {count} carries {share} of all bits.").format(
                count=len(scored.factors), share=percent(share)
            )
        )
    if pseudo:
        told.append(_("Pieces that the rest gives away cost next to nothing, since the model sees both sides."))
    return told


def _challenge(scored: Scored, counting: Counting | None, text: str) -> str:
    """A sentence that the model could have written, or that is new to the text and yet expected."""
    if counting is not None:
        known = set(split(counting.text))
        is_new = len(scored.factors) > _WORDS and not any(sentence in known for sentence in split(text))
        if is_new and scored.perplexity < _EXPECTED:
            return _(
                "**Challenge.** ✓ New to the text, and yet a perplexity of {perplexity}. What made it so low?"
            ).format(perplexity=f"{scored.perplexity:.2f}")
        return _(
            "**Challenge.** Write a sentence of {count} words or more that the text does not have, with a perplexity "
            "below {limit}."
        ).format(count=_WORDS, limit=f"{_EXPECTED:g}")
    if len(scored.factors) >= _WORDS and scored.perplexity < _SURE:
        return _("**Challenge.** ✓ A perplexity of {perplexity}: the model could have written it.").format(
            perplexity=f"{scored.perplexity:.2f}"
        )
    return _("**Challenge.** Write a sentence of {count} tokens or more with a perplexity below {limit}.").format(
        count=_WORDS, limit=f"{_SURE:g}"
    )


def _guess_the_surprise(reading: Reading, by: str, scored: Scored) -> bool:
    """Which of some tokens surprises most; whether it has been answered, or there is nothing to ask."""
    by_text = {factor.text: factor for factor in scored.factors if math.isfinite(factor.bits)}
    named = list(by_text.values())
    if len(named) < 2:
        return True
    asked = [named[number] for number in sorted(shuffled(len(named), reading.view.sentence)[:_OPTIONS])]
    most = max(asked, key=lambda factor: factor.bits)
    question = Question(
        text=_("Which of these surprises most in your sentence?"),
        options=tuple(code_span(factor.text) for factor in asked),
        truth=code_span(most.text),
        why=", ".join(f"{code_span(factor.text)} {in_bits(factor.bits)}" for factor in asked) + ".",
    )
    return predict(question, key=f"bits {by} {reading.model.name} {reading.view.sentence}")
